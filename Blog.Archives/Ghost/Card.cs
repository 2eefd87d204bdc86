using System.Net;
using System.Text;
using System.Text.Json;
using Blog.Archives.Html;

namespace Blog.Archives.Ghost;

/// <summary>Ghost's cards as HTML. Both of its editors keep the same cards under the same names.</summary>
static class Card
{
    /// <param name="kind">The card's name.</param>
    /// <param name="card">What it holds.</param>
    /// <param name="notes">Gets what is left out.</param>
    /// <returns>Null when this kind is not known.</returns>
    public static string? Html(string kind, JsonElement card, ICollection<string> notes)
    {
        if (LeftOut(kind) is not { } reason) return Html(kind, card);
        notes.Add(reason);
        return "";
    }

    // Said to readers of mail, or asking them for something that is the other site's: not the text, but words all the same.
    static string? LeftOut(string kind) => kind switch
    {
        "email" or "email-cta" => "what only readers of its mail saw was left out",
        "signup" => "a form to sign up was left out",
        "transistor" => "a list of podcasts for members was left out",
        _ => null,
    };

    static string? Html(string kind, JsonElement card) => kind switch
    {
        "image" => $"<figure{Width(Text(card, "cardWidth"))}>{Image(card)}{Caption(Text(card, "caption"))}</figure>",
        // Ghost shows every gallery wide.
        "gallery" => $"<figure{Width("wide")}>{string.Concat(Items(card, "images").Select(image => $"<figure>{Image(image)}{Caption(Text(image, "caption"))}</figure>"))}{Caption(Text(card, "caption"))}</figure>",
        "codeblock" or "code" => Figure($"<pre class=\"language-{Encoded(Text(card, "language"))}\">{Encoded(Text(card, "code"))}</pre>", Text(card, "caption")),
        "html" => Text(card, "html"),
        "markdown" or "card-markdown" => $"<{HtmlToMarkdown.MarkdownTag}>{Encoded(Text(card, "markdown"))}</{HtmlToMarkdown.MarkdownTag}>",
        "horizontalrule" or "hr" => "<hr>",
        "bookmark" => Bookmark(card),
        // Old ones keep only what they were pasted as.
        "embed" => Figure(Text(card, "url") is { Length: > 0 } address ? $"<p>{Encoded(address)}</p>" : Text(card, "html"), Text(card, "caption")),
        "callout" => $"<blockquote><p>{Encoded(Text(card, "calloutEmoji"))} {Text(card, "calloutText")}</p></blockquote>",
        "toggle" => $"<details><summary>{Text(card, "heading")}</summary>{Text(card, "content")}</details>",
        "button" => Button(card),
        "call-to-action" => $"{(IsOff(card, "hasSponsorLabel") ? "" : Text(card, "sponsorLabel"))}{Figured(Text(card, "imageUrl"))}{Text(card, "textValue")}{(IsOff(card, "showButton") ? "" : Button(card))}",
        "video" or "audio" => Figure($"<p>{Encoded(Text(card, "src"))}</p>", Text(card, "caption") is { Length: > 0 } caption ? caption : Encoded(Text(card, "title"))),
        "file" => Link(Text(card, "src"), Text(card, "fileTitle") is { Length: > 0 } title ? title : Text(card, "fileName") is { Length: > 0 } name ? name : Text(card, "src")) + (Text(card, "fileCaption") is { Length: > 0 } said ? $"<p>{Encoded(said)}</p>" : ""),
        "header" => $"{Figured(Text(card, "backgroundImageSrc"))}<h2>{Text(card, "header")}</h2><p>{Text(card, "subheader")}</p>{(IsOff(card, "buttonEnabled") ? "" : Button(card))}",
        "product" => $"{Figured(Text(card, "productImageSrc"))}<h4>{Text(card, "productTitle")}</h4>{Stars(card)}{Text(card, "productDescription")}{(IsOff(card, "productButtonEnabled") ? "" : Link(Text(card, "productUrl"), Text(card, "productButton")))}",
        // Where it stood; a post for members is a draft anyway.
        "paywall" => "",
        _ => null,
    };

    public static string Text(JsonElement card, string name) => card.ValueKind is JsonValueKind.Object && card.TryGetProperty(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.String => LenientJson.Text(value),
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

    static string Button(JsonElement card) => Link(Text(card, "buttonUrl"), Text(card, "buttonText"));

    static string Figured(string picture) => picture.Length == 0 ? "" : $"<figure><img src=\"{Encoded(picture)}\"></figure>";

    // Of five.
    static string Stars(JsonElement card) =>
        card.ValueKind is JsonValueKind.Object && card.TryGetProperty("productRatingEnabled", out var rated) && rated.ValueKind is JsonValueKind.True && int.TryParse(Text(card, "productStarRating"), out var stars) && stars is >= 0 and <= 5 ? $"<p>{new string('★', stars)}{new string('☆', 5 - stars)}</p>" : "";

    static bool IsOff(JsonElement card, string name) => card.ValueKind is JsonValueKind.Object && card.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.False;

    static string Figure(string content, string caption) => $"<figure>{content}{Caption(caption)}</figure>";

    static string Width(string width) => width is "wide" or "full" ? $" class=\"kg-width-{width}\"" : "";

    static string Caption(string caption) => caption.Length > 0 ? $"<figcaption>{caption}</figcaption>" : "";

    static string Link(string address, string text) => address.Length == 0 || text.Length == 0 ? "" : $"<p><a href=\"{Encoded(address)}\">{Encoded(text)}</a></p>";
}
