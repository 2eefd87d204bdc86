using System.Diagnostics;
using System.Diagnostics.Metrics;
using Blog.Feed.Data;
using Blog.Feed.Sources;
using Blog.ServiceDefaults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Feed.Spreading;

/// <summary>
/// Carries out jobs. Each turn is one transaction over rows that nobody else holds (SKIP LOCKED), so several instances share the work, and a crash costs no more
/// than the turn it interrupts. Lanes are independent: a big move does not delay a follow.
/// </summary>
sealed class Workers(FeedDatabase database, FeedNotices notices, BigSources bigSources, IOptions<FeedOptions> options, TimeProvider time, ILogger<Workers> log) : BackgroundService
{
    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Histogram<double> TurnTime = Meter.CreateHistogram<double>("blog.feed.turn", "s", "Time of one turn of work on the feed, by kind of job.");
    static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);

    /// <summary>Kinds of jobs that take turns in one lane.</summary>
    public static readonly IReadOnlyList<IReadOnlyList<JobKind>> Lanes = [[JobKind.Spread], [JobKind.Follow, JobKind.Wake], [JobKind.Grow, JobKind.Shrink, JobKind.Trim]];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. Enumerable.Range(0, Lanes.Count).Select(lane => WorkAsync(lane, stoppingToken)), SweepAsync(stoppingToken)]);

    async Task WorkAsync(int lane, CancellationToken cancel)
    {
        var failures = 0;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var done = 0;
                foreach (var kind in Lanes[lane])
                    done += await TakeTurnAsync(kind, cancel);
                failures = 0;
                if (done == 0)
                    await notices.WaitForWorkAsync(lane, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                var pause = TimeSpan.FromMilliseconds(Math.Min(5_000, 100 << Math.Min(failures++, 6)));
                log.LogWarning(exception, "Work on feeds waits {Pause} ms", pause.TotalMilliseconds);
                await Task.Delay(pause, cancel);
            }
        }
    }

    /// <summary>One turn of one kind of job.</summary>
    /// <returns>How many jobs it worked on; 0: there are none that nobody else holds.</returns>
    public async Task<int> TakeTurnAsync(JobKind kind, CancellationToken cancel)
    {
        var from = Stopwatch.GetTimestamp();
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var turn = new Turn(connection, options.Value, time, cancel);
        var done = kind switch
        {
            JobKind.Spread => await turn.SpreadAsync(),
            JobKind.Follow => await turn.FollowAsync(),
            JobKind.Grow => await turn.GrowAsync(),
            JobKind.Shrink => await turn.ShrinkAsync(),
            JobKind.Wake => await turn.WakeAsync(),
            _ => await turn.RunAsync(),
        };
        await transaction.CommitAsync(cancel);
        if (done > 0)
            TurnTime.Record(Stopwatch.GetElapsedTime(from).TotalSeconds, new KeyValuePair<string, object?>("kind", kind.ToString()));
        return done;
    }

    async Task SweepAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SweepInterval);
        try
        {
            do
            {
                try
                {
                    bigSources.LetGo();
                    while (await SweepOnceAsync(cancel) > 0);
                }
                catch (NpgsqlException exception)
                {
                    log.LogWarning("Readers who stay away are kept a little longer, {Reason}", exception.Message);
                }
            } while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    /// <summary>
    /// Puts readers to sleep who have stayed away: no more entries at once, and what they have goes a day later, when no page is being read that still
    /// counts on it.
    /// </summary>
    /// <returns>How many readers it changed; call again until there are none.</returns>
    public async Task<int> SweepOnceAsync(CancellationToken cancel)
    {
        var asleep = time.GetUtcNow().UtcDateTime - options.Value.Asleep;
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        var dozing = await connection.ExecuteAsync(
            """
            update readers set state = 3 where person_id in
                (select person_id from readers where state = 2 and read_at < $1 limit 500 for update skip locked)
            """, [asleep], cancel);
        await using var forget = connection.Command(
            """
            with gone as (
                update readers set state = 0 where person_id in
                    (select person_id from readers where state = 3 and read_at < $1 limit 500 for update skip locked)
                returning person_id),
            forgotten as (delete from entries using gone where entries.person_id = gone.person_id)
            select count(*) from gone
            """, asleep - TimeSpan.FromDays(1));
        return dozing + (int)(long)(await forget.ExecuteScalarAsync(cancel))!;
    }
}
