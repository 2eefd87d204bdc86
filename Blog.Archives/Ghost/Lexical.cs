using System.Text;
using System.Text.Json;

namespace Blog.Archives.Ghost;

/// <summary>The documents of Ghost's present editor, Lexical, as HTML.</summary>
static class Lexical
{
    const int Deepest = 60;

    // Bits of a text's format (lexical.dev, TextFormatType).
    static readonly (int Bit, string Tag)[] Formats = [(1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup"), (128, "mark")];

    /// <exception cref="JsonException">It is no such document.</exception>
    public static string Html(string document, ICollection<string> notes)
    {
        using var json = JsonDocument.Parse(document, new JsonDocumentOptions { MaxDepth = 256 });
        var html = new StringBuilder();
        if (json.RootElement.ValueKind is not JsonValueKind.Object || !json.RootElement.TryGetProperty("root", out var root)) throw new JsonException("The document has no root.");
        Children(root, html, notes, 0);
        return html.ToString();
    }

    static void Children(JsonElement node, StringBuilder html, ICollection<string> notes, int depth)
    {
        if (depth > Deepest) throw new JsonException("The document nests too deeply.");
        foreach (var child in Card.Items(node, "children")) Node(child, html, notes, depth + 1);
    }

    static void Node(JsonElement node, StringBuilder html, ICollection<string> notes, int depth)
    {
        void Wrapped(string open, string close)
        {
            html.Append(open);
            Children(node, html, notes, depth);
            html.Append(close);
        }
        var type = Card.Text(node, "type");
        var tag = Card.Text(node, "tag");
        switch (type)
        {
            case "text" or "extended-text": Text(node, html); break;
            case "linebreak": html.Append("<br>"); break;
            case "tab": html.Append(' '); break;
            case "paragraph": Wrapped("<p>", "</p>"); break;
            case "heading" or "extended-heading":
                var heading = tag is ['h', >= '1' and <= '6'] ? tag : "h2";
                Wrapped($"<{heading}>", $"</{heading}>");
                break;
            case "quote" or "extended-quote" or "aside": Wrapped("<blockquote><p>", "</p></blockquote>"); break;
            case "list":
                var ordered = Card.Text(node, "listType") == "number" || tag == "ol";
                Wrapped(ordered ? $"<ol start=\"{Card.Encoded(Card.Text(node, "start"))}\">" : "<ul>", ordered ? "</ol>" : "</ul>");
                break;
            case "listitem":
                var box = node.TryGetProperty("checked", out var isChecked) ? isChecked.ValueKind is JsonValueKind.True ? "<input type=\"checkbox\" checked>" : "<input type=\"checkbox\">" : "";
                // A nested list has an item of its own around it.
                if (Card.Items(node, "children").All(child => Card.Text(child, "type") == "list")) Children(node, html, notes, depth);
                else Wrapped($"<li>{box}", "</li>");
                break;
            case "link" or "autolink": Wrapped($"<a href=\"{Card.Encoded(Card.Text(node, "url"))}\">", "</a>"); break;
            default:
                if (Card.Html(type, node, notes) is { } card) html.Append(card);
                else if (Card.Items(node, "children").Any()) Children(node, html, notes, depth);
                // Whatever the editor will call a piece of text, its words are text.
                else if (Card.Text(node, "text").Length > 0) Text(node, html);
                else notes.Add($"a card of the kind {type} is not known here and was left out");
                break;
        }
    }

    static void Text(JsonElement node, StringBuilder html)
    {
        var format = int.TryParse(Card.Text(node, "format"), out var bits) ? bits : 0;
        foreach (var (bit, tag) in Formats)
            if ((format & bit) != 0) html.Append('<').Append(tag).Append('>');
        html.Append(Card.Encoded(Card.Text(node, "text")));
        foreach (var (bit, tag) in Formats.Reverse())
            if ((format & bit) != 0) html.Append("</").Append(tag).Append('>');
    }
}
