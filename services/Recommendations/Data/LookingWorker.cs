using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Recommendations.Data;

/// <summary>Looks for work in the database again and again, with a pause (<see cref="RecommendationsOptions.Look"/>). While the database is away it waits, and says what waits.</summary>
abstract class LookingWorker(IOptions<RecommendationsOptions> options, ILogger log, string whatWaits) : BackgroundService
{
    static readonly TimeSpan Away = TimeSpan.FromSeconds(1);

    /// <summary>Does whatever there is to do.</summary>
    protected abstract Task LookAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await LookAsync(stoppingToken);
                await Task.Delay(options.Value.Look, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                log.LogWarning("{What}, {Reason}", whatWaits, exception.Message);
                await Task.Delay(Away, stoppingToken);
            }
    }
}
