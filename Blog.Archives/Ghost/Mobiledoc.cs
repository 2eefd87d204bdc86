using System.Text;
using System.Text.Json;

namespace Blog.Archives.Ghost;

/// <summary>The documents of Ghost's former editor, Mobiledoc 0.3 (bustle.github.io/mobiledoc-kit), as HTML.</summary>
static class Mobiledoc
{
    static readonly HashSet<string> Tags = ["a", "b", "strong", "i", "em", "s", "u", "code", "sub", "sup", "mark", "del"];

    /// <exception cref="JsonException">It is no such document.</exception>
    public static string Html(string document, ICollection<string> notes)
    {
        using var json = JsonDocument.Parse(document);
        var root = json.RootElement;
        var html = new StringBuilder();
        foreach (var section in Card.Items(root, "sections"))
        {
            if (section.ValueKind is not JsonValueKind.Array || section.GetArrayLength() < 2) throw new JsonException("A section is none.");
            switch (Number(section[0]))
            {
                case 1:
                    var tag = section[1].GetString() is { } given && given is "p" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "blockquote" or "aside" ? given : "p";
                    html.Append('<').Append(tag).Append('>');
                    if (section.GetArrayLength() > 2) Markers(root, section[2], html);
                    html.Append("</").Append(tag).Append('>');
                    break;
                case 2:
                    html.Append("<figure><img src=\"").Append(Card.Encoded(LenientJson.Text(section[1]))).Append("\"></figure>");
                    break;
                case 3:
                    var list = section[1].GetString() == "ol" ? "ol" : "ul";
                    html.Append('<').Append(list).Append('>');
                    foreach (var item in section.GetArrayLength() > 2 ? section[2].EnumerateArray() : default)
                    {
                        html.Append("<li>");
                        Markers(root, item, html);
                        html.Append("</li>");
                    }
                    html.Append("</").Append(list).Append('>');
                    break;
                case 10:
                    var card = At(root, "cards", section[1]);
                    var kind = card[0].GetString() ?? "";
                    if (Card.Html(kind, card.GetArrayLength() > 1 ? card[1] : default, notes) is { } known) html.Append(known);
                    else notes.Add($"a card of the kind {kind} is not known here and was left out");
                    break;
            }
        }
        return html.ToString();
    }

    static void Markers(JsonElement root, JsonElement markers, StringBuilder html)
    {
        var open = new Stack<string>();
        foreach (var marker in markers.EnumerateArray())
        {
            foreach (var index in marker[1].EnumerateArray())
            {
                var markup = At(root, "markups", index);
                var tag = markup[0].GetString()!.ToLowerInvariant();
                if (!Tags.Contains(tag)) tag = "span";
                html.Append('<').Append(tag);
                if (tag == "a" && markup.GetArrayLength() > 1 && Address(markup[1]) is { } address) html.Append(" href=\"").Append(Card.Encoded(address)).Append('"');
                html.Append('>');
                open.Push(tag);
            }
            // An atom is a thing in a line; only the soft return is in use.
            if (Number(marker[0]) == 0) html.Append(Card.Encoded(LenientJson.Text(marker[3])));
            else if (At(root, "atoms", marker[3]) is var atom) html.Append(atom[0].GetString() == "soft-return" ? "<br>" : Card.Encoded(LenientJson.Text(atom[1])));
            for (var close = Number(marker[2]); close > 0 && open.TryPop(out var tag); close--) html.Append("</").Append(tag).Append('>');
        }
        while (open.TryPop(out var tag)) html.Append("</").Append(tag).Append('>');
    }

    static string? Address(JsonElement attributes)
    {
        for (var at = 0; at + 1 < attributes.GetArrayLength(); at += 2)
            if (LenientJson.Text(attributes[at]) == "href") return LenientJson.Text(attributes[at + 1]);
        return null;
    }

    static JsonElement At(JsonElement root, string list, JsonElement index)
    {
        var items = root.GetProperty(list);
        var at = Number(index);
        return at >= 0 && at < items.GetArrayLength() ? items[at] : throw new JsonException($"There are not so many {list}.");
    }

    static int Number(JsonElement element) => element.ValueKind is JsonValueKind.Number && element.TryGetInt32(out var number) ? number : -1;
}
