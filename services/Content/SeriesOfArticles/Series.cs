using Blog.Content.Articles;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Content.SeriesOfArticles;

/// <summary>Stories that are read one after the other, and under whose name they stand together.</summary>
sealed class Series
{
    public const int MaxTitle = 120, MaxDescription = 600, MostOfOne = 100, MostParts = 200;

    public required Guid OwnerId { get; init; }
    public required Guid Id { get; init; }
    public required string Slug { get; set; }
    public required string Title { get; set; }
    public string Description { get; set; } = "";
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; set; }
    public long Revision { get; set; } = 1;

    /// <summary>Something of it changed.</summary>
    public void Touch(DateTimeOffset now)
    {
        Revision++;
        UpdateTime = now;
    }

    /// <summary>What is wrong with a name and a description, by field.</summary>
    public static IEnumerable<(string Field, string Description)> Problems(string title, string description)
    {
        if (title.Length == 0 || title.EnumerateRunes().Count() > MaxTitle)
            yield return ("title", $"Give the series a name of 1 to {MaxTitle} characters.");
        if (description.EnumerateRunes().Count() > MaxDescription)
            yield return ("description", $"A description has at most {MaxDescription} characters.");
    }

    public V1.Series ToMessage(IEnumerable<Part> parts) => new()
    {
        Id = Id.ToString(),
        OwnerId = OwnerId.ToString(),
        Slug = Slug,
        Title = Title,
        Description = Description,
        Revision = Revision,
        Parts = { parts.Select(part => new V1.SeriesPart { ArticleId = part.ArticleId.ToString(), Title = part.Title, Status = (V1.ArticleStatus)part.Status }) },
        UpdateTime = Timestamp.FromDateTimeOffset(UpdateTime),
    };
}

/// <summary>An article in a series.</summary>
sealed record Part(Guid SeriesId, Guid ArticleId, string Title, ArticleStatus Status, int Position);

/// <summary>A slug that leads, or led, to a series of this person.</summary>
sealed class SeriesSlug
{
    public required Guid OwnerId { get; init; }
    public required string Slug { get; init; }
    public required Guid SeriesId { get; init; }
}
