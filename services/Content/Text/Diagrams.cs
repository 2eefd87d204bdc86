namespace Blog.Content.Text;

/// <summary>Diagrams: fences called mermaid, in the language of that name (https://mermaid.js.org/).</summary>
static class Diagrams
{
    /// <summary>What a fence is called that holds a diagram.</summary>
    public const string Info = "mermaid";

    const int LongestTitle = 120;

    /// <summary>What a diagram is called where it cannot be seen: its accTitle or title, or else its first line, which names its kind.</summary>
    public static string Title(string source)
    {
        var lines = source.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var title = After(lines, "accTitle:") ?? After(lines, "title:") ?? After(lines, "title ") ?? Array.Find(lines, line => line != "---" && !line.StartsWith("%%", StringComparison.Ordinal)) ?? "empty";
        return title.Length <= LongestTitle ? title : title[..(char.IsHighSurrogate(title[LongestTitle - 1]) ? LongestTitle - 1 : LongestTitle)] + "…";
    }

    static string? After(string[] lines, string key) =>
        Array.Find(lines, line => line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length)?[key.Length..].Trim() is { Length: > 0 } value ? value : null;
}
