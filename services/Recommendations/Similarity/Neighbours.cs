using Blog.Recommendations.Data;
using Npgsql;

namespace Blog.Recommendations.Similarity;

/// <summary>An article's nearest articles, best first.</summary>
readonly record struct Neighbours(int[] Numbers, float[] Scores)
{
    /// <summary>How many are kept.</summary>
    public const int Most = 24;

    public static readonly Neighbours None = new([], []);

    public static Neighbours Of(IEnumerable<(int Number, float Score)> scored)
    {
        var best = scored.OrderByDescending(n => n.Score).ThenBy(n => n.Number).Take(Most).ToArray();
        return new([.. best.Select(n => n.Number)], [.. best.Select(n => n.Score)]);
    }

    /// <summary>With one of them put in its place, added or taken out (score 0); itself when that changes nothing.</summary>
    public Neighbours With(int number, float score)
    {
        var at = Array.IndexOf(Numbers, number);
        if (at < 0 && (score <= 0 || (Numbers.Length >= Most && Scores[^1] >= score)))
            return this;
        if (at >= 0 && Scores[at] == score)
            return this;
        var others = Numbers.Zip(Scores).Where(n => n.First != number);
        return Of(score > 0 ? others.Append((number, score)) : others);
    }
}

/// <summary>Neighbourhood is mutual: when an article has found its neighbours, it enters theirs.</summary>
static class MutualNeighbours
{
    /// <summary>
    /// Until the transaction ends nobody else changes lists of this table, in any instance: each change touches many lists, in an order of its own. They are short; what takes long, fetching
    /// texts, is done before.
    /// </summary>
    public static Task TakeTurnAsync(this NpgsqlConnection connection, string table, CancellationToken cancel) =>
        connection.DoAsync("select pg_advisory_xact_lock(hashtextextended($1, 0))", [table], cancel);

    /// <param name="connection">With a transaction, in its turn.</param>
    /// <param name="table">With columns number and the two others.</param>
    /// <param name="numbers">Column of the neighbours.</param>
    /// <param name="scores">Column of their scores.</param>
    /// <param name="number">Who found neighbours.</param>
    /// <param name="found">Whom.</param>
    /// <param name="lost">Who was a neighbour before and is none any more.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>Whose lists changed.</returns>
    public static async Task<List<int>> EnterAsync(
        this NpgsqlConnection connection, string table, string numbers, string scores, int number, Neighbours found, IEnumerable<int> lost, CancellationToken cancel)
    {
        var wanted = found.Numbers.Zip(found.Scores).Concat(lost.Select(n => (n, 0f))).ToDictionary(n => n.Item1, n => n.Item2);
        var changes = new List<(int Number, Neighbours List)>();
        await using (var read = connection.Statement($"select number, {numbers}, {scores} from {table} where number = any($1) order by number for update", wanted.Keys.ToArray()))
        {
            await using var rows = await read.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
            {
                var list = new Neighbours(rows.GetFieldValue<int[]>(1), rows.GetFieldValue<float[]>(2));
                var with = list.With(number, wanted[rows.GetInt32(0)]);
                if (!ReferenceEquals(with.Numbers, list.Numbers))
                    changes.Add((rows.GetInt32(0), with));
            }
        }
        if (changes.Count == 0)
            return [];
        await using var write = new NpgsqlBatch(connection);
        foreach (var (whose, list) in changes)
            write.BatchCommands.Add(Statements.Statement($"update {table} set {numbers} = $2, {scores} = $3 where number = $1", whose, list.Numbers, list.Scores));
        await write.ExecuteNonQueryAsync(cancel);
        return [.. changes.Select(c => c.Number)];
    }
}
