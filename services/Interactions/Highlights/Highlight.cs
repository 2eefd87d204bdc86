using Blog.Anchoring;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Highlights;

/// <summary>A passage that a person marked.</summary>
sealed class Highlight
{
    public const int LongestQuote = 2000, LongestNote = 2000, LongestContext = 100, MostPerArticle = 500;

    /// <summary>How long a removal can be taken back.</summary>
    public static readonly TimeSpan KeptRemoved = TimeSpan.FromDays(1);

    public required Guid ArticleId { get; init; }
    public required Guid Id { get; init; }
    public required Guid PersonId { get; init; }
    public required string Quote { get; init; }
    public string Exact { get; private set; } = "";
    public string Prefix { get; private set; } = "";
    public string Suffix { get; private set; } = "";
    public int StartAt { get; private set; }
    public int EndAt { get; private set; }
    public AnchorState State { get; private set; }
    public required string Note { get; set; }
    public required bool Public { get; set; }
    public bool Hidden { get; set; }
    public long Revision { get; set; } = 1;
    public required DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset? RemoveTime { get; set; }

    /// <summary>Whether other people see it.</summary>
    public bool IsShown => Public && !Hidden && RemoveTime is null;

    public TextSelector Selector => new(Exact, Prefix, Suffix, StartAt);

    Anchor Anchor => new(Quote, Selector, EndAt, State);

    /// <summary>It stands here now.</summary>
    public void Place(string text, Passage passage) => Take(Anchor.At(text, passage, Quote));

    /// <summary>Finds its place in an edited text, or loses it; true when anything changed.</summary>
    public bool Follow(TextMap map, string old, string text)
    {
        var before = Anchor;
        Take(before.Follow(map, old, text));
        return before != Anchor;
    }

    void Take(Anchor anchor) => (Exact, Prefix, Suffix, StartAt, EndAt, State) = (anchor.Selector.Exact, anchor.Selector.Prefix, anchor.Selector.Suffix, anchor.Selector.Start, anchor.End, anchor.State);

    public V1.Highlight ToMessage() => new()
    {
        Id = Id.ToString(),
        ArticleId = ArticleId.ToString(),
        Quote = Quote,
        Selector = Selector.ToMessage(),
        State = (V1.HighlightState)State,
        Note = Note,
        Public = Public,
        Hidden = Hidden,
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
        Revision = Revision,
    };
}

/// <summary>The text an article's highlights point into.</summary>
sealed class HighlightedText
{
    public required Guid ArticleId { get; init; }
    public required Guid AuthorId { get; init; }
    public required string Title { get; set; }
    public required long Revision { get; set; }
    public required string Text { get; set; }
}

static class Selectors
{
    public static V1.TextSelector ToMessage(this TextSelector selector) =>
        new() { Exact = selector.Exact, Prefix = selector.Prefix, Suffix = selector.Suffix, Start = selector.Start };
}

sealed class HighlightConfiguration : IEntityTypeConfiguration<Highlight>, IEntityTypeConfiguration<HighlightedText>
{
    public void Configure(EntityTypeBuilder<Highlight> highlight)
    {
        highlight.ToTable("highlights").HasKey(h => new { h.ArticleId, h.Id });
        highlight.Property(h => h.State).HasConversion<short>();
        highlight.Property(h => h.Revision).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<HighlightedText> text)
    {
        text.ToTable("highlight_texts").HasKey(t => t.ArticleId);
        text.Property(t => t.ArticleId).ValueGeneratedNever();
    }
}
