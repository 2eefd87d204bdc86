using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>
/// Carries events from the outbox to the broker. Each lane is taken under a row lock (<c>FOR UPDATE SKIP LOCKED</c>), so several
/// instances share the work and the order within a key holds. A row is marked only after the broker has acknowledged it: a crash between the
/// two sends it again with the same id, never loses it. Woken by NOTIFY, and once a second in case a notice was missed.
/// </summary>
public sealed class OutboxRelay(string connectionString, IProducer<string, byte[]> producer, TimeProvider time, ILogger<OutboxRelay> log) : BackgroundService
{
    const int BatchSize = 500;

    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Relayed = Meter.CreateCounter<long>("blog.outbox.relayed", "{event}", "Events acknowledged by the broker.");
    static readonly Histogram<double> Age = Meter.CreateHistogram<double>("blog.outbox.age", "s", "From commit to acknowledgement.");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RelayUntilBroken(source, () => failures = 0, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or KafkaException or TimeoutException or IOException)
            {
                var pause = TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(failures++, 5)));
                log.LogWarning("Events wait, {Reason}. Next try in {Pause} ms", exception.Message, pause.TotalMilliseconds);
                await Task.Delay(pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task RelayUntilBroken(NpgsqlDataSource source, Action onProgress, CancellationToken cancel)
    {
        await using var listener = await source.OpenConnectionAsync(cancel);
        await using (var listen = new NpgsqlCommand("LISTEN outbox", listener)) await listen.ExecuteNonQueryAsync(cancel);
        await using var worker = await source.OpenConnectionAsync(cancel);
        while (!cancel.IsCancellationRequested)
        {
            while (await RelayWaiting(worker, cancel) > 0) onProgress();
            await listener.WaitAsync(TimeSpan.FromSeconds(1), cancel);
        }
    }

    async Task<int> RelayWaiting(NpgsqlConnection connection, CancellationToken cancel)
    {
        var lanes = new List<short>();
        await using (var find = new NpgsqlCommand("SELECT DISTINCT lane FROM outbox WHERE published_at IS NULL", connection))
        await using (var reader = await find.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel)) lanes.Add(reader.GetInt16(0));
        var relayed = 0;
        foreach (var lane in lanes) relayed += await RelayLane(connection, lane, cancel);
        return relayed;
    }

    async Task<int> RelayLane(NpgsqlConnection connection, short lane, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var take = new NpgsqlCommand("SELECT 1 FROM outbox_lane WHERE lane = $1 FOR UPDATE SKIP LOCKED", connection) { Parameters = { new() { Value = lane } } })
            if (await take.ExecuteScalarAsync(cancel) is null) return 0;

        var rows = await Read(connection, lane, cancel);
        if (rows.Count == 0) return 0;
        await Task.WhenAll(rows.Select(row => producer.ProduceAsync(row.Topic, row.Message, cancel)));

        await using (var mark = new NpgsqlCommand("UPDATE outbox SET published_at = $1 WHERE position = ANY($2)", connection)
        {
            Parameters = { new() { Value = time.GetUtcNow() }, new() { Value = rows.Select(row => row.Position).ToArray() } },
        })
            await mark.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);

        Relayed.Add(rows.Count);
        foreach (var row in rows) Age.Record((time.GetUtcNow() - row.CreatedAt).TotalSeconds);
        return rows.Count;
    }

    static async Task<List<Row>> Read(NpgsqlConnection connection, short lane, CancellationToken cancel)
    {
        await using var select = new NpgsqlCommand($"""
            SELECT position, id, topic, key, type, payload, traceparent, created_at FROM outbox
            WHERE lane = $1 AND published_at IS NULL ORDER BY position LIMIT {BatchSize.ToString(CultureInfo.InvariantCulture)}
            """, connection)
        { Parameters = { new() { Value = lane } } };
        await using var reader = await select.ExecuteReaderAsync(cancel);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancel))
        {
            var createdAt = reader.GetFieldValue<DateTimeOffset>(7);
            var headers = new Headers
            {
                { "id", Encoding.UTF8.GetBytes(reader.GetGuid(1).ToString()) },
                { "type", Encoding.UTF8.GetBytes(reader.GetString(4)) },
                { "time", Encoding.UTF8.GetBytes(createdAt.ToString("O", CultureInfo.InvariantCulture)) },
            };
            if (!reader.IsDBNull(6)) headers.Add("traceparent", Encoding.UTF8.GetBytes(reader.GetString(6)));
            rows.Add(new(reader.GetInt64(0), reader.GetString(2), createdAt,
                new Message<string, byte[]> { Key = reader.GetString(3), Value = (byte[])reader[5], Headers = headers }));
        }
        return rows;
    }

    sealed record Row(long Position, string Topic, DateTimeOffset CreatedAt, Message<string, byte[]> Message);
}

/// <summary>Registration of the relay.</summary>
public static class OutboxRelayRegistration
{
    /// <summary>
    /// Relays the outbox of the database <paramref name="connectionName"/> to the broker <paramref name="brokerName"/>. The producer is idempotent and
    /// waits for every replica (acks=all).
    /// </summary>
    public static IHostApplicationBuilder AddOutboxRelay(this IHostApplicationBuilder builder, string connectionName, string brokerName = "broker")
    {
        builder.AddKafkaProducer<string, byte[]>(brokerName, settings =>
        {
            settings.Config.EnableIdempotence = true;
            settings.Config.Acks = Acks.All;
            settings.Config.LingerMs = 2;
            settings.Config.MessageTimeoutMs = 10_000;
            // A broker that is away makes events wait, it does not make the service unready: commands still commit.
            settings.DisableHealthChecks = true;
        });
        var connectionString = builder.Configuration.GetConnectionString(connectionName)
            ?? throw new InvalidOperationException($"ConnectionStrings:{connectionName} is not configured.");
        builder.Services.AddHostedService(provider => new OutboxRelay(
            connectionString, provider.GetRequiredService<IProducer<string, byte[]>>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OutboxRelay>>()));
        return builder;
    }
}
