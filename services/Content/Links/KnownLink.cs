namespace Blog.Content.Links;

enum LinkAnswer : short
{
    /// <summary>Not asked yet, or to be asked again.</summary>
    Wanted = 1,
    Known = 2,

    /// <summary>It stays a link.</summary>
    Nothing = 3,
}

/// <summary>What is known of an address.</summary>
sealed class KnownLink
{
    /// <summary>In the form of <see cref="Text.LinkAddress"/>.</summary>
    public required string Address { get; init; }

    public LinkAnswer State { get; set; } = LinkAnswer.Wanted;

    /// <summary>JSON of a <see cref="Text.LinkCard"/>.</summary>
    public string? Card { get; set; }

    /// <summary>Why it stays a link, for authors.</summary>
    public string Problem { get; set; } = "";

    public DateTimeOffset? AskTime { get; set; }
    public DateTimeOffset? DueTime { get; set; }
    public short Attempts { get; set; }
}

/// <summary>An address in what readers have of an article, that waits for its card.</summary>
sealed class WaitingLink
{
    public required Guid ArticleId { get; init; }
    public required string Address { get; init; }
}
