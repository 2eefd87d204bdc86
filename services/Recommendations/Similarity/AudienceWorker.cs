using Blog.Recommendations.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Recommendations.Similarity;

/// <summary>Measures the audiences of articles that somebody read, clapped for or took back. Measures are made of signals as they stand, so nothing is counted twice and what was erased is gone.</summary>
sealed class AudienceWorker(RecommendationsDatabase database, IOptions<RecommendationsOptions> options, TimeProvider time, ILogger<AudienceWorker> log) : LookingWorker(options, log, "Audiences wait")
{
    const int Turn = 20;

    protected override async Task LookAsync(CancellationToken cancel)
    {
        while (await TakeTurnAsync(cancel) > 0) ;
    }

    /// <summary>A few articles, in one transaction.</summary>
    /// <returns>How many; 0: none is due.</returns>
    internal async Task<int> TakeTurnAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var numbers = await connection.ListAsync<int>(
            $"delete from audience_jobs where number in (select number from audience_jobs where due <= $1 order by due limit {Turn} for update skip locked) returning number",
            [time.GetUtcNow().UtcDateTime], cancel);
        if (numbers.Count == 0)
            return 0;
        await connection.TakeTurnAsync("audiences", cancel);
        var changed = new List<int>(numbers);
        foreach (var number in numbers.Order())
            changed.AddRange(await MeasureAsync(connection, number, cancel));
        await connection.TellAsync(changed, cancel);
        await transaction.CommitAsync(cancel);
        return numbers.Count;
    }

    static async Task<List<int>> MeasureAsync(NpgsqlConnection connection, int number, CancellationToken cancel)
    {
        var (author, count, before) = await KnownAsync(connection, number, cancel);
        var measures = Audience.Of(author, await ReadersAsync(connection, number, author, cancel), count);
        await connection.DoAsync(
            """
            insert into audiences (number, readers, finished, popular, trend, co_read, co_score) values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (number) do update set readers = excluded.readers, finished = excluded.finished, popular = excluded.popular, trend = excluded.trend,
                co_read = excluded.co_read, co_score = excluded.co_score
            """, [number, measures.Readers, measures.Finished, measures.Popular, measures.Trend, measures.CoRead.Numbers, measures.CoRead.Scores], cancel);
        // A full list may have lost one that still has this article on its own.
        var lost = measures.CoRead.Numbers.Length < Neighbours.Most ? before.Except(measures.CoRead.Numbers) : [];
        return await connection.EnterAsync("audiences", "co_read", "co_score", number, measures.CoRead, lost, cancel);
    }

    static async Task<(Guid? Author, int Count, int[] CoRead)> KnownAsync(NpgsqlConnection connection, int number, CancellationToken cancel)
    {
        await using var look = connection.Statement(
            """
            select a.author_id, (select count(*)::int from signals s where s.number = $1 and s.strength > 0 and s.person_id is distinct from a.author_id), coalesce(m.co_read, '{}')
            from articles a left join audiences m using (number) where a.number = $1
            """, number);
        await using var row = await look.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.IsDBNull(0) ? null : row.GetGuid(0), row.GetInt32(1), row.GetFieldValue<int[]>(2)) : (null, 0, []);
    }

    static async Task<List<Reader>> ReadersAsync(NpgsqlConnection connection, int number, Guid? author, CancellationToken cancel)
    {
        await using var look = connection.Statement(
            $"""
            select p.person_id, p.strength, p.last_at, p.read_at is not null, p.finished, o.number, a.author_id, o.strength, coalesce(m.readers, 0)
            from (select * from signals where number = $1 and strength > 0 and person_id is distinct from $2::uuid order by last_at desc limit {Audience.MostReaders}) p
            left join lateral (
                select s.number, s.strength from signals s where s.person_id = p.person_id and s.number <> $1 and s.strength > 0 order by s.last_at desc limit {Audience.MostOthers}) o on true
            left join articles a on a.number = o.number
            left join audiences m on m.number = o.number
            order by p.last_at desc, p.person_id
            """, number, author);
        await using var row = await look.ExecuteReaderAsync(cancel);
        var readers = new List<Reader>();
        var person = Guid.Empty;
        List<OtherArticle> others = [];
        while (await row.ReadAsync(cancel))
        {
            if (row.GetGuid(0) is var who && who != person)
            {
                (person, others) = (who, []);
                readers.Add(new(row.GetFloat(1), row.GetDateTime(2), row.GetBoolean(3), row.GetBoolean(4), others));
            }
            if (!row.IsDBNull(5))
                others.Add(new(row.GetInt32(5), row.IsDBNull(6) ? null : row.GetGuid(6), row.GetFloat(7), row.GetInt32(8)));
        }
        return readers;
    }
}
