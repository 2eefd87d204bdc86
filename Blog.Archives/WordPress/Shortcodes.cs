using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Blog.Archives.Html;

namespace Blog.Archives.WordPress;

/// <summary>WordPress's own markup in square brackets, as the HTML it stands for (developer.wordpress.org, Shortcode API).</summary>
static partial class Shortcodes
{
    // Attributes that name what is played, the wanted first.
    static readonly string[] Sources = ["src", "mp4", "mp3", "url", "m4v", "webm", "ogv", "mov", "wmv", "flv", "m4a", "ogg", "wav", "wma", "flac"];

    /// <param name="html">A post's content.</param>
    /// <param name="parts">Where attachments are, by their ids.</param>
    /// <param name="post">The post's id.</param>
    /// <param name="notes">Gets what is not known and stays as it is.</param>
    public static string Replaced(string html, SiteParts parts, string post, ICollection<string> notes)
    {
        html = Latex().Replace(html, match => $"<{HtmlToMarkdown.FormulaTag}>{match.Groups["tex"].Value.Trim()}</{HtmlToMarkdown.FormulaTag}>");
        if (!html.Contains('[', StringComparison.Ordinal)) return html;
        // In double brackets one is shown, not meant.
        html = Shown().Replace(html, match => $"&#91;{match.Groups["code"].Value}&#93;");
        html = Caption().Replace(html, match => CaptionHtml(match.Groups["inner"].Value, Attributes(match.Groups["attributes"].Value)));
        html = CodeBlock().Replace(html, match => $"<pre class=\"language-{LanguageOf(match)}\">{match.Groups["inner"].Value.Trim('\r', '\n').Replace("<", "&lt;", StringComparison.Ordinal)}</pre>");
        html = Embed().Replace(html, match => $"<p>{match.Groups["inner"].Value.Trim()}</p>");
        html = Gallery().Replace(html, match => GalleryHtml(Attributes(match.Groups["attributes"].Value), parts, post, notes));
        html = Playlist().Replace(html, match => PlaylistHtml(Attributes(match.Groups["attributes"].Value), parts, notes));
        html = Media().Replace(html, match => MediaHtml(match.Groups["name"].Value, match.Groups["attributes"].Value) ?? match.Value);
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

    // Without ids a gallery shows what was uploaded to its post.
    static string GalleryHtml(Dictionary<string, string> attributes, SiteParts parts, string post, ICollection<string> notes)
    {
        var ids = Ids(attributes) is { Length: > 0 } named ? named : [.. parts.PicturesOf(attributes.GetValueOrDefault("id", post)).Except(attributes.GetValueOrDefault("exclude", "").Split(',', StringSplitOptions.TrimEntries)).Take(500)];
        var pictures = Found(ids, parts, "gallery", notes);
        return $"<figure>{string.Concat(pictures.Select(picture => $"<figure><img src=\"{WebUtility.HtmlEncode(picture.Address)}\" alt=\"{WebUtility.HtmlEncode(picture.Alt)}\">{(picture.Caption.Length > 0 ? $"<figcaption>{WebUtility.HtmlEncode(picture.Caption)}</figcaption>" : "")}</figure>"))}</figure>";
    }

    static string PlaylistHtml(Dictionary<string, string> attributes, SiteParts parts, ICollection<string> notes) =>
        string.Concat(Found(Ids(attributes), parts, "playlist", notes).Select(piece => $"<p><a href=\"{WebUtility.HtmlEncode(piece.Address)}\">{WebUtility.HtmlEncode(piece.Title.Length > 0 ? piece.Title : piece.Address)}</a></p>"));

    static string[] Ids(Dictionary<string, string> attributes) => [.. attributes.GetValueOrDefault("ids", attributes.GetValueOrDefault("include", "")).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(500)];

    static List<Attachment> Found(string[] ids, SiteParts parts, string of, ICollection<string> notes)
    {
        var found = ids.Select(parts.Find).OfType<Attachment>().ToList();
        if (found.Count == 0) notes.Add($"nothing of a {of} is in the export");
        else if (found.Count < ids.Length) notes.Add(string.Create(CultureInfo.InvariantCulture, $"{ids.Length - found.Count} of the {ids.Length} pieces of a {of} are not in the export"));
        return found;
    }

    /// <summary>Text without its markup.</summary>
    public static string Plain(string html) => MarkdownText.Collapsed(WebUtility.HtmlDecode(Regex.Replace(html, "<[^<>]*>", " ", RegexOptions.NonBacktracking)));

    // Null: it names nothing that can be shown, and stays as text.
    static string? MediaHtml(string name, string attributes)
    {
        var named = Attributes(attributes);
        var address = Sources.Select(source => named.GetValueOrDefault(source)).OfType<string>().FirstOrDefault() ?? attributes.Trim().TrimStart('=').Trim('"', ' ');
        if (name is "vimeo" && address.All(char.IsAsciiDigit)) address = $"https://vimeo.com/{address}";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? $"<p>{WebUtility.HtmlEncode(address)}</p>" : null;
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

    [GeneratedRegex(@"\[playlist(?<attributes>\s[^\]]*)?\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Playlist();

    [GeneratedRegex(@"\[\[(?<code>/?(?:wp_caption|caption|gallery|playlist|embed|audio|video|code|sourcecode|youtube|vimeo|soundcloud)\b[^\[\]]*)\]\]", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Shown();

    // WordPress.com's formulas; the tail sets colours.
    [GeneratedRegex(@"\$latex\s+(?<tex>[^$<]{1,5000}?)(?:&(?:amp;|\#038;)?(?:bg|fg|s)=[0-9A-Za-z]+)*\$", RegexOptions.None, 1000)]
    private static partial Regex Latex();

    [GeneratedRegex(@"\[(?<name>youtube|vimeo|audio|video|soundcloud|tweet)(?<attributes>[\s=][^\]]*)\](?:\s*\[/\k<name>\])?", RegexOptions.IgnoreCase, 1000)]
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
