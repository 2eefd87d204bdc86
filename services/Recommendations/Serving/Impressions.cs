using System.Collections.Concurrent;
using Blog.Recommendations.Data;
using Blog.Recommendations.People;
using Blog.Recommendations.Shelves;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Recommendations.Serving;

/// <summary>
/// Notes what was shown to whom, to show it less when it is not opened, and how often a new article was shown. Written together every moment, so that reading a page writes
/// nothing; what is lost when the service is killed only means that something is shown once more.
/// </summary>
sealed class Impressions(RecommendationsDatabase database, IOptions<RecommendationsOptions> options, TimeProvider time, ILogger<Impressions> log) : BackgroundService
{
    /// <summary>Articles remembered for a person, the last shown.</summary>
    const int Most = 300;

    readonly ConcurrentQueue<(Guid Person, int[] Numbers)> waiting = new();

    public void Note(Guid person, IEnumerable<ArticleFacts> articles)
    {
        var shown = articles.ToArray();
        foreach (var article in shown)
            article.CountShown();
        if (shown.Length > 0)
            waiting.Enqueue((person, [.. shown.Select(article => article.Number)]));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(options.Value.Look, stoppingToken);
                await TryWriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    async Task TryWriteAsync(CancellationToken cancel)
    {
        try
        {
            await WriteAsync(cancel);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
        {
            log.LogWarning("What was shown is not noted, {Reason}", exception.Message);
        }
    }

    async Task WriteAsync(CancellationToken cancel)
    {
        var batch = new List<(Guid Person, int[] Numbers)>();
        while (batch.Count < 5_000 && waiting.TryDequeue(out var one))
            batch.Add(one);
        if (batch.Count == 0)
            return;
        var now = time.GetUtcNow();
        var session = Session.Of(now);
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var people = batch.GroupBy(one => one.Person).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.SelectMany(one => one.Numbers).Distinct().ToArray());
        var rows = await ReadAsync(connection, [.. people.Keys], cancel);
        await using var write = new NpgsqlBatch(connection);
        foreach (var (person, numbers) in people)
        {
            var row = (rows.GetValueOrDefault(person) ?? ShownRow.Empty).With(session, numbers);
            write.BatchCommands.Add(Statements.Statement(
                """
                insert into shown (person_id, numbers, times, session, recent, at) values ($1, $2, $3, $4, $5, $6)
                on conflict (person_id) do update set numbers = excluded.numbers, times = excluded.times, session = excluded.session, recent = excluded.recent, at = excluded.at
                """, person, row.Numbers, row.Times, row.Session, row.Recent, now.UtcDateTime));
        }
        var counts = batch.SelectMany(one => one.Numbers).GroupBy(number => number).OrderBy(group => group.Key).ToArray();
        write.BatchCommands.Add(Statements.Statement(
            "update articles set shown = shown + n.times from unnest($1, $2) as n (number, times) where articles.number = n.number and articles.publish_time > $3",
            counts.Select(group => group.Key).ToArray(), counts.Select(group => group.Count()).ToArray(), (now - options.Value.New).UtcDateTime));
        await write.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    static async Task<Dictionary<Guid, ShownRow>> ReadAsync(NpgsqlConnection connection, Guid[] people, CancellationToken cancel)
    {
        await using var select = connection.Statement("select person_id, numbers, times, session, recent from shown where person_id = any($1) order by person_id for update", people);
        await using var row = await select.ExecuteReaderAsync(cancel);
        var rows = new Dictionary<Guid, ShownRow>();
        while (await row.ReadAsync(cancel))
            rows[row.GetGuid(0)] = new(row.GetFieldValue<int[]>(1), row.GetFieldValue<short[]>(2), row.GetInt64(3), row.GetFieldValue<int[]>(4));
        return rows;
    }

    /// <summary>A row of the table <c>shown</c>: what belongs to an earlier session is counted, what belongs to this one is listed.</summary>
    internal sealed record ShownRow(int[] Numbers, short[] Times, long Session, int[] Recent)
    {
        public static readonly ShownRow Empty = new([], [], 0, []);

        public ShownRow With(long session, int[] shown)
        {
            if (session == Session)
                return this with { Recent = [.. Recent.Union(shown).Take(Most)] };
            var times = Numbers.Zip(Times).ToDictionary(pair => pair.First, pair => (int)pair.Second);
            foreach (var number in Recent)
                times[number] = times.GetValueOrDefault(number) + 1;
            // The last shown come first, and what is beyond the measure is forgotten.
            var kept = Recent.Concat(Numbers.Except(Recent)).Take(Most).ToArray();
            return new(kept, [.. kept.Select(number => (short)Math.Min(100, times[number]))], session, shown);
        }
    }
}
