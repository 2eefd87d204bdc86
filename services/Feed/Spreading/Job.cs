namespace Blog.Feed.Spreading;

/// <summary>Work after an event; the numbers are those of the column <c>jobs.kind</c>.</summary>
enum JobKind : short
{
    /// <summary>Write an article into the entries of the followers of one of its sources.</summary>
    Spread = 1,

    /// <summary>Count a follower, and bring what the source has published already.</summary>
    Follow = 2,

    /// <summary>A source became big: note it with each of its followers.</summary>
    Grow = 3,

    /// <summary>A source is small again: write its articles out to its followers.</summary>
    Shrink = 4,

    /// <summary>Somebody reads again: collect the entries.</summary>
    Wake = 5,

    /// <summary>Forget old entries of a reader.</summary>
    Trim = 6,
}
