using System.Text;
using AngleSharp.Html.Parser;
using Blog.ServiceDefaults.Text;

namespace Blog.Content.Links;

/// <summary>What a page says of itself, by Open Graph (ogp.me), X cards or plain HTML, and where it says more (oembed.com, section 4).</summary>
sealed record PageFacts(string Title, string Description, string Site, Uri? Picture, Uri? OEmbed)
{
    /// <summary>Characters.</summary>
    public const int LongestTitle = 200, LongestDescription = 300, LongestName = 80;

    /// <param name="page">Bytes of HTML; may end anywhere.</param>
    /// <param name="charset">As the server says; null: as the page says.</param>
    /// <param name="address">Of the page.</param>
    public static PageFacts Read(byte[] page, string? charset, Uri address)
    {
        using var document = Parse(page, charset);
        var metas = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var meta in document.QuerySelectorAll("meta[content]"))
            if ((meta.GetAttribute("property") ?? meta.GetAttribute("name")) is { Length: > 0 } name)
                metas.TryAdd(name, meta.GetAttribute("content")!);
        string First(params string[] names) => names.Select(name => metas.GetValueOrDefault(name)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "";
        return new(
            Line(First("og:title", "twitter:title") is { Length: > 0 } title ? title : document.QuerySelector("head > title, title")?.TextContent, LongestTitle),
            Line(First("og:description", "twitter:description", "description"), LongestDescription),
            Line(First("og:site_name") is { Length: > 0 } site ? site : Host(address), LongestName),
            Absolute(address, First("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")),
            Absolute(address, document.QuerySelector("link[rel~=alternate][type='application/json+oembed'][href]")?.GetAttribute("href")));
    }

    /// <summary>A host as people say it.</summary>
    public static string Host(Uri address) => address.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address.Host[4..] : address.Host;

    /// <summary>One line without control characters, of at most so many characters.</summary>
    public static string Line(string? text, int longest)
    {
        var line = new StringBuilder();
        foreach (var rune in Normalizable.Characters(text ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                    line.Append(' ');
                continue;
            }
            if (line.Length + rune.Utf16SequenceLength > longest)
                return line.ToString().TrimEnd() + "…";
            line.Append(rune);
        }
        return line.ToString().TrimEnd();
    }

    static AngleSharp.Html.Dom.IHtmlDocument Parse(byte[] page, string? charset)
    {
        var parser = new HtmlParser();
        if (charset is { Length: > 0 } && EncodingOf(charset) is { } encoding)
            return parser.ParseDocument(encoding.GetString(page));
        using var stream = new MemoryStream(page);
        return parser.ParseDocument(stream);
    }

    static Encoding? EncodingOf(string charset)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static Uri? Absolute(Uri page, string? address) =>
        address is { Length: > 0 and < 4_000 } && Uri.TryCreate(page, address.Trim(), out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
