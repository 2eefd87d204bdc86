using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Blog.ServiceDefaults.Data;

/// <summary>Forgets answers whose time is over; several instances do not get into each other's way.</summary>
public sealed class StoredAnswersWorker<TContext>(IServiceScopeFactory scopes, TimeProvider time, ILogger<StoredAnswersWorker<TContext>> log)
    : PeriodicWorker(TimeSpan.FromMinutes(10), time, log, "Stored answers stay") where TContext : DbContext
{
    const int AtOnce = 5_000;

    /// <summary>Forgets all whose time is over.</summary>
    public override async Task RunAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>().Database;
        var now = Time.GetUtcNow();
        while (await database.ExecuteSqlAsync(
            $"delete from stored_answer where ctid in (select ctid from stored_answer where expires_at <= {now} limit {AtOnce} for update skip locked)", cancel) == AtOnce) ;
    }
}
