using System.Net;
using System.Text;
using System.Text.Json;
using Blog.Archives.Html;

namespace Blog.Archives.Ghost;

/// <summary>Ghost's cards as HTML. Both of its editors keep the same cards under the same names.</summary>
static class Card
{
    /// <returns>Null when this kind is not known.</returns>
    public static string? Html(string kind, JsonElement card) => kind switch
    {
        "image" => $"<figure{Width(Text(card, "cardWidth"))}>{Image(card)}{Caption(Text(card, "caption"))}</figure>",
        // Ghost shows every gallery wide.
        "gallery" => $"<figure{Width("wide")}>{string.Concat(Items(card, "images").Select(image => $"<figure>{Image(image)}</figure>"))}{Caption(Text(card, "caption"))}</figure>",
        "codeblock" or "code" => Figure($"<pre class=\"language-{Encoded(Text(card, "language"))}\">{Encoded(Text(card, "code"))}</pre>", Text(card, "caption")),
        "html" => Text(card, "html"),
        "markdown" or "card-markdown" => $"<{HtmlToMarkdown.MarkdownTag}>{Encoded(Text(card, "markdown"))}</{HtmlToMarkdown.MarkdownTag}>",
        "horizontalrule" or "hr" => "<hr>",
        "bookmark" => Bookmark(card),
        "embed" => Figure($"<p>{Encoded(Text(card, "url"))}</p>", Text(card, "caption")),
        "callout" => $"<blockquote><p>{Encoded(Text(card, "calloutEmoji"))} {Text(card, "calloutText")}</p></blockquote>",
        "toggle" => $"<details><summary>{Text(card, "heading")}</summary>{Text(card, "content")}</details>",
        "button" => Link(Text(card, "buttonUrl"), Text(card, "buttonText")),
        "call-to-action" => $"{Text(card, "textValue")}{Link(Text(card, "buttonUrl"), Text(card, "buttonText"))}",
        "video" or "audio" => Figure($"<p>{Encoded(Text(card, "src"))}</p>", Text(card, "caption") is { Length: > 0 } caption ? caption : Encoded(Text(card, "title"))),
        "file" => Link(Text(card, "src"), Text(card, "fileTitle") is { Length: > 0 } title ? title : Text(card, "fileName")),
        "header" => $"<h2>{Text(card, "header")}</h2><p>{Text(card, "subheader")}</p>{Link(Text(card, "buttonUrl"), Text(card, "buttonText"))}",
        "product" => $"{(Text(card, "productImageSrc") is { Length: > 0 } picture ? $"<figure><img src=\"{Encoded(picture)}\"></figure>" : "")}<h4>{Text(card, "productTitle")}</h4>{Text(card, "productDescription")}{Link(Text(card, "productUrl"), Text(card, "productButton"))}",
        "transistor" => "",
        // Said to readers of mail, or asking them to pay: not the text.
        "signup" or "paywall" or "email" or "email-cta" => "",
        _ => null,
    };

    public static string Text(JsonElement card, string name) => card.ValueKind is JsonValueKind.Object && card.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        _ => "",
    } : "";

    public static IEnumerable<JsonElement> Items(JsonElement card, string name) =>
        card.ValueKind is JsonValueKind.Object && card.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : [];

    public static string Encoded(string text) => WebUtility.HtmlEncode(text);

    static string Image(JsonElement image)
    {
        var picture = $"<img src=\"{Encoded(Text(image, "src"))}\" alt=\"{Encoded(Text(image, "alt"))}\"{(Text(image, "title") is { Length: > 0 } title ? $" title=\"{Encoded(title)}\"" : "")}>";
        return Text(image, "href") is { Length: > 0 } address ? $"<a href=\"{Encoded(address)}\">{picture}</a>" : picture;
    }

    static string Bookmark(JsonElement card)
    {
        var metadata = card.ValueKind is JsonValueKind.Object && card.TryGetProperty("metadata", out var known) ? known : card;
        var html = new StringBuilder($"<p><a href=\"{Encoded(Text(card, "url"))}\">{Encoded(Text(metadata, "title") is { Length: > 0 } title ? title : Text(card, "url"))}</a></p>");
        if (Text(metadata, "description") is { Length: > 0 } description) html.Append("<p>").Append(Encoded(description)).Append("</p>");
        return html.Append(Text(card, "caption") is { Length: > 0 } caption ? $"<p>{caption}</p>" : "").ToString();
    }

    static string Figure(string content, string caption) => $"<figure>{content}{Caption(caption)}</figure>";

    static string Width(string width) => width is "wide" or "full" ? $" class=\"kg-width-{width}\"" : "";

    static string Caption(string caption) => caption.Length > 0 ? $"<figcaption>{caption}</figcaption>" : "";

    static string Link(string address, string text) => address.Length == 0 || text.Length == 0 ? "" : $"<p><a href=\"{Encoded(address)}\">{Encoded(text)}</a></p>";
}
