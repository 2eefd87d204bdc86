using AngleSharp.Dom;

namespace Blog.Archives.Html;

/// <summary>
/// Finds footnotes by what every way of writing them has in common: a short link to an element of the page, and in that element a link back.
/// </summary>
sealed class Footnotes
{
    readonly Dictionary<IElement, int> references = [];
    readonly HashSet<IElement> returns = [];

    public Footnotes(IElement body)
    {
        var byId = new Dictionary<string, IElement>(StringComparer.Ordinal);
        foreach (var element in body.QuerySelectorAll("[id], a[name]"))
            byId.TryAdd(element.Id ?? element.GetAttribute("name") ?? "", element);
        var links = body.QuerySelectorAll("a[href^='#']").Where(a => a.TextContent.Trim().Length is > 0 and <= 8).ToList();
        var numbers = new Dictionary<IElement, int>();
        foreach (var link in links)
        {
            if (returns.Contains(link) || !byId.TryGetValue(link.GetAttribute("href")![1..], out var target)) continue;
            var note = NoteOf(target);
            if (note is null || note.Contains(link)) continue;
            var back = note.QuerySelectorAll("a[href^='#']").Where(a => IsBackTo(a, link, byId)).ToList();
            if (back.Count == 0) continue;
            if (!numbers.TryGetValue(note, out var number)) numbers[note] = number = numbers.Count + 1;
            references[link] = number;
            returns.UnionWith(back);
        }
        Notes = numbers;
    }

    /// <summary>The element that holds each note's text, with its number.</summary>
    public IReadOnlyDictionary<IElement, int> Notes { get; }

    /// <summary>The number of the note that a link leads to; null: it is none.</summary>
    public int? NumberOf(IElement link) => references.TryGetValue(link, out var number) ? number : null;

    /// <summary>The way back from a note, or its number there, which Markdown makes anew.</summary>
    public bool IsReturn(IElement link) => returns.Contains(link);

    // The list item, paragraph or box around (or with) the id; never a part of the running text.
    static IElement? NoteOf(IElement target)
    {
        for (var element = target; element is not null; element = element.ParentElement)
        {
            if (element.LocalName is "li" || element.ClassList.Contains("footnote") || element.LocalName is "aside") return element;
            if (element.LocalName is "p" or "dd") return element;
            if (element.LocalName is "div" && element != target) return element.ClassList.Contains("footnote") ? element : null;
            if (element.LocalName is "div") return element;
        }
        return null;
    }

    static bool IsBackTo(IElement candidate, IElement link, Dictionary<string, IElement> byId) =>
        candidate != link && byId.TryGetValue(candidate.GetAttribute("href")![1..], out var target) && (target == link || target.Contains(link) || link.Contains(target) || target.NextElementSibling == link);
}
