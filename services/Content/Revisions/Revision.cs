namespace Blog.Content.Revisions;

/// <summary>Why a revision was kept; the numbers are those of the contract.</summary>
enum RevisionReason : short
{
    Published = 1,
    Unpublished = 2,
    Saved = 3,
    Restored = 4,
    Imported = 5,
    AuthorChanged = 6,
    Paused = 7,
    Interval = 8,
    Replaced = 9,
}

/// <summary>What an article was at one time.</summary>
sealed class Revision
{
    public const int MaxName = 100;

    public required Guid AuthorId { get; init; }
    public required Guid ArticleId { get; init; }

    /// <summary>The article's revision counter when this was kept.</summary>
    public required long Number { get; init; }

    /// <summary>Who made the last change, or whose command it was kept by.</summary>
    public required Guid PersonId { get; set; }

    public required DateTimeOffset CreateTime { get; init; }
    public long? RestoredNumber { get; init; }
    public required int WordCount { get; init; }
    public required RevisionReason Reason { get; set; }
    public required bool IsKeyframe { get; set; }
    public required string Title { get; init; }
    public string Name { get; set; } = "";

    /// <summary>A frame of <see cref="RevisionFrame"/>.</summary>
    public required byte[] Content { get; set; }

    /// <summary>Nobody asked for it: it was kept by the clock or for safety, and may go when it is old.</summary>
    public bool MayBeThinned => Name.Length == 0 && Reason is (RevisionReason.AuthorChanged or RevisionReason.Paused or RevisionReason.Interval or RevisionReason.Replaced);
}
