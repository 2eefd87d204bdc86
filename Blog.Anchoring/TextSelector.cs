namespace Blog.Anchoring;

/// <summary>A passage of a text, in UTF-16 units; <paramref name="End"/> is exclusive.</summary>
public readonly record struct Passage(int Start, int End)
{
    public int Length => End - Start;
}

/// <summary>
/// A passage named by its words and what stands around them: TextQuoteSelector of the Web Annotation Data Model (W3C, 2017, §4.2.4), with the start of its
/// TextPositionSelector (§4.2.5) as a hint. The browser finds passages by the same rules (web/site/lib/highlights/selector.ts;
/// tests/vectors/highlights/selectors.json checks both).
/// </summary>
/// <param name="Exact">The words; a line feed and a space are the same.</param>
/// <param name="Prefix">What stands before, up to <see cref="Context"/> units; may be empty.</param>
/// <param name="Suffix">What stands after.</param>
/// <param name="Start">Where it was, in code points.</param>
public sealed record TextSelector(string Exact, string Prefix, string Suffix, int Start)
{
    /// <summary>How much of the surroundings a selector keeps, in UTF-16 units on each side.</summary>
    public const int Context = 48;

    /// <summary>The selector of a passage.</summary>
    public static TextSelector Of(string text, Passage passage)
    {
        var from = Math.Max(0, passage.Start - Context);
        if (from > 0 && char.IsLowSurrogate(text[from]))
            from++;
        var to = Math.Min(text.Length, passage.End + Context);
        if (to < text.Length && char.IsLowSurrogate(text[to]))
            to--;
        return new(text[passage.Start..passage.End], text[from..passage.Start], text[passage.End..to], ArticleText.ToCodePoints(text, passage.Start));
    }

    /// <summary>
    /// Where the passage is in <paramref name="text"/>; null when it is not there or when it cannot be told which of several it is. It is where it was if
    /// everything around it is as it was; else where the words stand among at least half of their surroundings, provided that this is one place.
    /// </summary>
    public Passage? Find(string text)
    {
        if (Exact.Length == 0)
            return null;
        var folded = Fold(text);
        var (exact, prefix, suffix) = (Fold(Exact), Fold(Prefix), Fold(Suffix));
        var hinted = ArticleText.ToUnits(text, Start);
        var wanted = prefix.Length + suffix.Length;
        Passage? only = null;
        var several = false;
        for (var at = folded.IndexOf(exact, StringComparison.Ordinal); at >= 0; at = folded.IndexOf(exact, at + 1, StringComparison.Ordinal))
        {
            var found = Before(folded, at, prefix) + After(folded, at + exact.Length, suffix);
            if (found == wanted && at == hinted)
                return new Passage(at, at + exact.Length);
            if (found * 2 < wanted)
                continue;
            several = only is not null;
            only ??= new Passage(at, at + exact.Length);
            if (several && at > hinted)
                break;
        }
        return several ? null : only;
    }

    static string Fold(string text) => text.Replace('\n', ' ');

    static int Before(string text, int at, string prefix)
    {
        var same = 0;
        while (same < prefix.Length && same < at && text[at - 1 - same] == prefix[^(same + 1)])
            same++;
        return same;
    }

    static int After(string text, int at, string suffix)
    {
        var same = 0;
        while (same < suffix.Length && at + same < text.Length && text[at + same] == suffix[same])
            same++;
        return same;
    }
}
