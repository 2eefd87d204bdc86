using Blog.Search.Engines;

namespace Blog.Search.Words;

/// <summary>Marks the found words of a text and cuts the best passage from it.</summary>
static class Passages
{
    /// <summary>Length of a passage in UTF-16 code units, about.</summary>
    const int Length = 220, Before = 60;

    /// <summary>Length of a part of a long text that is cut into words.</summary>
    const int Part = 800;

    /// <summary>The whole text in pieces.</summary>
    public static IReadOnlyList<TextPiece> Mark(string text, Func<string, bool> isFound) => Cut(text, 0, text.Length, Found(text, isFound).Select(found => (found.Start, found.End)), "", "");

    /// <summary>The passage with the most different found words, the earliest of those; null: none is in this text.</summary>
    public static IReadOnlyList<TextPiece>? Best(string text, Func<string, bool> isFound, out int different)
    {
        var found = Found(text, isFound);
        different = 0;
        if (found.Count == 0)
            return null;
        var (best, from) = (0, 0);
        var inside = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int first = 0, last = 0; first < found.Count; first++)
        {
            while (last < found.Count && found[last].End - found[first].Start <= Length - Before)
            {
                inside[found[last].Form] = inside.GetValueOrDefault(found[last].Form) + 1;
                last++;
            }
            if (inside.Count > best)
                (best, from) = (inside.Count, first);
            if (inside.TryGetValue(found[first].Form, out var count))
            {
                if (count == 1)
                    inside.Remove(found[first].Form);
                else
                    inside[found[first].Form] = count - 1;
            }
            last = Math.Max(last, first + 1);
        }
        different = best;
        var start = BeginningOfWord(text, Math.Max(0, found[from].Start - Before));
        var end = EndOfWord(text, Math.Min(text.Length, Math.Max(start + Length, found[from].End)));
        return Cut(text, start, end, found.Where(word => word.Start >= start && word.End <= end).Select(word => (word.Start, word.End)), start > 0 ? "… " : "", end < text.Length ? " …" : "");
    }

    /// <summary>
    /// The part of a text in which most words with these beginnings stand together, as far as that can be seen without cutting it into words, which takes much longer; the whole text where it cannot
    /// be seen (letters with accents may be written without); empty: none is in this text.
    /// </summary>
    /// <param name="beginnings">In lower case.</param>
    public static string Around(string text, IReadOnlyList<string> beginnings)
    {
        if (text.Length <= Length)
            return text;
        var (best, at) = (0, -1);
        Span<int> next = stackalloc int[Math.Min(beginnings.Count, 8)];
        for (var from = 0; from < text.Length;)
        {
            var first = text.Length;
            for (var i = 0; i < next.Length; i++)
            {
                if (from == 0 || next[i] < from && next[i] < text.Length)
                    next[i] = IndexOfWord(text, from, beginnings[i]);
                first = Math.Min(first, next[i]);
            }
            if (first == text.Length)
                break;
            var near = 0;
            foreach (var place in next)
                near += place < text.Length && place - first < Length - Before ? 1 : 0;
            if (near > best)
                (best, at) = (near, first);
            if (best == next.Length)
                break;
            from = first + 1;
        }
        if (at < 0)
            return HasOnlyPlainLetters(text) ? "" : text;
        var start = BeginningOfWord(text, Math.Max(0, at - Part / 2));
        return text[start..EndOfWord(text, Math.Min(text.Length, at + Part / 2))];
    }

    // Beyond ASCII, only punctuation: then a word stands as it is looked for, or not at all.
    static bool HasOnlyPlainLetters(ReadOnlySpan<char> text) => !text.ContainsAnyInRange('\u00AA', '\u1FFF') && !text.ContainsAnyInRange('\u2070', '\uFFFF');

    /// <summary>Where a word with this beginning stands; the length of the text: nowhere.</summary>
    static int IndexOfWord(string text, int from, string beginning)
    {
        while (from < text.Length && text.AsSpan(from).IndexOf(beginning, StringComparison.OrdinalIgnoreCase) is >= 0 and var found)
        {
            var at = from + found;
            if (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                return at;
            from = at + 1;
        }
        return text.Length;
    }

    /// <summary>The beginning of a text, where no word was found in it.</summary>
    public static IReadOnlyList<TextPiece> Beginning(string text)
    {
        var end = EndOfWord(text, Math.Min(text.Length, Length));
        return Cut(text, 0, end, [], "", end < text.Length ? " …" : "");
    }

    static List<Token> Found(string text, Func<string, bool> isFound)
    {
        var found = new List<Token>();
        foreach (var token in Tokenizer.Read(text))
            if (isFound(token.Form) && (found.Count == 0 || token.End > found[^1].End))
                found.Add(token);
        return found;
    }

    static List<TextPiece> Cut(string text, int start, int end, IEnumerable<(int Start, int End)> found, string before, string after)
    {
        var pieces = new List<TextPiece>();
        var at = start;
        foreach (var (from, to) in Merged(found))
        {
            Add(text[at..from], false);
            Add(text[from..to], true);
            at = to;
        }
        Add(text[at..end], false);
        if (pieces.Count > 0)
        {
            pieces[0] = pieces[0].Found && before.Length > 0 ? pieces[0] : pieces[0] with { Text = before + pieces[0].Text.TrimStart() };
            if (after.Length > 0)
                pieces.Add(new(after, false));
        }
        return pieces;

        void Add(string piece, bool isFound)
        {
            // A passage is one line.
            if (piece.Length > 0)
                pieces.Add(new(string.Join(' ', piece.Split('\n', '\r', '\t')), isFound));
        }
    }

    // Neighbouring pairs of signs overlap.
    static IEnumerable<(int Start, int End)> Merged(IEnumerable<(int Start, int End)> found)
    {
        (int Start, int End)? open = null;
        foreach (var (start, end) in found)
        {
            if (open is { } before && start <= before.End)
                open = (before.Start, Math.Max(before.End, end));
            else
            {
                if (open is { } whole)
                    yield return whole;
                open = (start, end);
            }
        }
        if (open is { } last)
            yield return last;
    }

    static int BeginningOfWord(string text, int at)
    {
        for (var back = at; back > 0 && at - back < 25; back--)
            if (char.IsWhiteSpace(text[back - 1]))
                return back;
        return at > 0 && char.IsLowSurrogate(text[at]) ? at - 1 : at;
    }

    static int EndOfWord(string text, int at)
    {
        for (var on = at; on < text.Length && on - at < 25; on++)
            if (char.IsWhiteSpace(text[on]))
                return on;
        return at < text.Length && at > 0 && char.IsLowSurrogate(text[at]) ? at + 1 : at;
    }
}
