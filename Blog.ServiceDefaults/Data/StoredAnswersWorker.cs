using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Blog.ServiceDefaults.Data;

/// <summary>Forgets answers whose time is over; several instances do not get into each other's way.</summary>
public sealed class StoredAnswersWorker<TContext>(IServiceScopeFactory scopes, TimeProvider time, ILogger<StoredAnswersWorker<TContext>> log) : BackgroundService where TContext : DbContext
{
    const int AtOnce = 5_000;
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                log.LogWarning(problem, "Stored answers stay for another {Interval}", Interval);
            }
    }

    /// <summary>Forgets all whose time is over.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>().Database;
        var now = time.GetUtcNow();
        while (await database.ExecuteSqlAsync(
            $"delete from stored_answer where ctid in (select ctid from stored_answer where expires_at <= {now} limit {AtOnce} for update skip locked)", cancel) == AtOnce) ;
    }
}
