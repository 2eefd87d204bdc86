namespace Blog.Search.Queries;

/// <summary>What somebody looks for: words and phrases, and filters that the words themselves may have named. Made by <see cref="QueryParser"/>.</summary>
public sealed record ParsedQuery
{
    /// <summary>In the order in which they were typed.</summary>
    public IReadOnlyList<QueryPart> Parts { get; init; } = [];

    /// <summary>Handles without @, lower case: by any of them. And by none of those.</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];
    public IReadOnlyList<string> ExcludedAuthors { get; init; } = [];

    /// <summary>Slugs: in all of these topics, and in none of those.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];
    public IReadOnlyList<string> ExcludedTopics { get; init; } = [];

    /// <summary>Primary subtag in lower case; empty: any.</summary>
    public string Language { get; init; } = "";

    /// <summary>By this author.</summary>
    public Guid? AuthorId { get; init; }

    /// <summary>First published at this moment or later.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>First published before this moment.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Whether there is anything to look for or to filter by. Exclusions alone are not enough.</summary>
    public bool IsEmpty => !Parts.Any(part => !part.Excluded) && Authors.Count == 0 && Topics.Count == 0 && Language.Length == 0 && AuthorId is null && After is null && Before is null;

    /// <summary>The same search for other words: as the person would have typed it.</summary>
    public string ToText()
    {
        static string Quoted(string value) => value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value;
        static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return string.Join(' ', Parts.Select(part => $"{(part.Excluded ? "-" : "")}{(part.IsPhrase ? $"\"{part.Text}\"" : part.Text)}")
            .Concat(Authors.Select(author => $"author:{author}")).Concat(ExcludedAuthors.Select(author => $"-author:{author}"))
            .Concat(Topics.Select(topic => $"topic:{Quoted(topic)}")).Concat(ExcludedTopics.Select(topic => $"-topic:{Quoted(topic)}"))
            .Concat(Language.Length > 0 ? [$"lang:{Language}"] : [])
            .Concat(After is { } after ? [$"after:{Date(after)}"] : [])
            .Concat(Before is { } before ? [$"before:{Date(before)}"] : []));
    }
}

/// <param name="Text">As typed, without quotation marks.</param>
/// <param name="IsPhrase">The words in this order, none between them.</param>
/// <param name="Excluded">What contains it is left out.</param>
public sealed record QueryPart(string Text, bool IsPhrase = false, bool Excluded = false);
