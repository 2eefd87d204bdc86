using Blog.Interactions.Highlights.Anchoring;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Highlights;

enum HighlightState : short
{
    Anchored = 1,
    Changed = 2,
    Detached = 3,
}

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
    public HighlightState State { get; private set; }
    public required string Note { get; set; }
    public required bool Public { get; set; }
    public bool Hidden { get; set; }
    public long Revision { get; set; } = 1;
    public required DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset? RemoveTime { get; set; }

    /// <summary>Whether other people see it.</summary>
    public bool IsShown => Public && !Hidden && RemoveTime is null;

    public TextSelector Selector => new(Exact, Prefix, Suffix, StartAt);

    /// <summary>It stands here now.</summary>
    public void Place(string text, Passage passage)
    {
        var selector = TextSelector.Of(text, passage);
        (Exact, Prefix, Suffix, StartAt, EndAt) = (selector.Exact, selector.Prefix, selector.Suffix, selector.Start, ArticleText.ToCodePoints(text, passage.End));
        // A paragraph that was split or joined says what it said.
        State = Exact.Replace('\n', ' ') == Quote.Replace('\n', ' ') ? HighlightState.Anchored : HighlightState.Changed;
    }

    /// <summary>Finds its place in an edited text, or loses it; true when anything changed.</summary>
    public bool Follow(TextMap map, string old, string text)
    {
        var before = (Exact, Prefix, Suffix, StartAt, State);
        if (State == HighlightState.Detached)
        {
            if (Selector.Find(text) is { } back)
                Place(text, back);
        }
        else if (map.Find(new Passage(ArticleText.ToUnits(old, StartAt), ArticleText.ToUnits(old, EndAt))) is { } placement)
        {
            Place(text, placement.Passage);
        }
        else
        {
            Detach();
        }
        return before != (Exact, Prefix, Suffix, StartAt, State);
    }

    /// <summary>Its words are not there any more. Where they were is kept, in case they come back.</summary>
    public void Detach() => State = HighlightState.Detached;

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
