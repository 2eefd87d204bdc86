namespace Blog.Feed;

/// <summary>Configuration <c>Blog:Feed</c>. Why these: docs/decisions/0010.</summary>
sealed class FeedOptions
{
    /// <summary>A source with more followers than this is merged on read; with fewer than four fifths of it, it is written out again.</summary>
    public int BigSource { get; set; } = 10_000;

    /// <summary>Entries kept for a reader; older pages are read from the sources.</summary>
    public int Entries { get; set; } = 800;

    /// <summary>Newest articles of a big source that are held in memory.</summary>
    public int Window { get; set; } = 500;

    /// <summary>Followers served in one transaction.</summary>
    public int Chunk { get; set; } = 500;

    /// <summary>Who has not read for so long gets no entries any more.</summary>
    public TimeSpan Asleep { get; set; } = TimeSpan.FromDays(30);
}
