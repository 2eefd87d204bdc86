using System.Collections.Concurrent;
using Blog.ServiceDefaults.Data;
using Npgsql;

namespace Blog.Notifications.Live;

/// <summary>
/// Hears of every change of a bell, made by this or another instance (NOTIFY of the database, after the commit), and wakes the streams that show
/// that bell. After a time without connection all are woken: they look for themselves what they missed.
/// </summary>
sealed class BellWatchers(IConfiguration configuration, TimeProvider time, ILogger<BellWatchers> log) : BackgroundService
{
    readonly ConcurrentDictionary<BellStream, byte> streams = [];

    public void Add(BellStream stream) => streams[stream] = 0;

    public void Remove(BellStream stream) => streams.TryRemove(stream, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var source = NpgsqlDataSource.Create(configuration.DatabaseConnection("notifications"));
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await using var listener = await source.OpenConnectionAsync(stoppingToken);
                listener.Notification += (_, notice) =>
                {
                    if (Guid.TryParse(notice.Payload, out var person))
                        foreach (var stream in streams.Keys) stream.Ring(person);
                };
                await using (var listen = new NpgsqlCommand("listen bell", listener)) await listen.ExecuteNonQueryAsync(stoppingToken);
                foreach (var stream in streams.Keys) stream.RingAll();
                failures = 0;
                while (true)
                    await listener.WaitAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                var pause = TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(failures++, 5)));
                log.LogWarning("Bells are not heard: {Reason}. Next try in {Pause} ms", exception.Message, pause.TotalMilliseconds);
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
    }
}
