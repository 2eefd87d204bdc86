using Blog.Anchoring;
using Blog.Content.Articles;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Content.Reviews;

/// <summary>What a reviewer said of a draft, or what was answered.</summary>
sealed class ReviewComment
{
    public const int MaxText = 5_000, MaxGuestName = 80, MaxQuote = 2_000, MaxContext = 100, MostPerLink = 500, MostListed = 1_000;

    public required Guid ArticleId { get; init; }
    public required Guid Id { get; init; }
    public required Guid LinkId { get; init; }

    /// <summary>The comment it answers; answers have none themselves.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Null: somebody who was not signed in, by <see cref="GuestName"/>.</summary>
    public Guid? PersonId { get; init; }

    public string GuestName { get; init; } = "";

    /// <summary><see cref="ReviewSecret.HashOf"/> what a guest takes it back with; null: a person said it.</summary>
    public byte[]? SecretHash { get; init; }

    public required string Text { get; init; }
    public string Quote { get; private set; } = "";
    public string Exact { get; private set; } = "";
    public string Prefix { get; private set; } = "";
    public string Suffix { get; private set; } = "";
    public int StartAt { get; private set; }
    public int EndAt { get; private set; }

    /// <summary>Null: it is about the whole draft, or an answer.</summary>
    public AnchorState? State { get; private set; }

    public required DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset? ResolveTime { get; set; }

    /// <summary>It is about this passage, which stands here.</summary>
    public void Place(Anchor anchor) =>
        (Quote, Exact, Prefix, Suffix, StartAt, EndAt, State) = (anchor.Quote, anchor.Selector.Exact, anchor.Selector.Prefix, anchor.Selector.Suffix, anchor.Selector.Start, anchor.End, anchor.State);

    /// <summary>Finds its passage in an edited text, or loses it.</summary>
    public void Follow(TextMap map, string old, string text)
    {
        if (State is { } state)
            Place(new Anchor(Quote, new(Exact, Prefix, Suffix, StartAt), EndAt, state).Follow(map, old, text));
    }

    public V1.ReviewComment ToMessage(Article article) => new()
    {
        Id = Id.ToString(),
        LinkId = LinkId.ToString(),
        ParentId = ParentId?.ToString() ?? "",
        PersonId = PersonId?.ToString() ?? "",
        GuestName = GuestName,
        Text = Text,
        Passage = State is null ? null : new V1.ReviewPassage { Exact = Exact, Prefix = Prefix, Suffix = Suffix, Start = StartAt },
        Quote = Quote,
        Place = (V1.ReviewPlace)(State ?? 0),
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
        ResolveTime = ResolveTime is { } resolved ? Timestamp.FromDateTimeOffset(resolved) : null,
        ByAuthor = PersonId is { } person && article.IsBy(person),
    };
}
