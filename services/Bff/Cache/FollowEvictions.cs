using System.Collections.Concurrent;

namespace Blog.Bff.Cache;

/// <summary>
/// Evicts what shows how many follow somebody, at most once a second for each: a page whose author thousands begin to follow is still made
/// once a second and not a thousand times.
/// </summary>
sealed class FollowEvictions(PageCache cache, TimeProvider time) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, byte> waiting = new(StringComparer.Ordinal);

    public void Add(string personId) => waiting.TryAdd(personId, 0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                if (!waiting.IsEmpty) cache.FollowsChanged([.. waiting.Keys.Where(id => waiting.TryRemove(id, out _))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends, and the cache with it.
        }
    }
}
