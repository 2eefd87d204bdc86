using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>
/// How well an article fits a query; everything that decides the order is here.
/// <code>
/// fit      = Σ over words: rarity(word) · place(word)              by PostgreSQL, over the candidates
/// place    = the best place of the word (title 1, description and topics 0.45, frequent in the text 0.25, less so 0.12) with a little for others, at least 0.04
/// boost    = 1 + 0.12 · freshness + 0.15 · quality                 freshness halves every 500 days
/// score    = fit · boost · (1 + 0.9 · title + 0.25 · order)        for the best of the candidates, in this process
/// title    = part of the query (by rarity) that the title has · square root of the part of the title that the query has
/// order    = part of the neighbouring words of the query that are neighbours in the title
/// </code>
/// Quality is the logarithm of claps and responses, 1 at a thousand. Where most articles have the words, candidates are those of the best standing = quality + time / 500 days,
/// whose order is that of the boost at any time, so an index can keep it.
/// </summary>
static class Scoring
{
    const double FreshnessWeight = 0.12, QualityWeight = 0.15, TitleWeight = 0.9, OrderWeight = 0.25, FreshDays = 500;

    /// <summary>The most that a title multiplies a score by.</summary>
    public const double MostOfTitle = 1 + TitleWeight + OrderWeight;

    /// <summary>ts_rank's weights of D, C, B and A.</summary>
    public const string Places = "'{0.12,0.25,0.45,1}'";

    /// <summary>What a word counts that is in the text, but neither often nor before it.</summary>
    const double Anywhere = 0.04;

    public static float Quality(long claps, int responses) => (float)Math.Min(1, Math.Log(1 + Math.Max(0, claps) + 2.0 * Math.Max(0, responses)) / Math.Log(1000));

    public static double Standing(float quality, DateTimeOffset publishTime) =>
        QualityWeight * quality + FreshnessWeight * (publishTime - DateTimeOffset.UnixEpoch).TotalDays / FreshDays;

    /// <summary>A word that one in a thousand articles has counts twice as much as one that one in forty has; one that all have still counts a little.</summary>
    public static double Rarity(long docs, long articles) => Math.Max(0.15, Math.Log10(1 + (articles + 1.0) / (docs + 1)) / 3);

    /// <summary>Expression over a row `a`: the fit of its key to the words, given as tsqueries and their rarity in parameters.</summary>
    public static string Fit(IReadOnlyList<(string Words, string Rarity)> terms) => terms.Count == 0 ? "1.0::float8"
        : string.Join(" + ", terms.Select(term => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{term.Rarity} * greatest(ts_rank({Places}, a.key, {term.Words}), {Anywhere})")));

    /// <summary>Expression over a row `a`: the boost at a moment, given as a parameter.</summary>
    public static string Boost(string now) => FormattableString.Invariant(
        $"(1 + {FreshnessWeight} * exp(least(0, extract(epoch from a.publish_time - {now})::float8 / 86400 / {FreshDays} * ln(2))) + {QualityWeight} * a.quality)");

    /// <summary>The score of a candidate from its fit with boost, its title and the words of the query.</summary>
    public static double Final(double boostedFit, string title, IReadOnlyList<QueryWord> query)
    {
        if (query.Count == 0)
            return boostedFit;
        var words = Tokenizer.Read(title);
        var (wordsOfTitle, foundOfTitle, foundOfQuery, all, neighbours) = (0, 0, 0.0, 0.0, 0);
        Span<int> places = stackalloc int[Math.Min(query.Count, 24)];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = -2;
            foreach (var token in words)
                if (query[i].IsIn(token.Form))
                {
                    places[i] = token.Position;
                    break;
                }
            all += query[i].Rarity;
            foundOfQuery += places[i] >= 0 ? query[i].Rarity : 0;
            if (i > 0 && places[i] >= 0 && places[i - 1] >= 0 && places[i] - places[i - 1] is 1)
                neighbours++;
        }
        foreach (var token in words)
            if (token.Kind is TokenKind.Word or TokenKind.Pair)
            {
                wordsOfTitle++;
                if (query.Any(word => word.IsIn(token.Form)))
                    foundOfTitle++;
            }
        var fits = wordsOfTitle == 0 || all == 0 ? 0 : foundOfQuery / all * Math.Sqrt((double)foundOfTitle / wordsOfTitle);
        var order = places.Length < 2 ? 0 : (double)neighbours / (places.Length - 1);
        return boostedFit * (1 + TitleWeight * fits + OrderWeight * order);
    }
}
