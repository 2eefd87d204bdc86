using System.Threading.Channels;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>Wakes workers when a transaction, of any instance, has brought a job. Jobs that are due later, or whose notice was lost, are looked for now and then.</summary>
sealed class IndexingNotices(IndexingDatabase database, ILogger<IndexingNotices> log) : BackgroundService
{
    readonly List<Waiting> waiting = [];
    readonly Lock gate = new();

    /// <summary>One worker's end.</summary>
    public sealed class Waiting
    {
        static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
        readonly Channel<bool> bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Ring() => bell.Writer.TryWrite(true);

        /// <summary>Returns when there may be work.</summary>
        public async Task WaitAsync(CancellationToken cancel)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Look);
            try
            {
                await bell.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // Nothing was heard: look all the same.
            }
        }
    }

    public Waiting Waiter()
    {
        var waiter = new Waiting();
        lock (gate)
            waiting.Add(waiter);
        return waiter;
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
        connection.Notification += (_, _) => Ring();
        await using (var listen = new NpgsqlCommand($"listen {Jobs.Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        while (true)
        {
            // A connection that died without a word is found by the question.
            if (!await connection.WaitAsync(TimeSpan.FromSeconds(10), cancel))
            {
                await using var ask = new NpgsqlCommand("select 1", connection);
                await ask.ExecuteNonQueryAsync(cancel);
            }
        }
    }

    void Ring()
    {
        lock (gate)
            foreach (var waiter in waiting)
                waiter.Ring();
    }
}
