using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>A partition whose log ends before what the broker had acknowledged.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="End">The first offset that is gone.</param>
sealed record LostLog(string Topic, int Partition, long End);

/// <summary>The broker has lost what it acknowledged. What is under way is given up, to be sent again in order.</summary>
sealed class LogLostException(IReadOnlyList<LostLog> logs) : Exception("The broker lost its log.")
{
    public IReadOnlyList<LostLog> Logs { get; } = logs;
}

/// <summary>A broker that lost its log gets it back from the outbox: what it lost waits again, with the same ids and in the same order.</summary>
static class LostLogs
{
    /// <summary>Which partitions the broker has lost, or the end of.</summary>
    /// <exception cref="KafkaException">The broker is away.</exception>
    public static async Task<IReadOnlyList<LostLog>> FindAsync(NpgsqlConnection connection, OutboxRelay.Broker broker, CancellationToken cancel)
    {
        var positions = await PositionsAsync(connection, cancel);
        return await Task.Run(() => broker.FindLost(positions), cancel);
    }

    /// <summary>Looks, and when something is lost, lets it wait again. Holds every lane meanwhile, so that no instance marks what is gone.</summary>
    public static async Task RestoreAsync(NpgsqlConnection connection, OutboxRelay.Broker broker, IReadOnlyList<LostLog> known, ILogger log, CancellationToken cancel)
    {
        if (known.Count == 0 && (await FindAsync(connection, broker, cancel)).Count == 0) return;
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var take = new NpgsqlCommand("SELECT FROM outbox_lane ORDER BY lane FOR UPDATE", connection)) await take.ExecuteNonQueryAsync(cancel);
        // Another instance may have done it by now; then the positions are gone too.
        var positions = await PositionsAsync(connection, cancel);
        var lost = known.Where(l => positions.TryGetValue((l.Topic, l.Partition), out var offset) && offset >= l.End)
            .Concat(await Task.Run(() => broker.FindLost(positions), cancel)).DistinctBy(l => (l.Topic, l.Partition)).ToList();
        foreach (var l in lost)
        {
            var events = await LetWaitAsync(connection, l, cancel);
            log.LogWarning("The broker lost partition {Partition} of {Topic} from offset {Offset} on; {Events} events are sent again", l.Partition, l.Topic, l.End, events);
        }
        await transaction.CommitAsync(cancel);
        EventTelemetry.LostLogs.Add(lost.Count);
    }

    static async Task<int> LetWaitAsync(NpgsqlConnection connection, LostLog lost, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM outbox_position WHERE topic = $1 AND partition = $2 AND log_offset >= $3") { Parameters = { new() { Value = lost.Topic }, new() { Value = lost.Partition }, new() { Value = lost.End } } },
                // What was published before offsets were kept lies nobody knows where: it is sent again when a whole partition is gone.
                new("""
                    UPDATE outbox SET published_at = NULL, partition = NULL, log_offset = NULL
                    WHERE topic = $1 AND published_at IS NOT NULL AND (partition = $2 AND log_offset >= $3 OR log_offset IS NULL AND $3 = 0)
                    """) { Parameters = { new() { Value = lost.Topic }, new() { Value = lost.Partition }, new() { Value = lost.End } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        return reader.RecordsAffected;
    }

    static async Task<Dictionary<(string Topic, int Partition), long>> PositionsAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var positions = new Dictionary<(string, int), long>();
        await using var select = new NpgsqlCommand("SELECT topic, partition, max(log_offset) FROM outbox_position GROUP BY topic, partition", connection);
        await using var reader = await select.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) positions.Add((reader.GetString(0), reader.GetInt32(1)), reader.GetInt64(2));
        return positions;
    }
}
