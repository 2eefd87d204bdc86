using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Blog.Anchoring;

/// <summary>Where a passage went.</summary>
/// <param name="Passage">In the new text.</param>
/// <param name="IsExact">Its words are all there; otherwise most of them are.</param>
public readonly record struct Placement(Passage Passage, bool IsExact);

/// <summary>
/// Where the words of a text went in an edited version of it (docs/decisions/0009). Rather never wrong than always found.
/// <para>
/// Words are compared, white space is not, so paragraphs may be split and merged. Runs of equal words grow from sequences that occur once in either text, as in
/// patience diff and in the alignment of genomes (maximal unique matches, Delcher et al. 1999): such a run is found wherever it was moved to. The
/// heaviest chain of runs in the same order is the backbone; between its links shorter sequences, unique there, are matched the same way.
/// </para>
/// <para>
/// A passage is placed where exactly one run leads, if no other run leads there too, and if enough around it agrees: the same words may
/// stand in a paragraph that was replaced.
/// </para>
/// </summary>
public sealed class TextMap
{
    // How many words in a row make a seed: in the whole text, and then between matched neighbours.
    static readonly int[] SeedLengths = [6, 3, 1];
    // A run that left its neighbours behind must be long enough not to be a phrase that people use twice.
    const int ShortestMove = 12;
    // So many different words in a row are not a coincidence.
    const int Convincing = 16;
    // Shorter runs need neighbours: within so many words on either side, in both texts...
    const int Around = 10;
    // ...this share is matched too.
    const double Agreement = 0.6;
    // Equal words at the open end of a run may be a coincidence ("The" begins many sentences).
    const int Coincidence = 3;
    // A changed passage is still the same while this share of it, and of what became of it, is made of the words that were marked.
    const double Kept = 0.6;
    // ... and so many different ones.
    const int FewestKept = 5;
    // An end is not open when the next run begins within so many words.
    const int Near = 8;

    readonly string from;
    readonly string to;
    readonly Words old;
    readonly Words @new;
    readonly List<Run> backbone;
    readonly Run[] runs;
    readonly Run[] runsByNew;
    readonly int[] claimsOld;
    readonly int[] claimsNew;
    readonly int[] matchedOld;
    readonly int[] matchedNew;
    readonly Dictionary<Run, int> links;

    /// <param name="from">The text as it was.</param>
    /// <param name="to">The text as it is.</param>
    public TextMap(string from, string to)
    {
        (this.from, this.to) = (from.Replace('\n', ' '), to.Replace('\n', ' '));
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        old = Words.Of(from, vocabulary);
        @new = Words.Of(to, vocabulary);
        var found = Grow(0, old.Count, 0, @new.Count, SeedLengths[0]);
        var chain = Chain(found);
        var moves = found.Except(chain).Where(run => run.Length >= ShortestMove).ToArray();
        backbone = Refine(chain, 0, old.Count, 0, @new.Count, 1);
        runs = [.. backbone.Concat(moves).OrderBy(run => run.Old)];
        runsByNew = [.. runs.OrderBy(run => run.New)];
        claimsOld = Claims(old.Count, run => run.Old);
        claimsNew = Claims(@new.Count, run => run.New);
        matchedOld = Totals(claimsOld);
        matchedNew = Totals(claimsNew);
        links = backbone.Select((run, index) => (run, index)).ToDictionary(link => link.run, link => link.index);
    }

    /// <summary>Where the passage went; null when it is gone, or cannot be told.</summary>
    public Placement? Find(Passage passage)
    {
        var (first, last) = (old.FirstEndingAfter(passage.Start), old.LastStartingBefore(passage.End));
        if (first > last)
            return null;
        return Covering(runs, first, last + 1, run => run.Old) switch
        {
            [] => Nearly(first, last + 1) is { } near ? new Placement(near, false) : null,
            [var run] => Exactly(passage, run, first, last + 1) is { } exact ? new Placement(exact, true) : null,
            _ => null,
        };
    }

    Passage? Exactly(Passage passage, Run run, int first, int end)
    {
        if (!IsOnly(run, first, end) || !IsConvincing(run, first, end))
            return null;
        var shift = run.New - run.Old;
        return new Passage(
            @new.Starts[first + shift] + (passage.Start - old.Starts[first]),
            @new.Starts[end - 1 + shift] + (passage.End - old.Starts[end - 1]));
    }

    /// <summary>No other run leads away from these words, nor to where this one leads.</summary>
    bool IsOnly(Run run, int first, int end)
    {
        var shift = run.New - run.Old;
        return Covering(runs, first, end, r => r.Old).Count == 1 && Covering(runsByNew, first + shift, end + shift, r => r.New).Count == 1;
    }

    bool IsConvincing(Run run, int first, int end)
    {
        // One word, or a lone brace, must stand between others that stayed.
        if (old.Spelled(first, end) < 2 && (!IsWithin(run.Old, first, 0) || !IsWithin(end, run.OldEnd, old.Count)))
            return false;
        if (!HasDistinct(run.Old, end, Coincidence + 1) && !IsClosed(run, before: true) || !HasDistinct(first, run.OldEnd, Coincidence + 1) && !IsClosed(run, before: false))
            return false;
        // Where the words stand twice, what is next to them decides; an open end is next to nothing.
        var isBare = !HasDistinct(run.Old, first, Coincidence) && !IsClosed(run, before: true) || !HasDistinct(end, run.OldEnd, Coincidence) && !IsClosed(run, before: false);
        if (isBare && IsRepeated(from[old.Starts[first]..old.Ends[end - 1]]))
            return false;
        return HasDistinct(run.Old, run.OldEnd, Convincing) || Agrees(first, end, first + run.New - run.Old, end + run.New - run.Old);
    }

    bool IsRepeated(string words) => to.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at && to.IndexOf(words, at + 1, StringComparison.Ordinal) >= 0;

    // Two words further, or the end of the text.
    static bool IsWithin(int from, int to, int edge) => to - from >= 2 || from == edge || to == edge;

    // Lines of a table repeat one sign a hundred times.
    bool HasDistinct(int from, int to, int wanted)
    {
        var seen = new HashSet<int>();
        for (var at = from; at < to && seen.Count < wanted; at++)
            seen.Add(old.Ids[at]);
        return seen.Count >= wanted;
    }

    bool Agrees(int oldFirst, int oldEnd, int newFirst, int newEnd) =>
        Share(matchedOld, oldFirst - Around, oldEnd + Around) >= Agreement && Share(matchedNew, newFirst - Around, newEnd + Around) >= Agreement;

    /// <summary>Whether the run goes on, after a few other words, on that side; or the text ends there.</summary>
    bool IsClosed(Run run, bool before)
    {
        if (!links.TryGetValue(run, out var link))
            return false;
        var (gapOld, gapNew) = before
            ? link == 0 ? (run.Old, run.New) : (run.Old - backbone[link - 1].OldEnd, run.New - backbone[link - 1].NewEnd)
            : link == backbone.Count - 1 ? (old.Count - run.OldEnd, @new.Count - run.NewEnd) : (backbone[link + 1].Old - run.OldEnd, backbone[link + 1].New - run.NewEnd);
        return gapOld <= Near && gapNew <= Near;
    }

    /// <summary>Some words of the passage were changed: from the first to the last that stayed, if most did.</summary>
    Passage? Nearly(int first, int end)
    {
        var (letters, from, to) = (0, -1, -1);
        var kept = new HashSet<int>();
        foreach (var run in backbone)
        {
            var (start, stop) = Part(run, first, end);
            for (var at = start; at < stop; at++)
            {
                var there = at + run.New - run.Old;
                if (claimsOld[at] > 1 || claimsNew[there] > 1)
                    continue;
                if (from < 0)
                    from = there;
                to = Math.Max(to, there + 1);
                letters += old.Letters(at, at + 1);
                kept.Add(old.Ids[at]);
            }
        }
        if (kept.Count < FewestKept || letters < old.Letters(first, end) * Kept || letters < @new.Letters(from, to) * Kept || !Agrees(first, end, from, to))
            return null;
        return new Passage(@new.Starts[from], @new.Ends[to - 1]);
    }

    /// <summary>The part of a run that lies in the passage, without what may be a coincidence at an open end.</summary>
    (int Start, int Stop) Part(Run run, int first, int end)
    {
        var (start, stop) = (Math.Max(run.Old, first), Math.Min(run.OldEnd, end));
        if (stop == run.OldEnd && !IsClosed(run, before: false))
            while (stop > start && !HasDistinct(stop, run.OldEnd, Coincidence))
                stop--;
        if (start == run.Old && !IsClosed(run, before: true))
            while (start < stop && !HasDistinct(run.Old, start, Coincidence))
                start++;
        return (start, stop);
    }

    static List<Run> Covering(Run[] sorted, int first, int end, Func<Run, int> start)
    {
        var covering = new List<Run>(1);
        foreach (var run in sorted)
        {
            if (start(run) > first)
                break;
            if (start(run) + run.Length >= end)
                covering.Add(run);
        }
        return covering;
    }

    /// <summary>Runs of equal words that hold a sequence of <paramref name="seed"/> words which occurs once in each range.</summary>
    List<Run> Grow(int oldFrom, int oldTo, int newFrom, int newTo, int seed)
    {
        var grown = new List<Run>();
        if (oldTo - oldFrom < seed || newTo - newFrom < seed)
            return grown;
        var inOld = Unique(old.Ids, oldFrom, oldTo, seed);
        var inNew = Unique(@new.Ids, newFrom, newTo, seed);
        // How far the last run on each diagonal reached.
        var reached = new Dictionary<int, int>();
        foreach (var (hash, at) in inOld.Where(pair => pair.Value >= 0).OrderBy(pair => pair.Value))
        {
            if (!inNew.TryGetValue(hash, out var there) || there < 0 || reached.GetValueOrDefault(there - at, -1) > at || !Same(at, there, seed))
                continue;
            var (from, to) = (at, at + seed);
            var shift = there - at;
            while (from > oldFrom && from + shift > newFrom && old.Ids[from - 1] == @new.Ids[from - 1 + shift])
                from--;
            while (to < oldTo && to + shift < newTo && old.Ids[to] == @new.Ids[to + shift])
                to++;
            reached[shift] = to;
            grown.Add(new Run(from, from + shift, to - from));
        }
        return grown;
    }

    bool Same(int at, int there, int length) => old.Ids.AsSpan(at, length).SequenceEqual(@new.Ids.AsSpan(there, length));

    /// <summary>Where each sequence of words is, by its hash; -1 when it occurs more than once.</summary>
    static Dictionary<ulong, int> Unique(int[] ids, int from, int to, int length)
    {
        const ulong multiplier = 0x9E3779B97F4A7C15;
        var places = new Dictionary<ulong, int>(to - from);
        for (var at = from; at + length <= to; at++)
        {
            var hash = 0UL;
            for (var i = 0; i < length; i++)
                hash = (hash ^ (uint)ids[at + i]) * multiplier + (hash >> 29);
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, hash, out var known);
            place = known ? -1 : at;
        }
        return places;
    }

    /// <summary>The heaviest sequence of runs that are in the same order in both texts.</summary>
    static List<Run> Chain(List<Run> runs)
    {
        runs.Sort((a, b) => a.Old != b.Old ? a.Old.CompareTo(b.Old) : a.New.CompareTo(b.New));
        // The best chain that ends before a place in the new text: a Fenwick tree of maxima over the ranks of the runs there.
        var ranks = runs.Select(run => run.New).Distinct().Order().Select((place, rank) => (place, rank)).ToDictionary(pair => pair.place, pair => pair.rank + 1);
        var best = new (int Weight, int Run)[ranks.Count + 1];
        var before = new int[runs.Count];
        var heaviest = (Weight: 0, Run: -1);
        for (var i = 0; i < runs.Count; i++)
        {
            var chain = (Weight: 0, Run: -1);
            for (var rank = ranks[runs[i].New] - 1; rank > 0; rank -= rank & -rank)
                if (best[rank].Weight > chain.Weight)
                    chain = best[rank];
            before[i] = chain.Weight == 0 ? -1 : chain.Run;
            var longer = (chain.Weight + runs[i].Length, i);
            for (var rank = ranks[runs[i].New]; rank <= ranks.Count; rank += rank & -rank)
                if (best[rank].Weight < longer.Item1)
                    best[rank] = longer;
            if (longer.Item1 > heaviest.Weight)
                heaviest = longer;
        }
        var links = new List<Run>();
        for (var i = heaviest.Run; i >= 0; i = before[i])
            links.Add(runs[i]);
        links.Reverse();
        return links;
    }

    /// <summary>The chain with what is matched between its links.</summary>
    List<Run> Refine(List<Run> chain, int oldFrom, int oldTo, int newFrom, int newTo, int level)
    {
        if (level == SeedLengths.Length)
            return chain;
        var refined = new List<Run>();
        foreach (var link in chain.Append(new Run(oldTo, newTo, 0)))
        {
            refined.AddRange(Refine(Chain(Grow(oldFrom, link.Old, newFrom, link.New, SeedLengths[level])), oldFrom, link.Old, newFrom, link.New, level + 1));
            if (link.Length > 0)
                refined.Add(link);
            (oldFrom, newFrom) = (link.OldEnd, link.NewEnd);
        }
        return refined;
    }

    /// <summary>How many runs lead from, or to, each word.</summary>
    int[] Claims(int count, Func<Run, int> start)
    {
        var claims = new int[count];
        foreach (var run in runs)
            for (var at = start(run); at < start(run) + run.Length; at++)
                claims[at]++;
        return claims;
    }

    /// <summary>Running totals of claimed words.</summary>
    static int[] Totals(int[] claims)
    {
        var totals = new int[claims.Length + 1];
        for (var i = 0; i < claims.Length; i++)
            totals[i + 1] = totals[i] + (claims[i] > 0 ? 1 : 0);
        return totals;
    }

    static double Share(int[] totals, int from, int to)
    {
        (from, to) = (Math.Max(0, from), Math.Min(totals.Length - 1, to));
        return to <= from ? 0 : (double)(totals[to] - totals[from]) / (to - from);
    }

    /// <summary>Equal words in both texts.</summary>
    readonly record struct Run(int Old, int New, int Length)
    {
        public int OldEnd => Old + Length;
        public int NewEnd => New + Length;
    }

    /// <summary>The words of a text: runs of letters, marks and digits; every other character, and every letter of a script without spaces, is one of its own.</summary>
    sealed class Words(string text, int[] ids, int[] starts, int[] ends)
    {
        public int[] Ids => ids;
        public int[] Starts => starts;
        public int[] Ends => ends;
        public int Count => ids.Length;

        /// <summary>How many are words rather than signs.</summary>
        public int Spelled(int from, int to)
        {
            var spelled = 0;
            for (var at = from; at < to; at++)
                spelled += char.IsLetterOrDigit(text[Starts[at]]) ? 1 : 0;
            return spelled;
        }

        public int Letters(int from, int to)
        {
            var letters = 0;
            for (var at = from; at < to; at++)
                letters += Ends[at] - Starts[at];
            return letters;
        }

        public static Words Of(string text, Dictionary<string, int> vocabulary)
        {
            var (ids, starts, ends) = (new List<int>(), new List<int>(), new List<int>());
            var spans = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
            for (var at = 0; at < text.Length;)
            {
                var length = LengthAt(text, at);
                if (!ArticleText.IsSpace(text[at]))
                {
                    var word = text.AsSpan(at, length);
                    if (!spans.TryGetValue(word, out var id))
                        spans[word] = id = vocabulary.Count;
                    ids.Add(id);
                    starts.Add(at);
                    ends.Add(at + length);
                }
                at += length;
            }
            return new(text, [.. ids], [.. starts], [.. ends]);
        }

        static int LengthAt(string text, int at)
        {
            var length = 0;
            while (at + length < text.Length)
            {
                if (Rune.DecodeFromUtf16(text.AsSpan(at + length), out var rune, out var units) != System.Buffers.OperationStatus.Done)
                    return Math.Max(length, 1);
                var joins = Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                    or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber;
                if (!joins)
                    return length == 0 ? units : length;
                length += units;
            }
            return length;
        }

        public int FirstEndingAfter(int position)
        {
            var at = Array.BinarySearch(Ends, position);
            return at >= 0 ? at + 1 : ~at;
        }

        public int LastStartingBefore(int position)
        {
            var at = Array.BinarySearch(Starts, position);
            return (at >= 0 ? at : ~at) - 1;
        }
    }
}
