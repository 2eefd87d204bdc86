using System.Globalization;
using System.Text;
using Blog.ServiceDefaults.Text;

namespace Blog.Search.Queries;

/// <summary>
/// Reads what people type: words, "phrases", -exclusions, <c>author:handle</c>, <c>topic:slug</c>, <c>lang:de</c>, <c>before:2024-05-01</c>, <c>after:2023</c>. There is no wrong query:
/// what cannot be read as an operator is looked for as words, a quotation mark without its partner is nothing.
/// </summary>
static class QueryParser
{
    /// <summary>Words and phrases that count; what was typed after these is passed over.</summary>
    public const int MaxParts = 24;

    public static ParsedQuery Parse(string text)
    {
        var typed = Clean(text);
        List<QueryPart> parts = [];
        List<string> authors = [], excludedAuthors = [], topics = [], excludedTopics = [];
        var language = "";
        DateTimeOffset? after = null, before = null;

        for (var at = 0; at < typed.Length;)
        {
            if (typed[at] == ' ')
            {
                at++;
                continue;
            }
            // A minus excludes when it stands before a word, not within one.
            var excluded = typed[at] is '-' or '−' && at + 1 < typed.Length && (char.IsLetterOrDigit(typed[at + 1]) || typed[at + 1] == '"');
            if (excluded)
                at++;
            if (typed[at] == '"')
            {
                var end = typed.IndexOf('"', at + 1);
                if (end > at)
                    Add(typed[(at + 1)..end].Trim(), isPhrase: true, excluded);
                at = end > at ? end + 1 : at + 1;
                continue;
            }

            var stop = typed.AsSpan(at).IndexOfAny(' ', '"') is >= 0 and var length ? at + length : typed.Length;
            var colon = typed.IndexOf(':', at, stop - at);
            if (colon > at && TryOperator(typed, at, colon, stop, excluded) is { } next)
            {
                at = next;
                continue;
            }
            Add(typed[at..stop], isPhrase: false, excluded);
            at = stop;
        }
        return new ParsedQuery
        {
            Parts = parts, Authors = authors, ExcludedAuthors = excludedAuthors, Topics = topics, ExcludedTopics = excludedTopics, Language = language, After = after, Before = before,
        };

        void Add(string part, bool isPhrase, bool isExcluded)
        {
            if (parts.Count < MaxParts && part.EnumerateRunes().Any(Rune.IsLetterOrDigit))
                parts.Add(new(part, isPhrase && part.Contains(' ', StringComparison.Ordinal), isExcluded));
        }

        // Where it ends; null: this is no operator.
        int? TryOperator(string whole, int from, int colon, int stop, bool isExcluded)
        {
            var value = whole[(colon + 1)..stop];
            if (value.Length == 0 && stop < whole.Length && whole[stop] == '"' && whole.IndexOf('"', stop + 1) is > 0 and var end)
                (value, stop) = (whole[(stop + 1)..end], end + 1);
            switch (whole[from..colon].ToLowerInvariant())
            {
                case "author" or "by" when value.TrimStart('@') is { Length: > 0 } handle:
                    (isExcluded ? excludedAuthors : authors).Add(handle.ToLowerInvariant());
                    return stop;
                case "topic" or "tag" when Slug.FromTopic(value) is { Length: > 0 } slug:
                    (isExcluded ? excludedTopics : topics).Add(slug);
                    return stop;
                case "lang" or "language" when !isExcluded && Primary(value) is { } subtag:
                    language = subtag;
                    return stop;
                case "before" when !isExcluded && Date(value) is { } time:
                    before = time;
                    return stop;
                case "after" or "since" when !isExcluded && Date(value) is { } time:
                    after = time;
                    return stop;
                default:
                    return null;
            }
        }
    }

    /// <summary>The primary subtag of a BCP 47 tag in lower case; null: this is none.</summary>
    public static string? Primary(string tag)
    {
        var end = tag.AsSpan().IndexOfAny('-', '_');
        var primary = (end < 0 ? tag : tag[..end]).ToLowerInvariant();
        return primary.Length is 2 or 3 && primary.All(char.IsAsciiLetterLower) ? primary : null;
    }

    /// <summary>The first moment of a year, month or day in UTC; null: this is none.</summary>
    static DateTimeOffset? Date(string value) =>
        DateTimeOffset.TryParseExact(value, ["yyyy-MM-dd", "yyyy-M-d", "yyyy-MM", "yyyy-M", "yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    // Control characters and lone surrogates separate words; every kind of double quotation mark is one kind; half-width kana and full-width letters are as they usually are.
    static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || rune == Rune.ReplacementChar)
                clean.Append(' ');
            else if (rune.Value is '“' or '”' or '„' or '‟' or '«' or '»' or '＂')
                clean.Append('"');
            else
                clean.Append(rune.ToString());
        }
        var cleaned = clean.ToString();
        return cleaned.AsSpan().ContainsAnyInRange('\uFF00', '\uFFEF') ? cleaned.Normalize(NormalizationForm.FormKC) : cleaned;
    }
}
