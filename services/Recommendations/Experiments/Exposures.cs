using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Blog.Events.V1;
using Blog.Recommendations.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Recommendations.Experiments;

/// <summary>
/// Notes who was shown a page by which variant, once for each person, experiment and day, and tells it. Beside the request, so that nobody waits for it; what is lost when the service is
/// killed is noted with the person's next page, whichever variant is theirs.
/// </summary>
sealed class Exposures(IServiceScopeFactory scopes, TimeProvider time, ILogger<Exposures> log) : BackgroundService
{
    const int MostRemembered = 200_000, MostAtOnce = 1_000;

    sealed record Exposure(Guid Person, Experiment Experiment, string Variant, DateTimeOffset At)
    {
        public DateOnly Day => DateOnly.FromDateTime(At.UtcDateTime);
    }

    readonly ConcurrentDictionary<(Guid Person, Guid Experiment), DateOnly> noted = new();
    readonly Channel<Exposure> waiting = Channel.CreateUnbounded<Exposure>(new() { SingleReader = true });

    /// <summary>A page is being shown to somebody.</summary>
    public void Note(Guid person, Assignment assignment)
    {
        foreach (var (experiment, variant) in assignment.Variants)
        {
            var exposure = new Exposure(person, experiment, variant.Name, time.GetUtcNow());
            var key = (person, experiment.Id);
            // Several instances may note the same; the database keeps one.
            if (noted.TryGetValue(key, out var day) && day == exposure.Day)
                continue;
            if (noted.Count > MostRemembered)
                noted.Clear();
            noted[key] = exposure.Day;
            waiting.Writer.TryWrite(exposure);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var some = new List<Exposure>();
        try
        {
            while (some.Count > 0 || await waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                while (some.Count < MostAtOnce && waiting.Reader.TryRead(out var one))
                    some.Add(one);
                if (await TryWriteAsync(some, stoppingToken))
                    some.Clear();
                else
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            while (waiting.Reader.TryRead(out var one))
                some.Add(one);
            if (some.Count > 0)
                await TryWriteAsync(some, CancellationToken.None);
        }
    }

    async Task<bool> TryWriteAsync(IReadOnlyList<Exposure> some, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<RecommendationsDbContext>();
            await db.Database.CreateExecutionStrategy().ExecuteAsync(() => WriteAsync(db, some, cancel));
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or DbUpdateException or TimeoutException or InvalidOperationException or IOException && !cancel.IsCancellationRequested)
        {
            log.LogWarning("Who was shown which variant waits to be noted, {Reason}", exception.Message);
            return false;
        }
    }

    async Task WriteAsync(RecommendationsDbContext db, IReadOnlyList<Exposure> some, CancellationToken cancel)
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var exposure in some.OrderBy(one => one.Person).ThenBy(one => one.Experiment.Id))
        {
            var isNew = await ((NpgsqlConnection)db.Database.GetDbConnection()).DoAsync(
                """
                insert into exposures as e (person_id, experiment_id, variant, first_at, last_day) values ($1, $2, $3, $4, $5)
                on conflict (person_id, experiment_id) do update set last_day = excluded.last_day where e.last_day < excluded.last_day
                """, [exposure.Person, exposure.Experiment.Id, exposure.Variant, exposure.At.UtcDateTime, exposure.Day], cancel) == 1;
            if (isNew)
                db.Publish(Topics.Exposures, exposure.Person,
                    new ExperimentExposed { PersonId = exposure.Person.ToString(), Experiment = exposure.Experiment.Name, Variant = exposure.Variant, Day = exposure.Day.ToString("O", CultureInfo.InvariantCulture) }, time);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
