using Duende.IdentityServer.EntityFramework.Interfaces;
using Duende.IdentityServer.EntityFramework.Options;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Duende.IdentityServer.EntityFramework;

/// <summary>Deletes grants that nobody can use any more.</summary>
public interface ITokenCleanupService
{
    /// <summary>Deletes expired grants, in batches, until none is left.</summary>
    Task CleanupGrantsAsync(CancellationToken ct);
}

internal sealed class TokenCleanupService(IPersistedGrantDbContext context, OperationalStoreOptions options, TimeProvider clock) : ITokenCleanupService
{
    public async Task CleanupGrantsAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        int deleted;
        do
        {
            var batch = context.PersistedGrants
                .Where(row => row.Expiration < now || (options.RemoveConsumedTokens && row.ConsumedTime < now))
                .OrderBy(row => row.Id)
                .Take(options.TokenCleanupBatchSize)
                .Select(row => row.Id);
            deleted = await context.PersistedGrants.Where(row => batch.Contains(row.Id)).ExecuteDeleteAsync(ct);
        }
        while (deleted == options.TokenCleanupBatchSize);
    }
}

internal sealed class TokenCleanupHost(
    IServiceScopeFactory scopes, OperationalStoreOptions options, TimeProvider clock, ILogger<TokenCleanupHost> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.TokenCleanupInterval), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<ITokenCleanupService>().CleanupGrantsAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The database may be away; the next round deletes what this one did not.
                logger.LogWarning(error, "Expired grants could not be deleted");
            }
        }
    }
}
