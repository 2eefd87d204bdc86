using System.Globalization;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Blog.Content.Text;
using Blog.ServiceDefaults.Net;

namespace Blog.Content.Links;

/// <summary>An answer of an oEmbed provider (oembed.com, section 2.3).</summary>
sealed record OEmbed(string Title, string Author, string AuthorAddress, string Provider, Uri? Thumbnail, LinkFrame? Frame, string Quote)
{
    const int LongestQuote = 2_000;

    /// <summary>Null: it is no such answer.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="provider">Its address, to which others are relative.</param>
    public static OEmbed? Read(byte[] json, Uri provider)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            var root = answer.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            using var html = new HtmlParser().ParseDocument(Text(root, "html"));
            return new(
                PageFacts.Line(Text(root, "title"), PageFacts.LongestTitle),
                PageFacts.Line(Text(root, "author_name"), PageFacts.LongestName),
                PageFacts.Line(Text(root, "author_url"), LinkAddress.Longest),
                PageFacts.Line(Text(root, "provider_name"), PageFacts.LongestName),
                Uri.TryCreate(provider, Text(root, "thumbnail_url"), out var thumbnail) && thumbnail != provider && thumbnail.Scheme is "http" or "https" ? thumbnail : null,
                FrameOf(html, Number(root, "width"), Number(root, "height")),
                QuoteOf(html));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Only an address is taken of what the provider would have put into the page, and only of players we know.
    static LinkFrame? FrameOf(IDocument html, int width, int height)
    {
        if (html.QuerySelector("iframe[src]")?.GetAttribute("src") is not { } source || !Uri.TryCreate(source.StartsWith("//", StringComparison.Ordinal) ? "https:" + source : source, UriKind.Absolute, out var address))
            return null;
        if (address.Host is "www.youtube.com" or "youtube.com")
            address = new UriBuilder(address) { Host = "www.youtube-nocookie.com" }.Uri;
        return FrameHosts.Has(address) && address.AbsoluteUri.Length <= LinkAddress.Longest ? new(address.AbsoluteUri, width, height) : null;
    }

    static string QuoteOf(IDocument html)
    {
        var lines = new List<string>();
        foreach (var unseen in html.QuerySelectorAll("script, style, template").ToArray())
            unseen.Remove();
        foreach (var paragraph in html.QuerySelectorAll("blockquote > p"))
        {
            foreach (var end in paragraph.QuerySelectorAll("br").ToArray())
                end.Replace(html.CreateTextNode("\n"));
            lines.AddRange(paragraph.TextContent.Split('\n').Select(line => PageFacts.Line(line, LongestQuote)).Where(line => line.Length > 0));
        }
        var quote = string.Join('\n', lines);
        return quote.Length <= LongestQuote ? quote : "";
    }

    static string Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // Some say "100%", some say 480.0, some a string.
    static int Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetDouble(out var number) ? number : 0,
        JsonValueKind.String => double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0,
        _ => 0,
    } is >= 1 and <= 10_000 and var size ? (int)size : 0;
}
