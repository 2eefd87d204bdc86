using System.Threading.Channels;
using Blog.Feed.Data;
using Blog.Feed.Sources;
using Npgsql;

namespace Blog.Feed.Spreading;

/// <summary>
/// Listens to what other transactions, of any instance, tell: that work waits, or that a source's articles changed. While the database cannot be heard nothing is
/// taken from memory, and workers look once a second.
/// </summary>
sealed class FeedNotices(FeedDatabase database, BigSources bigSources, ILogger<FeedNotices> log) : BackgroundService
{
    readonly Channel<bool>[] workers = [.. Enumerable.Range(0, Workers.Lanes.Count).Select(_ => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }))];

    /// <summary>Returns when there may be work, at the latest after a second.</summary>
    public async Task WaitForWorkAsync(int lane, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            await workers[lane].Reader.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Nothing was heard: look all the same.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                bigSources.Deaf();
                log.LogWarning("Notices of the database are not heard, {Reason}", exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(500), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        connection.Notification += (_, notice) => Hear(notice.Payload);
        await connection.ExecuteAsync($"listen {FeedDatabase.Channel}", [], cancel);
        bigSources.Listening();
        while (true)
        {
            // A connection that died without a word is found by the question.
            if (!await connection.WaitAsync(TimeSpan.FromSeconds(10), cancel))
                await connection.ExecuteAsync("select 1", [], cancel);
        }
    }

    void Hear(string payload)
    {
        if (payload.Length == 0)
            foreach (var worker in workers)
                worker.Writer.TryWrite(true);
        else
            bigSources.Changed(Guid.Parse(payload));
    }
}
