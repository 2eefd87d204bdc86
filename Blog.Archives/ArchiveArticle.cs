using System.Globalization;
using System.Text;

namespace Blog.Archives;

/// <summary>What an archive holds, one thing after the other.</summary>
/// <param name="Path">Where in the archive, for the report.</param>
public abstract record ArchiveItem(string Path);

/// <summary>Something that is not imported, and why.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="IsFailure">It should have been an article and could not be read; otherwise it is left out on purpose.</param>
/// <param name="Reason">In words for the person who imports.</param>
public sealed record ArchiveRemark(string Path, bool IsFailure, string Reason) : ArchiveItem(Path);

/// <summary>An article of an archive, in Markdown, as every reader gives it.</summary>
/// <param name="Path">Where in the archive.</param>
/// <param name="Source">Names the article in the system it comes from, so that a second import knows it again: <c>ghost:5f0c…</c>. Up to 500 characters.</param>
public sealed record ArchiveArticle(string Path, string Source) : ArchiveItem(Path)
{
    /// <summary>What fits into an article here; characters, and topics.</summary>
    public const int LongestTitle = 200, LongestDescription = 400, MostTopics = 5, LongestTopic = 50;

    public required string Title { get; init; }

    /// <summary>What the address should end in; empty: made from the title.</summary>
    public string Slug { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Markdown; pictures and links still lead where they led in the source.</summary>
    public required string Body { get; init; }

    public bool Draft { get; init; }

    /// <summary>First publication.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>Names, the first first.</summary>
    public IReadOnlyList<string> Authors { get; init; } = [];

    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Slugs under which its author's address leads to it, too.</summary>
    public IReadOnlyList<string> FormerSlugs { get; init; } = [];

    /// <summary>Where it stood before: whole addresses, or paths beginning with '/'. Links between articles are found by them, and old links redirected.</summary>
    public IReadOnlyList<string> FormerAddresses { get; init; } = [];

    /// <summary>The original elsewhere; absolute http(s), or empty.</summary>
    public string CanonicalUrl { get; init; } = "";

    /// <summary>BCP 47, or empty.</summary>
    public string Language { get; init; } = "";

    /// <summary>Address or path of the cover.</summary>
    public string? Cover { get; init; }

    public string CoverAlt { get; init; } = "";

    /// <summary>When it was begun, when readers got a change of it last, and when its newest text was written.</summary>
    public DateTimeOffset? Created { get; init; }
    public DateTimeOffset? Edited { get; init; }
    public DateTimeOffset? Changed { get; init; }

    /// <summary>A draft that was published under its slug at its date.</summary>
    public bool Withdrawn { get; init; }

    /// <summary>Names of those who wrote it with the person whose archive it is.</summary>
    public IReadOnlyList<string> CoAuthors { get; init; } = [];

    /// <summary>The same for all articles of the archive that say the same in several languages; empty: none does. Hugo's <c>translationKey</c>.</summary>
    public string TranslationKey { get; init; } = "";

    /// <summary>What its author has written since it was published, and readers do not have.</summary>
    public ArchiveArticle? Changes { get; init; }

    /// <summary>What was changed or left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The article as far as it fits: what was cut, or cannot be true, is among the notes.</summary>
    public ArchiveArticle Fitted()
    {
        var notes = new List<string>(Notes);
        var topics = Topics.Select(t => Shortened(t.Trim(), LongestTopic)).Where(t => t.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (topics.Count > MostTopics) notes.Add($"only the first {MostTopics} of {topics.Count} topics were kept");
        if (Title.Length > LongestTitle) notes.Add($"the title was cut to {LongestTitle} characters");
        if (Description.Length > LongestDescription) notes.Add($"the description was cut to {LongestDescription} characters");
        var date = Date;
        if (date is { Year: < 1970 or > 2100 } absurd)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"its date, {absurd:yyyy-MM-dd}, cannot be right and was left out"));
            date = null;
        }
        return this with
        {
            Title = Shortened(Title, LongestTitle),
            Description = Shortened(Description, LongestDescription),
            Topics = [.. topics.Take(MostTopics)],
            CanonicalUrl = Uri.TryCreate(CanonicalUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? CanonicalUrl : "",
            CoverAlt = Shortened(CoverAlt, LongestDescription),
            Date = date,
            Created = Plausible(Created),
            Edited = Plausible(Edited),
            Changed = Plausible(Changed),
            Withdrawn = Withdrawn && Draft && date is not null,
            Changes = Changes?.Fitted(),
            Notes = notes,
        };
    }

    static DateTimeOffset? Plausible(DateTimeOffset? date) => date is { Year: < 1970 or > 2100 } ? null : date;

    /// <summary>Lower case letters and digits of any script, joined by single hyphens.</summary>
    public static string SlugOf(string text)
    {
        var slug = new StringBuilder();
        foreach (var rune in Whole(text).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark) slug.Append(Rune.ToLowerInvariant(rune));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        return slug.ToString().Trim('-');
    }

    /// <summary>At most so many characters; what was cut ends in an ellipsis.</summary>
    public static string Shortened(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end].TrimEnd() + "…";
    }

    // Half a surrogate pair cannot be normalised.
    static string Whole(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
}
