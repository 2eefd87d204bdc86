using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>Sending again what was sent, from the outbox.</summary>
static class OutboxReplay
{
    /// <summary>
    /// Lets events wait again, marked for a consumer group (or all). As they lie in their lanes before anything newer, the last thing a follower reads of a key is
    /// its last event. Null: the last replay of the topic is not over.
    /// </summary>
    public static async Task<(long Events, Guid Run)?> BeginAsync(string connectionString, string topic, DateTimeOffset since, string replayFor, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // What is on its way now arrives first; a broker that is away keeps it there.
        await using (var take = new NpgsqlCommand("SET LOCAL lock_timeout = '5s'; SELECT FROM outbox_lane ORDER BY lane FOR UPDATE", connection)) await take.ExecuteNonQueryAsync(cancel);
        await using (var look = new NpgsqlCommand("SELECT EXISTS (SELECT FROM outbox WHERE topic = $1 AND published_at IS NULL AND replay_for IS NOT NULL)", connection) { Parameters = { new() { Value = topic } } })
            if ((bool)(await look.ExecuteScalarAsync(cancel))!) return null;

        var run = Guid.CreateVersion7();
        await using var replay = new NpgsqlCommand("""
            UPDATE outbox SET published_at = NULL, partition = NULL, log_offset = NULL, replay_for = $3, replay_run = $4
            WHERE topic = $1 AND created_at >= $2 AND published_at IS NOT NULL
            """, connection)
        { CommandTimeout = 0, Parameters = { new() { Value = topic }, new() { Value = since.ToUniversalTime() }, new() { Value = replayFor }, new() { Value = run } } };
        var events = await replay.ExecuteNonQueryAsync(cancel);
        await using (var wake = new NpgsqlCommand("NOTIFY outbox", connection)) await wake.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        return (events, run);
    }
}
