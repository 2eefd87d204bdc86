using System.Globalization;
using Blog.Recommendations.Data;
using Npgsql;

namespace Blog.Recommendations.Similarity;

/// <summary>Which articles have similar words, of those whose words are known.</summary>
static class SimilarTexts
{
    /// <summary>Less similar articles are not neighbours.</summary>
    const double LeastSimilar = 0.08;

    /// <summary>What words weigh among so many articles; heaviest first.</summary>
    public static async Task<(int Term, float Weight)[]> WeightsAsync(this NpgsqlConnection connection, int[] terms, float[] counts, int corpus, CancellationToken cancel)
    {
        var have = new Dictionary<int, int>(terms.Length);
        await using var look = connection.Statement("select term, articles from terms where term = any($1)", terms);
        await using var rows = await look.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            have[rows.GetInt32(0)] = rows.GetInt32(1);
        return Weights.Of(terms, counts, term => have.GetValueOrDefault(term, 1), corpus);
    }

    /// <summary>The nearest articles to what has these words, best first.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="weights">Of the words, heaviest first.</param>
    /// <param name="except">An article that is not meant; null: all are.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<Neighbours> NearestAsync(this NpgsqlConnection connection, IEnumerable<(int Term, float Weight)> weights, int? except, CancellationToken cancel)
    {
        var asked = weights.Take(Weights.Asked).ToArray();
        var similar = new List<(int, float)>(Neighbours.Most);
        await using var look = connection.Statement(
            $"""
            select p.number, sum(p.weight * w.weight)::real from unnest($2, $3) as w (term, weight) join postings p on p.term = w.term
            where p.number <> $1 group by p.number having sum(p.weight * w.weight) >= {LeastSimilar.ToString(CultureInfo.InvariantCulture)}
            order by 2 desc limit {Neighbours.Most}
            """, except ?? -1, asked.Select(w => w.Term).ToArray(), asked.Select(w => w.Weight).ToArray());
        await using var rows = await look.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            similar.Add((rows.GetInt32(0), Math.Min(1, rows.GetFloat(1))));
        return Neighbours.Of(similar);
    }
}
