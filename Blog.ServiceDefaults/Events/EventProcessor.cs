using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>
/// Turns events into effects. Events of a batch share one transaction with their inbox rows; when one fails, each gets a transaction of its own, the
/// others first. What fails again and again is put aside as a dead letter in the transaction of its inbox row, and later events of its key
/// wait behind it, so that order per key holds when it is handled after all. See docs/decisions/0008.
/// </summary>
sealed partial class EventProcessor<TContext>(
    EventConsumerSettings settings, EventSubscriptions subscriptions, IServiceScopeFactory scopes, TimeProvider time, ILogger<EventProcessor<TContext>> log) : IDeadLetters, IDisposable
    where TContext : DbContext
{
    /// <summary>How often an event is tried whose failure lies with itself, within about a second.</summary>
    const int Attempts = 5;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim slots = new(settings.Parallelism);

    /// <summary>Handles the events of one partition, in order. Returns when all are settled: effect committed, known already, or put aside.</summary>
    public async Task HandleAsync(IReadOnlyList<ReceivedEvent> batch, CancellationToken cancel)
    {
        var mine = batch.Where(e => !e.IsForOthers).ToList();
        if (mine.Count == 0) return;
        if (mine.Count > 1 && await TryAsync(mine, cancel) is null) return;

        // One by one. What fails steps aside with everything behind it of its key, so that the rest does not wait for the pauses.
        var (failed, failing) = (new List<(ReceivedEvent Event, int Attempts)>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var e in mine)
        {
            if (failing.Contains(e.Key)) failed.Add((e, 0));
            else if (await TryAsync([e], cancel) is not null)
            {
                failed.Add((e, 1));
                failing.Add(e.Key);
            }
        }
        foreach (var (e, made) in failed) await HandleOrPutAsideAsync(e, made, cancel);
    }

    async Task HandleOrPutAsideAsync(ReceivedEvent e, int attempts, CancellationToken cancel)
    {
        while (await TryAsync([e], cancel) is { } failure)
        {
            if (++attempts >= Attempts)
            {
                log.LogError(failure, "Event {Id} of {Topic} failed {Attempts} times and is put aside", e.Context.Id, e.Topic, attempts);
                if (await UntilReachableAsync(() => InTransactionAsync([e], (failure, attempts), cancel), e.Topic, cancel) is { } stuck)
                    throw new InvalidOperationException($"Event {e.Context.Id} of {e.Topic} can neither be handled nor put aside.", stuck);
                return;
            }
            EventTelemetry.Retried.Add(1, EventTelemetry.Of(e.Topic));
            log.LogWarning(failure, "Event {Id} of {Topic} could not be handled and is tried again", e.Context.Id, e.Topic);
            await Task.Delay(Pause(attempts), time, cancel);
        }
    }

    /// <summary>Null when the events are settled; else why they are not, which is the fault of one of them. Waits as long as the database is away.</summary>
    Task<Exception?> TryAsync(List<ReceivedEvent> events, CancellationToken cancel) =>
        UntilReachableAsync(() => InTransactionAsync(events, null, cancel), events[0].Topic, cancel);

    async Task<Exception?> UntilReachableAsync(Func<Task> attempt, string topic, CancellationToken cancel)
    {
        for (var failures = 0; ; failures++)
        {
            await slots.WaitAsync(cancel);
            try
            {
                await attempt();
                return null;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancel.IsCancellationRequested)
            {
                if (!IsTransient(exception)) return exception;
                EventTelemetry.Retried.Add(1, EventTelemetry.Of(topic));
                if (failures % 10 == 0) log.LogWarning("Events of {Topic} wait, {Reason}", topic, exception.GetBaseException().Message);
            }
            finally
            {
                slots.Release();
            }
            await Task.Delay(Pause(failures), time, cancel);
        }
    }

    /// <summary>Exponential with jitter: half to all of 50 ms, 100 ms, 200 ms … 5 s.</summary>
    static TimeSpan Pause(int failures) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * Math.Pow(2, failures)) * (0.5 + Random.Shared.NextDouble() / 2));

    /// <summary>The fault is of the moment, not of the event: the database, or a service that a handler asks, is away or busy.</summary>
    static bool IsTransient(Exception? exception) => exception switch
    {
        null => false,
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => true,
        DbException { IsTransient: true } => true,
        TimeoutException or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted } => true,
        _ => IsTransient(exception.InnerException),
    };

    async Task InTransactionAsync(List<ReceivedEvent> events, (Exception Error, int Attempts)? putAside, CancellationToken cancel)
    {
        var (handled, repeated) = (0, 0);
        await WithTransactionAsync(async (services, db, transaction) =>
        {
            (handled, repeated) = (0, 0);
            var (fresh, held) = await NoteAsync(transaction, events, cancel);
            foreach (var e in events)
            {
                if (!fresh.Remove(e.InboxId)) repeated++;
                else if (e.Unreadable is { } problem) await PutAsideAsync(transaction, e, DeadLetterReason.Unreadable, problem, 0, cancel);
                else if (held.Contains(e.Key)) await PutAsideAsync(transaction, e, DeadLetterReason.Behind, "An earlier event of its key is put aside.", 0, cancel);
                else if (putAside is var (error, attempts)) await PutAsideAsync(transaction, e, DeadLetterReason.Failed, Describe(error), attempts, cancel);
                else
                {
                    using var activity = e.StartActivity();
                    await ApplyAsync(services, db, e, cancel);
                    handled++;
                }
            }
        }, cancel);

        var topic = EventTelemetry.Of(events[0].Topic);
        if (repeated > 0) EventTelemetry.Repeated.Add(repeated, topic);
        if (handled == 0) return;
        EventTelemetry.Handled.Add(handled, topic);
        var now = time.GetUtcNow();
        foreach (var e in events.Where(e => !e.Context.IsReplay)) EventTelemetry.Delay.Record((now - e.Context.Time).TotalSeconds, topic);
    }

    async Task WithTransactionAsync(Func<IServiceProvider, TContext, NpgsqlTransaction, Task> work, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TContext>();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            db.Database.AutoSavepointsEnabled = false;
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await work(scope.ServiceProvider, db, (NpgsqlTransaction)transaction.GetDbTransaction());
            await transaction.CommitAsync(cancel);
        });
    }

    async Task ApplyAsync(IServiceProvider services, TContext db, ReceivedEvent e, CancellationToken cancel)
    {
        await subscriptions.ByTopic[e.Topic].Handle(services, e.Message!, e.Context, cancel);
        await db.SaveChangesAsync(cancel);
        // The next handler of the batch sees what is stored, not what this one had loaded.
        db.ChangeTracker.Clear();
    }

    /// <summary>Writes the inbox rows; returns which are new, and which of the keys are held. Locks those keys' dead letters, so that a retry of them waits.</summary>
    async Task<(HashSet<Guid> Fresh, HashSet<string> Held)> NoteAsync(NpgsqlTransaction transaction, List<ReceivedEvent> events, CancellationToken cancel)
    {
        var last = events[^1];
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new("INSERT INTO inbox (id, topic, consumed_at) SELECT id, $2, $3 FROM unnest($1) AS id ON CONFLICT DO NOTHING RETURNING id")
                {
                    Parameters = { new() { Value = events.Select(e => e.InboxId).ToArray() }, new() { Value = last.Topic }, new() { Value = time.GetUtcNow() } },
                },
                new("SELECT key FROM dead_letter WHERE topic = $1 AND key = ANY($2) AND reason <> 'unreadable' FOR SHARE")
                {
                    Parameters = { new() { Value = last.Topic }, new() { Value = events.Select(e => e.Key).Distinct().ToArray() } },
                },
                new("""
                    INSERT INTO inbox_position (topic, partition, log_offset, event_id) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (topic, partition) DO UPDATE SET log_offset = excluded.log_offset, event_id = excluded.event_id
                    """)
                {
                    Parameters = { new() { Value = last.Topic }, new() { Value = last.Partition }, new() { Value = last.Offset }, new() { Value = last.Context.Id } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var (fresh, held) = (new HashSet<Guid>(), new HashSet<string>(StringComparer.Ordinal));
        while (await reader.ReadAsync(cancel)) fresh.Add(reader.GetGuid(0));
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel)) held.Add(reader.GetString(0));
        return (fresh, held);
    }

    /// <summary>Into the table, and by the outbox to the dead-letter topic.</summary>
    async Task PutAsideAsync(NpgsqlTransaction transaction, ReceivedEvent e, string reason, string error, int attempts, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var headers = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            [EventHeaders.OriginId] = e.Context.Id.ToString(),
            [EventHeaders.OriginTopic] = e.Topic,
            [EventHeaders.OriginPartition] = e.Partition.ToString(CultureInfo.InvariantCulture),
            [EventHeaders.OriginOffset] = e.Offset.ToString(CultureInfo.InvariantCulture),
            [EventHeaders.Reason] = reason,
            [EventHeaders.Error] = error,
        });
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new("""
                    INSERT INTO dead_letter (event_id, topic, partition, log_offset, key, type, payload, event_time, traceparent, is_replay, reason, error, attempts, dead_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
                    """)
                {
                    Parameters =
                    {
                        new() { Value = e.Context.Id }, new() { Value = e.Topic }, new() { Value = e.Partition }, new() { Value = e.Offset }, new() { Value = e.Key },
                        new() { Value = e.Type }, new() { Value = e.Payload }, new() { Value = e.Context.Time.ToUniversalTime() }, new() { Value = (object?)e.Traceparent ?? DBNull.Value },
                        new() { Value = e.Context.IsReplay }, new() { Value = reason }, new() { Value = error }, new() { Value = attempts }, new() { Value = now },
                    },
                },
                new("INSERT INTO outbox (id, topic, key, lane, type, payload, traceparent, created_at, headers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
                {
                    Parameters =
                    {
                        new() { Value = Guid.CreateVersion7(now) }, new() { Value = Topics.DeadLettersOf(settings.Group) }, new() { Value = e.Key }, new() { Value = Outbox.LaneOf(e.Key) },
                        new() { Value = e.Type }, new() { Value = e.Payload }, new() { Value = (object?)e.Traceparent ?? DBNull.Value }, new() { Value = now }, new() { Value = headers },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
        EventTelemetry.DeadLettered.Add(1, EventTelemetry.Of(e.Topic), new("reason", reason));
    }

    static string Describe(Exception error)
    {
        var text = $"{error.GetType().Name}: {error.Message}" + (error.InnerException is { } inner ? $" ({inner.GetType().Name}: {inner.Message})" : "");
        return text.Length <= 2000 ? text : text[..2000];
    }

    /// <inheritdoc/>
    public void Dispose() => slots.Dispose();
}
