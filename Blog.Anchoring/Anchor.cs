namespace Blog.Anchoring;

/// <summary>Whether the words that were marked are in the text.</summary>
public enum AnchorState : short
{
    /// <summary>As they were marked.</summary>
    Anchored = 1,

    /// <summary>Most of them: a few were changed.</summary>
    Changed = 2,

    /// <summary>Not any more. Where they were is kept, in case they come back.</summary>
    Detached = 3,
}

/// <summary>A marked passage that follows its words through edits of the text (docs/decisions/0009).</summary>
/// <param name="Quote">The words as they were marked.</param>
/// <param name="Selector">Where they are, or were last.</param>
/// <param name="End">Where they end, in code points.</param>
/// <param name="State">Whether they are there.</param>
public sealed record Anchor(string Quote, TextSelector Selector, int End, AnchorState State)
{
    /// <summary>The anchor of a passage of <paramref name="text"/>.</summary>
    /// <param name="text">That it is in.</param>
    /// <param name="passage">Where.</param>
    /// <param name="quote">The words as they were marked, when that was in an older text.</param>
    public static Anchor At(string text, Passage passage, string? quote = null)
    {
        var selector = TextSelector.Of(text, passage);
        quote ??= selector.Exact;
        // A paragraph that was split or joined says what it said.
        var state = Spaced(selector.Exact) == Spaced(quote) ? AnchorState.Anchored : AnchorState.Changed;
        return new(quote, selector, ArticleText.ToCodePoints(text, passage.End), state);
    }

    /// <summary>The same passage in an edited text, or detached when it cannot be told where it went.</summary>
    /// <param name="map">From <paramref name="old"/> to <paramref name="text"/>.</param>
    /// <param name="old">The text that this points into.</param>
    /// <param name="text">The text as it is now.</param>
    public Anchor Follow(TextMap map, string old, string text)
    {
        if (State == AnchorState.Detached)
            return Selector.Find(text) is { } back ? At(text, back, Quote) : this;
        var here = new Passage(ArticleText.ToUnits(old, Selector.Start), ArticleText.ToUnits(old, End));
        return map.Find(here) is { } placement ? At(text, placement.Passage, Quote) : this with { State = AnchorState.Detached };
    }

    static string Spaced(string text) => text.Replace('\n', ' ');
}
