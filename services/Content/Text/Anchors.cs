using System.Globalization;
using Blog.ServiceDefaults.Text;

namespace Blog.Content.Text;

/// <summary>Fragment ids of one article: readable in any script, unique, and the same each time the same text is rendered.</summary>
public sealed class Anchors
{
    // Ids the page around the article uses, and names a script would find on window.
    static readonly HashSet<string> Reserved = new(StringComparer.Ordinal) { "main", "footnotes", "next", "q", "root", "app", "toc", "name", "top", "self" };

    readonly HashSet<string> taken = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> numbered = new(StringComparer.Ordinal);

    /// <summary>An unused anchor for a heading with this text: "Fearless concurrency!" gives fearless-concurrency, its repetition fearless-concurrency-1.</summary>
    public string ForHeading(string text)
    {
        var wanted = Slug.Name(text);
        if (wanted.Length == 0)
            wanted = "section";
        else if (Reserved.Contains(wanted) || IsFootnote(wanted))
            wanted += "-section";
        return Take(wanted);
    }

    /// <summary>The id an author or the footnotes ask for, in the same form as links to it; null when it is taken or empty.</summary>
    public string? ForId(string id)
    {
        var wanted = Slug.Name(id);
        return wanted.Length > 0 && !Reserved.Contains(wanted) && taken.Add(wanted) ? wanted : null;
    }

    string Take(string wanted)
    {
        if (taken.Add(wanted))
            return wanted;
        // Where the last of this name left off: an article may have thousands of "Example".
        for (var i = numbered.GetValueOrDefault(wanted) + 1; ; i++)
        {
            var candidate = $"{wanted}-{i.ToString(CultureInfo.InvariantCulture)}";
            if (!taken.Add(candidate))
                continue;
            numbered[wanted] = i;
            return candidate;
        }
    }

    // fn1 and fnref1 belong to the notes.
    static bool IsFootnote(string name) =>
        name.StartsWith("fn", StringComparison.Ordinal) && name.AsSpan(name.StartsWith("fnref", StringComparison.Ordinal) ? 5 : 2) is { Length: > 0 } rest && !rest.ContainsAnyExceptInRange('0', '9');
}
