using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Blog.Recommendations.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Recommendations.Shelves;

/// <summary>
/// Every published article in memory (about 600 bytes each), so that a page is ranked without a query for each candidate. Follows the notices of the database: a changed
/// article is read again at once; the shelves are put in order again a moment later, seldom enough to take a small part of one processor.
/// </summary>
sealed class Catalogue(RecommendationsDatabase database, IOptions<RecommendationsOptions> options, TimeProvider time, ILogger<Catalogue> log) : BackgroundService
{
    const string Select =
        """
        select a.number, a.article_id, a.author_id, a.publication_id, a.publish_time, a.topics, a.shown, a.published and a.author_id is not null,
            coalesce(m.readers, 0), coalesce(m.finished, 0.5), coalesce(m.popular, '-infinity'), coalesce(m.trend, '-infinity'),
            coalesce(m.co_read, '{}'), coalesce(m.co_score, '{}'), coalesce(t.numbers, '{}'), coalesce(t.scores, '{}')
        from articles a left join audiences m using (number) left join similar_texts t using (number)
        """;

    /// <summary>Ordering the shelves takes at most one part in so many of one processor's time.</summary>
    const int Rest = 20;

    readonly ConcurrentDictionary<Guid, int> numbers = new();
    readonly ConcurrentDictionary<string, string> topics = new(StringComparer.Ordinal);
    readonly ConcurrentQueue<int> changed = new();
    readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    ArticleFacts?[] facts = new ArticleFacts?[1024];
    Library library = Library.Empty;

    public Library Library => Volatile.Read(ref library);

    /// <summary>A published article; null: there is none of this number any more.</summary>
    public ArticleFacts? Find(int number) => Volatile.Read(ref facts) is var known && (uint)number < (uint)known.Length ? Volatile.Read(ref known[number]) : null;

    /// <summary>A published article by its id.</summary>
    public ArticleFacts? Find(Guid id) => numbers.TryGetValue(id, out var number) ? Find(number) : null;

    /// <summary>Completes when the articles have been read for the first time.</summary>
    public Task LoadedAsync(CancellationToken cancel) => loaded.Task.WaitAsync(cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("Articles are as they were, {Reason}", exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task FollowAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        connection.Notification += (_, notice) =>
        {
            foreach (var number in notice.Payload.Split(',', StringSplitOptions.RemoveEmptyEntries))
                changed.Enqueue(int.Parse(number, CultureInfo.InvariantCulture));
        };
        await connection.DoAsync($"listen {RecommendationsDatabase.Channel}", [], cancel);
        // Everything, since nothing is known of what changed before this connection listened.
        await ReadAsync(connection, null, cancel);
        var ordering = Order();
        loaded.TrySetResult();
        var (rest, stale) = (Stopwatch.StartNew(), false);
        while (true)
        {
            // A connection that died without a word is found by the question.
            if (changed.IsEmpty && !await connection.WaitAsync(stale ? options.Value.Look : TimeSpan.FromSeconds(10), cancel) && !stale)
                await connection.DoAsync("select 1", [], cancel);
            while (!changed.IsEmpty)
            {
                var some = new HashSet<int>();
                while (some.Count < 1_000 && changed.TryDequeue(out var number))
                    some.Add(number);
                await ReadAsync(connection, [.. some], cancel);
                stale = true;
            }
            if (stale && rest.Elapsed > ordering * Rest)
            {
                ordering = Order();
                rest.Restart();
                stale = false;
            }
        }
    }

    async Task ReadAsync(NpgsqlConnection connection, int[]? some, CancellationToken cancel)
    {
        await using var select = some is null ? connection.Statement(Select) : connection.Statement(Select + " where a.number = any($1)", some);
        await using var row = await select.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var number = row.GetInt32(0);
            if (number >= facts.Length)
            {
                var larger = new ArticleFacts?[Math.Max(number + 1, facts.Length * 2)];
                facts.CopyTo(larger, 0);
                Volatile.Write(ref facts, larger);
            }
            var article = row.GetBoolean(7) ? Read(row, number) : null;
            if (article is not null)
                numbers[article.Id] = number;
            Volatile.Write(ref facts[number], article);
        }
    }

    ArticleFacts Read(NpgsqlDataReader row, int number) => new()
    {
        Number = number,
        Id = row.GetGuid(1),
        Author = row.GetGuid(2),
        Publication = row.IsDBNull(3) ? null : row.GetGuid(3),
        Time = row.GetDateTime(4),
        Topics = [.. row.GetFieldValue<string[]>(5).Select(topic => topics.GetOrAdd(topic, topic))],
        // What this instance showed and has not yet written down counts too.
        Shown = Math.Max(row.GetInt32(6), Find(number)?.Shown ?? 0),
        Readers = row.GetInt32(8),
        Finished = row.GetFloat(9),
        Popular = row.GetDouble(10),
        Trend = row.GetDouble(11),
        CoRead = new(row.GetFieldValue<int[]>(12), row.GetFieldValue<float[]>(13)),
        Similar = new(row.GetFieldValue<int[]>(14), row.GetFieldValue<float[]>(15)),
    };

    TimeSpan Order()
    {
        var from = Stopwatch.GetTimestamp();
        Volatile.Write(ref library, new Library([.. facts.OfType<ArticleFacts>()], time.GetUtcNow().UtcDateTime, options.Value.New));
        return Stopwatch.GetElapsedTime(from);
    }
}
