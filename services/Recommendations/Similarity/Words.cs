using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Blog.Recommendations.Similarity;

/// <summary>
/// The words of an article as it is compared with others: lower case, of three letters or more, a plural's <c>s</c> taken off; scripts without spaces in overlapping pairs of
/// characters. Code is left out: it is much alike everywhere. A word is its hash (FNV-1a, 32 bits); two words of one hash are rare enough not to matter for neighbours.
/// </summary>
static partial class Words
{
    /// <summary>A word of the title says as much as so many of the text.</summary>
    const int TitleWeight = 4;

    /// <summary>Different words kept of an article: the most frequent.</summary>
    public const int MostKept = 400;

    const int LongestWord = 40;

    static readonly HtmlParser Parser = new();

    /// <summary>How often each word occurs.</summary>
    public static Dictionary<int, float> Count(string title, string html)
    {
        var counts = new Dictionary<int, float>();
        Add(counts, title, TitleWeight);
        using var document = Parser.ParseDocument(html);
        Add(counts, document.Body!);
        return Most(counts);
    }

    /// <summary>The same of a text in Markdown, which need not be whole: code between fences and addresses are left out, its signs are no words.</summary>
    public static Dictionary<int, float> CountMarkdown(string title, string markdown)
    {
        var counts = new Dictionary<int, float>();
        Add(counts, title, TitleWeight);
        Add(counts, NotWritten().Replace(markdown, " "), 1);
        return Most(counts);
    }

    static Dictionary<int, float> Most(Dictionary<int, float> counts) =>
        counts.Count <= MostKept ? counts : counts.OrderByDescending(word => word.Value).ThenBy(word => word.Key).Take(MostKept).ToDictionary();

    [GeneratedRegex(@"^ {0,3}(`{3,}|~{3,}).*?(^ {0,3}\1|\z)|\]\([^)\s]*|<[^<>\s][^<>]*>|https?://\S+", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotWritten();

    static void Add(Dictionary<int, float> counts, INode parent)
    {
        foreach (var node in parent.ChildNodes)
        {
            if (node is IText { Data: var text })
                Add(counts, text, 1);
            else if (node is IElement { LocalName: not ("pre" or "script" or "style" or "button") })
                Add(counts, node);
        }
    }

    /// <summary>Adds the words of plain text.</summary>
    public static void Add(Dictionary<int, float> counts, ReadOnlySpan<char> text, float weight)
    {
        Span<char> word = stackalloc char[LongestWord];
        Span<char> pair = stackalloc char[4];
        var (length, letters) = (0, 0);
        Rune? unspaced = null;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsUnspaced(rune))
            {
                End(word);
                if (unspaced is { } before)
                {
                    var used = before.EncodeToUtf16(pair);
                    Count(pair[..(used + rune.EncodeToUtf16(pair[used..]))]);
                }
                unspaced = rune;
                continue;
            }
            unspaced = null;
            if (Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark)
            {
                if (length + 2 <= LongestWord)
                    length += Rune.ToLowerInvariant(rune).EncodeToUtf16(word[length..]);
                if (!Rune.IsDigit(rune))
                    letters++;
            }
            else
            {
                End(word);
            }
        }
        End(word);

        void End(Span<char> written)
        {
            if (length >= 3 && letters > 0)
                Count(written[..(length > 4 && written[length - 1] == 's' && written[length - 2] != 's' ? length - 1 : length)]);
            (length, letters) = (0, 0);
        }

        void Count(ReadOnlySpan<char> found)
        {
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, Hash(found), out _);
            count += weight;
        }
    }

    static int Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var c in word)
            hash = ((hash ^ (byte)c) * 16777619u ^ (byte)(c >> 8)) * 16777619u;
        return (int)hash;
    }

    // Thai to Khmer, Kana, Han.
    static bool IsUnspaced(Rune rune) => Rune.IsLetter(rune) && rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}

/// <summary>The weights of an article's words: (1 + ln count) × idf, the heaviest only, of length 1 together (cosine similarity is then the sum of products).</summary>
static class Weights
{
    /// <summary>Words by which an article can be found, and by which others are looked for.</summary>
    public const int Kept = 48, Asked = 24;

    /// <summary>A word that more articles than this share of them, or more than so many, have tells little and would make looking expensive.</summary>
    const double TooCommon = 0.2, TooMany = 5_000;

    /// <summary>Below so many articles every word counts.</summary>
    const int Few = 50;

    /// <param name="terms">The words.</param>
    /// <param name="counts">How often each occurs.</param>
    /// <param name="articles">How many articles have it, this one included.</param>
    /// <param name="corpus">How many articles there are.</param>
    /// <returns>Heaviest first.</returns>
    public static (int Term, float Weight)[] Of(int[] terms, float[] counts, Func<int, int> articles, int corpus)
    {
        var weighed = new List<(int Term, double Weight)>(terms.Length);
        for (var i = 0; i < terms.Length; i++)
        {
            var have = Math.Clamp(articles(terms[i]), 1, corpus);
            if (corpus >= Few && have > Math.Min(corpus * TooCommon, TooMany))
                continue;
            // Robertson and Spärck Jones, as in BM25.
            weighed.Add((terms[i], (1 + Math.Log(counts[i])) * Math.Log(1 + (corpus - have + 0.5) / (have + 0.5))));
        }
        weighed.Sort((one, other) => other.Weight.CompareTo(one.Weight) is var byWeight and not 0 ? byWeight : one.Term.CompareTo(other.Term));
        var kept = weighed.Take(Kept).ToArray();
        var length = Math.Sqrt(kept.Sum(word => word.Weight * word.Weight));
        return length == 0 ? [] : [.. kept.Select(word => (word.Term, (float)(word.Weight / length)))];
    }
}
