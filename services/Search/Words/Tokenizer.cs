using System.Buffers;
using System.Text;

namespace Blog.Search.Words;

/// <summary>
/// Cuts text into words, the same for documents, queries and highlights. Words are rows of letters, digits and marks. Scripts that are written without spaces are cut into overlapping pairs of signs
/// (as is usual where there is no dictionary), so that any row of two signs or more is found wherever it stands.
/// Names with dots, underscores, hyphens or signs in them ("crates.io", "no_std", "e-mail", "1.88.0", "C++") are found as a whole and by their parts.
/// </summary>
static class Tokenizer
{
    /// <summary>Longer rows of letters are no words (encoded data): their beginning counts.</summary>
    const int MaxWord = 64;

    public static List<Token> Read(string text, int firstPosition = 1) => Read(text, 0, text.Length, firstPosition);

    public static List<Token> Read(string text, int from, int end, int firstPosition = 1)
    {
        var tokens = new List<Token>(Math.Min((end - from) / 5 + 4, 4096));
        var position = firstPosition;
        for (var at = from; at < end;)
        {
            var script = ScriptAt(text, at, end, out var width);
            if (script == Script.None)
            {
                at += width;
                continue;
            }
            var stop = EndOfRow(text, at, end, script);
            at = script == Script.Spaced ? ReadWord(text, at, stop, end, tokens, ref position) : ReadSigns(text, at, stop, script, tokens, ref position);
        }
        return tokens;
    }

    static Script ScriptAt(string text, int at, int end, out int width)
    {
        var unit = text[at];
        width = 1;
        if (unit < 0x80)
            return char.IsAsciiLetterOrDigit(unit) ? Script.Spaced : Script.None;
        if (Rune.DecodeFromUtf16(text.AsSpan(at, end - at), out var rune, out width) != OperationStatus.Done)
            return Script.None;
        return Scripts.Of(rune);
    }

    static int EndOfRow(string text, int at, int end, Script script)
    {
        while (at < end)
        {
            if (text[at] is '\u00AD' or '\u200B' or '\u200C' or '\u200D')
            {
                at++;
                continue;
            }
            var next = ScriptAt(text, at, end, out var width);
            // A mark continues any row.
            if (next != script && !(next == Script.Spaced && text[at] >= 0x80 && Rune.TryGetRuneAt(text, at, out var rune) && Scripts.IsMark(rune)))
                break;
            at += width;
        }
        return at;
    }

    /// <summary>A word, or several that signs within join to a whole; returns where it ends.</summary>
    static int ReadWord(string text, int start, int stop, int end, List<Token> tokens, ref int position)
    {
        // C++, C#, F#: the signs are part of the name.
        if (stop - start <= 2 && stop < end && text[stop] is '+' or '#')
        {
            var signs = stop;
            while (signs < end && signs - stop < 2 && text[signs] == text[stop])
                signs++;
            var isName = (text[stop] == '#' ? signs - stop == 1 : signs - stop == 2) && (signs == end || ScriptAt(text, signs, end, out _) == Script.None);
            if (isName)
            {
                tokens.Add(new(start, signs - start, Folding.Fold(text.AsSpan(start, signs - start)), TokenKind.Whole, position));
                AddWord(text, start, stop, tokens, ref position);
                return signs;
            }
        }

        var wholeEnd = stop;
        var parts = 1;
        while (wholeEnd + 1 < end && text[wholeEnd] is '.' or '_' or '-' or '\'' or '’' or '‐' or '‑' && ScriptAt(text, wholeEnd + 1, end, out _) == Script.Spaced)
        {
            wholeEnd = EndOfRow(text, wholeEnd + 1, end, Script.Spaced);
            parts++;
            if (wholeEnd - start > 2 * MaxWord)
                break;
        }
        if (parts == 1)
        {
            AddWord(text, start, stop, tokens, ref position);
            return stop;
        }

        var whole = text.AsSpan(start, wholeEnd - start);
        if (IsVersion(whole))
        {
            // 1.88.0 is found by 1.88 too, and v1.88 by 1.88.
            var version = whole[0] is 'v' or 'V' ? whole[1..] : whole;
            tokens.Add(new(start, whole.Length, version.ToString(), TokenKind.Word, position));
            if (version.Count('.') == 2)
                tokens.Add(new(start, whole.Length, version[..version.LastIndexOf('.')].ToString(), TokenKind.Whole, position));
            position++;
            return wholeEnd;
        }
        if (whole.IndexOfAny('\'', '’') is >= 0)
        {
            // "rust's", "l'été", "don't": what stands alone beside an apostrophe is no word.
            for (var part = start; part < wholeEnd;)
            {
                var partEnd = EndOfRow(text, part, wholeEnd, Script.Spaced);
                var besideApostrophe = part > start && text[part - 1] is '\'' or '’' || partEnd < wholeEnd && text[partEnd] is '\'' or '’';
                if (!(besideApostrophe && partEnd - part <= 2 && (partEnd - part == 1 || text.AsSpan(part, 2) is "ll" or "re" or "ve" or "qu")))
                    AddWord(text, part, partEnd, tokens, ref position);
                part = partEnd + 1;
            }
            return wholeEnd;
        }

        if (whole.Length <= 2 * MaxWord)
        {
            var form = Folding.Fold(whole);
            tokens.Add(new(start, whole.Length, whole.IndexOfAny('-', '‐', '‑') >= 0 ? string.Concat(form.Split('-', '‐', '‑')) : form, TokenKind.Whole, position));
        }
        for (var part = start; part < wholeEnd;)
        {
            var partEnd = EndOfRow(text, part, wholeEnd, Script.Spaced);
            AddWord(text, part, partEnd, tokens, ref position);
            part = partEnd + 1;
        }
        return wholeEnd;
    }

    static readonly SearchValues<char> VersionSigns = SearchValues.Create("0123456789.");

    static bool IsVersion(ReadOnlySpan<char> whole)
    {
        if (whole[0] is 'v' or 'V')
            whole = whole[1..];
        return whole.Length > 0 && char.IsAsciiDigit(whole[0]) && whole.IndexOfAnyExcept(VersionSigns) < 0;
    }

    static void AddWord(string text, int start, int stop, List<Token> tokens, ref int position)
    {
        var form = Folding.Fold(text.AsSpan(start, Math.Min(stop - start, MaxWord)));
        if (form.Length > 0)
            tokens.Add(new(start, stop - start, form, TokenKind.Word, position++));
    }

    static int ReadSigns(string text, int start, int stop, Script script, List<Token> tokens, ref int position)
    {
        var previous = (Start: -1, Form: "");
        for (var at = start; at < stop;)
        {
            ScriptAt(text, at, stop, out var width);
            var signEnd = at + width;
            // Marks belong to the sign before them.
            while (signEnd < stop && Rune.TryGetRuneAt(text, signEnd, out var rune) && Scripts.IsMark(rune))
                signEnd += rune.Utf16SequenceLength;
            var form = Folding.Fold(text.AsSpan(at, signEnd - at));
            if (form.Length > 0)
            {
                if (previous.Start >= 0)
                    tokens.Add(new(previous.Start, signEnd - previous.Start, previous.Form + form, TokenKind.Pair, position++));
                previous = (at, form);
            }
            at = signEnd;
        }
        if (previous.Start >= 0)
            tokens.Add(new(previous.Start, stop - previous.Start, previous.Form, TokenKind.Last, position++));
        return stop;
    }
}
