using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

sealed partial class EventProcessor<TContext>
{
    const string Columns = "id, event_id, topic, partition, log_offset, key, type, payload, event_time, traceparent, is_replay, reason, error, attempts, dead_at";

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeadLetter>> ListAsync(string? topic, long after, int count, CancellationToken cancel) => ReadAsync(
        $"SELECT {Columns} FROM dead_letter WHERE id > $1 AND ($2::text IS NULL OR topic = $2) ORDER BY id LIMIT $3",
        [new() { Value = after }, new() { Value = (object?)topic ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }, new() { Value = count }], cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancel)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        await QueryAsync("SELECT topic, count(*) FROM dead_letter GROUP BY topic", [], row => counts.Add(row.GetString(0), row.GetInt64(1)), cancel);
        return counts;
    }

    /// <inheritdoc/>
    public async Task<DeadLetterOutcome?> RetryAsync(long id, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } letter) return null;
        if (letter.Reason != DeadLetterReason.Unreadable) return await HandleHeldAsync(letter.Topic, letter.Key, 0, cancel);
        var error = await TryAgainAsync(letter, cancel);
        return new(error is null ? 1 : 0, 0, error);
    }

    /// <inheritdoc/>
    public async Task<DeadLetterOutcome?> DropAsync(long id, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } letter) return null;
        var dropped = 0;
        await WithTransactionAsync(async (_, _, transaction) => dropped = await DeleteAsync(transaction, id, cancel), cancel);
        log.LogWarning("Dead letter {Id} of {Topic}, event {Event}, was dropped", id, letter.Topic, letter.EventId);
        return letter.Reason == DeadLetterReason.Failed ? await HandleHeldAsync(letter.Topic, letter.Key, dropped, cancel) : new(0, dropped, null);
    }

    /// <summary>In order, one transaction each, until none is left or one fails. The consumer puts new events of the key behind these as long as there are any.</summary>
    async Task<DeadLetterOutcome> HandleHeldAsync(string topic, string key, int dropped, CancellationToken cancel)
    {
        for (var handled = 0; ; handled++)
        {
            var first = await ReadAsync($"SELECT {Columns} FROM dead_letter WHERE topic = $1 AND key = $2 AND reason <> 'unreadable' ORDER BY id LIMIT 1",
                [new() { Value = topic }, new() { Value = key }], cancel);
            if (first.Count == 0) return new(handled, dropped, null);
            if (await TryAgainAsync(first[0], cancel) is { } error) return new(handled, dropped, error);
        }
    }

    /// <summary>Null when its effect is committed and the dead letter gone; else why not.</summary>
    async Task<string?> TryAgainAsync(DeadLetter letter, CancellationToken cancel)
    {
        if (!subscriptions.ByTopic.TryGetValue(letter.Topic, out var subscription)) return $"This service follows {letter.Topic} no more.";
        var (message, problem) = ReceivedEvent.Parse(subscription, letter.Type, letter.Payload);
        if (problem is not null) return problem;
        var e = new ReceivedEvent
        {
            InboxId = letter.EventId,
            Context = new(letter.EventId, letter.Topic, letter.Key, letter.Time, letter.IsReplay),
            Partition = letter.Partition,
            Offset = letter.Offset,
            Type = letter.Type,
            Payload = letter.Payload,
            Traceparent = letter.Traceparent,
            Message = message,
        };
        try
        {
            await WithTransactionAsync(async (services, db, transaction) =>
            {
                // Somebody else may have been faster; then its effect is there already.
                if (await DeleteAsync(transaction, letter.Id, cancel) == 0) return;
                using var activity = e.StartActivity();
                await ApplyAsync(services, db, e, cancel);
            }, cancel);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !IsTransient(exception))
        {
            var error = Describe(exception);
            await WithTransactionAsync(async (_, _, transaction) =>
            {
                await using var update = new NpgsqlCommand("UPDATE dead_letter SET reason = $2, error = $3, attempts = attempts + 1 WHERE id = $1", transaction.Connection, transaction)
                {
                    Parameters = { new() { Value = letter.Id }, new() { Value = DeadLetterReason.Failed }, new() { Value = error } },
                };
                await update.ExecuteNonQueryAsync(cancel);
            }, cancel);
            return error;
        }
    }

    static async Task<int> DeleteAsync(NpgsqlTransaction transaction, long id, CancellationToken cancel)
    {
        await using var delete = new NpgsqlCommand("DELETE FROM dead_letter WHERE id = $1", transaction.Connection, transaction) { Parameters = { new() { Value = id } } };
        return await delete.ExecuteNonQueryAsync(cancel);
    }

    async Task<DeadLetter?> FindAsync(long id, CancellationToken cancel) =>
        (await ReadAsync($"SELECT {Columns} FROM dead_letter WHERE id = $1", [new() { Value = id }], cancel)).SingleOrDefault();

    async Task<IReadOnlyList<DeadLetter>> ReadAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancel)
    {
        var letters = new List<DeadLetter>();
        await QueryAsync(sql, parameters, row => letters.Add(new(
            row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4), row.GetString(5), row.GetString(6), (byte[])row[7], row.GetFieldValue<DateTimeOffset>(8),
            row.IsDBNull(9) ? null : row.GetString(9), row.GetBoolean(10), row.GetString(11), row.GetString(12), row.GetInt32(13), row.GetFieldValue<DateTimeOffset>(14))), cancel);
        return letters;
    }

    async Task QueryAsync(string sql, NpgsqlParameter[] parameters, Action<NpgsqlDataReader> read, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        await db.Database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection());
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) read(reader);
    }
}
