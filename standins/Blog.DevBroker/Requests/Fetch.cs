using System.Diagnostics;
using Blog.DevBroker.Protocol;
using Blog.DevBroker.Storage;

namespace Blog.DevBroker.Requests;

/// <summary>
/// Fetch (key 1): record batches as they lie in the log, waiting up to <c>max_wait_ms</c> until <c>min_bytes</c> are there. Fetch sessions
/// (KIP-227) are declined by answering session id 0, which the protocol allows.
/// </summary>
static class Fetch
{
    /// <summary>Clients allow 50 MB and more by default; several of them at once would be felt on a small machine.</summary>
    const int MaxResponseBytes = 8 << 20;

    sealed record Wanted(int Partition, long Offset, int MaxBytes, PartitionLog? Log);

    public static async ValueTask HandleAsync(Broker broker, Request request, ResponseWriter response, CancellationToken stopping)
    {
        var (body, version) = (request.Body, request.Version);
        body.Int32(); // replica id
        var maxWait = TimeSpan.FromMilliseconds(Math.Max(0, body.Int32()));
        var minBytes = body.Int32();
        var maxBytes = Math.Min(body.Int32(), MaxResponseBytes);
        body.Byte(); // isolation level: without transactions both read the same
        if (version >= 7)
            (_, _) = (body.Int32(), body.Int32());
        var topics = body.Array(() =>
        {
            var name = body.String();
            return (Name: name, Partitions: body.Array(() => ReadWanted(broker, body, version, name)));
        });

        var logs = topics.SelectMany(t => t.Partitions).Select(p => p.Log).OfType<PartitionLog>().ToList();
        var clock = Stopwatch.StartNew();
        var start = response.Position;
        using var signal = new FetchSignal();
        // Before the first look, so that an append between look and wait is not missed.
        foreach (var log in logs)
            log.Subscribe(signal);
        try
        {
            while (true)
            {
                response.MoveTo(start);
                var (bytes, failed) = Write(response, version, maxBytes, topics);
                var left = maxWait - clock.Elapsed;
                if (bytes >= minBytes || failed || left <= TimeSpan.Zero)
                    return;
                if (stopping.IsCancellationRequested)
                    return;
                await signal.WaitAsync(left, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            foreach (var log in logs)
                log.Unsubscribe(signal);
        }
    }

    static Wanted ReadWanted(Broker broker, RequestReader body, short version, string topic)
    {
        var partition = body.Int32();
        if (version >= 9)
            body.Int32(); // leader epoch
        var offset = body.Int64();
        if (version >= 5)
            body.Int64(); // log start offset of a follower
        return new Wanted(partition, offset, body.Int32(), broker.Topics.Find(topic, partition));
    }

    static (int Bytes, bool Failed) Write(ResponseWriter response, short version, int maxBytes, List<(string Name, List<Wanted> Partitions)> topics)
    {
        var (total, failed) = (0, false);
        response.Int32(0);
        if (version >= 7)
            response.Error(ErrorCode.None).Int32(0);
        response.Array(topics, topic => response.String(topic.Name).Array(topic.Partitions, p =>
        {
            response.Int32(p.Partition);
            var head = response.Position;
            WriteHead(response, version, p.Log, ErrorCode.None, 0, 0);
            var (written, end) = (0, p.Log?.EndOffset ?? -1);
            var error = p.Log is null ? ErrorCode.UnknownTopicOrPartition
                : total >= maxBytes ? ErrorCode.None
                : p.Log.Read(p.Offset, Math.Min(p.MaxBytes, maxBytes - total), response, out written, out end);

            // The head stands before the records and tells what came of reading them.
            var behind = response.Position;
            response.MoveTo(head);
            WriteHead(response, version, p.Log, error, end, written);
            response.MoveTo(behind);
            total += written;
            failed |= error != ErrorCode.None;
        }));
        return (total, failed);
    }

    static void WriteHead(ResponseWriter response, short version, PartitionLog? log, ErrorCode error, long end, int size)
    {
        response.Error(error).Int64(end).Int64(end);
        if (version >= 5)
            response.Int64(log?.StartOffset ?? -1);
        response.Int32(-1); // no aborted transactions
        if (version >= 11)
            response.Int32(-1); // no preferred replica
        response.Int32(size);
    }
}
