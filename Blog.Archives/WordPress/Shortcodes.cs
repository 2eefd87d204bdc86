using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Blog.Archives.WordPress;

/// <summary>WordPress's own markup in square brackets, as the HTML it stands for (developer.wordpress.org, Shortcode API).</summary>
static partial class Shortcodes
{
    /// <param name="html">A post's content.</param>
    /// <param name="attachment">The address of an attachment, by its id.</param>
    /// <param name="notes">Gets what is not known and stays as it is.</param>
    public static string Replaced(string html, Func<string, string?> attachment, ICollection<string> notes)
    {
        if (!html.Contains('[', StringComparison.Ordinal)) return html;
        html = Caption().Replace(html, match => CaptionHtml(match.Groups["inner"].Value, Attributes(match.Groups["attributes"].Value)));
        html = CodeBlock().Replace(html, match => $"<pre class=\"language-{LanguageOf(match)}\">{match.Groups["inner"].Value.Trim('\r', '\n').Replace("<", "&lt;", StringComparison.Ordinal)}</pre>");
        html = Embed().Replace(html, match => $"<p>{match.Groups["inner"].Value.Trim()}</p>");
        html = Gallery().Replace(html, match => GalleryHtml(Attributes(match.Groups["attributes"].Value), attachment));
        html = Media().Replace(html, match => MediaHtml(match.Groups["name"].Value, match.Groups["attributes"].Value));
        foreach (var name in Unknown().Matches(html).Select(match => match.Groups["name"].Value).Distinct())
            notes.Add($"the shortcode [{name}] means nothing here and stays as text");
        return html;
    }

    static string CaptionHtml(string inner, Dictionary<string, string> attributes)
    {
        // Before WordPress 3.4 the caption was an attribute; since then it follows the picture.
        var end = Picture().Match(inner);
        var picture = end.Success ? end.Value : inner;
        var caption = attributes.GetValueOrDefault("caption") ?? (end.Success ? inner[(end.Index + end.Length)..] : "");
        return $"<figure>{picture}<figcaption>{caption.Trim()}</figcaption></figure>";
    }

    static string GalleryHtml(Dictionary<string, string> attributes, Func<string, string?> attachment)
    {
        var pictures = attributes.GetValueOrDefault("ids", attributes.GetValueOrDefault("include", "")).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Take(500).Select(attachment).OfType<string>();
        return $"<figure>{string.Concat(pictures.Select(address => $"<figure><img src=\"{WebUtility.HtmlEncode(address)}\"></figure>"))}</figure>";
    }

    static string MediaHtml(string name, string attributes)
    {
        var named = Attributes(attributes);
        var address = named.GetValueOrDefault("src") ?? named.GetValueOrDefault("mp4") ?? named.GetValueOrDefault("mp3") ?? named.GetValueOrDefault("url") ?? attributes.Trim().TrimStart('=').Trim('"', ' ');
        if (name is "vimeo" && address.All(char.IsAsciiDigit)) address = $"https://vimeo.com/{address}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? $"<p>{WebUtility.HtmlEncode(address)}</p>" : "";
    }

    static string LanguageOf(Match match)
    {
        var attributes = Attributes(match.Groups["attributes"].Value);
        var name = match.Groups["name"].Value.ToLowerInvariant();
        return new string([.. (attributes.GetValueOrDefault("language") ?? attributes.GetValueOrDefault("lang") ?? (name is "code" or "sourcecode" ? "" : name)).Where(char.IsAsciiLetterOrDigit)]);
    }

    static Dictionary<string, string> Attributes(string text)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Attribute().Matches(text))
            attributes[match.Groups["name"].Value] = match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["bare"].Value;
        return attributes;
    }

    // Each has a second at most: the text is a stranger's.
    [GeneratedRegex(@"\[(?:wp_)?caption\b(?<attributes>[^\]]*)\](?<inner>(?s:.*?))\[/(?:wp_)?caption\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Caption();

    [GeneratedRegex(@"\[(?<name>code|sourcecode|bash|css|cpp|csharp|go|html|java|javascript|js|php|python|ruby|rust|shell|sql|xml)(?<attributes>\s[^\]]*)?\](?<inner>(?s:.*?))\[/\k<name>\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\[embed(?:\s[^\]]*)?\](?<inner>[^\[]*)\[/embed\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Embed();

    [GeneratedRegex(@"\[gallery(?<attributes>\s[^\]]*)?\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Gallery();

    [GeneratedRegex(@"\[(?<name>youtube|vimeo|audio|video|soundcloud|tweet|playlist)(?<attributes>[\s=][^\]]*)\](?:\s*\[/\k<name>\])?", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Media();

    [GeneratedRegex(@"\[(?<name>[a-z][a-z0-9_-]{2,40})(?:\s+[a-z_-]+=[^\]]*)?\](?=(?s:.*?)\[/\k<name>\])|\[(?<name>[a-z][a-z0-9_-]{2,40})\s+[a-z_-]+=[""'][^\]]*\]", RegexOptions.None, 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\A\s*(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Picture();

    [GeneratedRegex("""(?<name>[A-Za-z_-]+)\s*=\s*(?:["'“”](?<quoted>[^"'“”]*)["'“”]|(?<bare>[^\s"'\]]+))""", RegexOptions.None, 1000)]
    private static partial Regex Attribute();

    /// <summary>The largest number a WordPress id can be has fewer digits.</summary>
    internal static bool IsId(string text) => text.Length is > 0 and < 20 && text.All(char.IsAsciiDigit) && long.TryParse(text, CultureInfo.InvariantCulture, out _);
}
