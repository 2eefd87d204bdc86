namespace Blog.Interactions.Lists;

/// <summary>Where an item goes between two others. Positions are whole numbers with gaps, so that a move writes one row.</summary>
static class ItemOrder
{
    /// <summary>The distance between neighbours that were never moved: twenty moves into the same gap fit.</summary>
    public const long Gap = 1L << 20;

    /// <summary>A position between two neighbours, null standing for the end of the list; null when there is no room and the list must be numbered anew.</summary>
    public static long? Between(long? before, long? after) => (before, after) switch
    {
        (null, null) => 0,
        (null, { } first) => first - Gap,
        ({ } last, null) => last + Gap,
        ({ } low, { } high) => high - low > 1 ? low + (high - low) / 2 : null,
    };
}
