using Blog.Recommendations.Data;
using Blog.Recommendations.Experiments;
using Blog.ServiceDefaults.FeatureFlags;
using Microsoft.Extensions.Options;

namespace Blog.Recommendations.Switches;

/// <summary>
/// What operators decided, as this instance knows it: which flags are on and which experiments run. Read again every moment; while the database is away it stays as it is, and
/// before it was ever read everything is as in code.
/// </summary>
sealed class Switchboard(RecommendationsDatabase database, FlagStates flags, IOptions<RecommendationsOptions> options, TimeProvider time, ILogger<Switchboard> log) : LookingWorker(options, log, "Flags and experiments stay as they are")
{
    readonly SemaphoreSlim reading = new(1);
    volatile IReadOnlyList<Experiment>? followed;

    /// <summary>Experiments for which people are assigned now, oldest first.</summary>
    public IReadOnlyList<Experiment> Running { get; private set; } = [];

    /// <summary>Whether what people do may count for an experiment: one runs, or the last windows of one are still open. True also before this is known.</summary>
    public bool IsCounting => followed is null or { Count: > 0 };

    /// <summary>Reads it now.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        await reading.WaitAsync(cancel);
        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancel);
            var touched = await connection.ListFlagsAsync(cancel);
            var experiments = await connection.ListExperimentsAsync("where stopped_at is null or stopped_at + time_frame + $1 > $2 order by started_at, id", [Report.Late, time.GetUtcNow().UtcDateTime], cancel);
            var running = experiments.Where(experiment => experiment.StopTime is null).ToList();
            flags.Set(touched, running.Select(experiment => experiment.ToFeature()));
            (Running, followed) = (running, experiments);
        }
        finally
        {
            reading.Release();
        }
    }

    protected override Task LookAsync(CancellationToken cancel) => ReadAsync(cancel);

    public override void Dispose()
    {
        reading.Dispose();
        base.Dispose();
    }
}
