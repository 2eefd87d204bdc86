using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Blog.ServiceDefaults.Data;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>What a relay works between.</summary>
/// <param name="Service">The owner of the database: it makes the topics that begin with its name.</param>
/// <param name="ConnectionString">Of the database that holds the outbox.</param>
/// <param name="Broker">Bootstrap servers.</param>
sealed record OutboxSettings(string Service, string ConnectionString, string Broker);

/// <summary>
/// Carries events from the outbox to the broker. Lanes are taken under a row lock (<c>FOR UPDATE SKIP LOCKED</c>), so several
/// instances share the work and the order within a key holds. A row is marked only after the broker has acknowledged it: a crash between the
/// two sends it again with the same id, never loses it. Woken by NOTIFY, and once a second in case a notice was missed.
/// <para>
/// The offset of each acknowledgement is kept. A broker that has fewer events than that has lost its log; then what it lost waits again in the outbox and
/// is sent again before anything newer. See docs/decisions/0008.
/// </para>
/// </summary>
sealed class OutboxRelay(OutboxSettings settings, TimeProvider time, ILogger<OutboxRelay> log) : BackgroundService
{
    /// <summary>Events taken of each lane at once.</summary>
    const int BatchOfLane = 200;

    static readonly TimeSpan Missed = TimeSpan.FromSeconds(1), LogCheck = TimeSpan.FromMinutes(1), WhileSuspect = TimeSpan.FromMilliseconds(300), LongestSpan = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        var failures = 0;
        IReadOnlyList<LostLog> lost = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var broker = new Broker(settings, log);
                await RelayUntilBroken(source, broker, lost, () => (failures, lost) = (0, []), stoppingToken);
            }
            catch (LogLostException exception)
            {
                lost = exception.Logs;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever it is, the service goes on and so do its events, when it is over.
                var pause = TimeSpan.FromMilliseconds(Math.Min(2000, 100 << Math.Min(failures++, 5)) * (0.5 + Random.Shared.NextDouble() / 2));
                if (failures % 10 == 1) log.LogWarning(exception is NpgsqlException or KafkaException ? null : exception, "Events wait, {Reason}", exception.Message);
                await Task.Delay(pause, time, stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    async Task RelayUntilBroken(NpgsqlDataSource source, Broker broker, IReadOnlyList<LostLog> lost, Action onProgress, CancellationToken cancel)
    {
        await using var listener = await source.OpenConnectionAsync(cancel);
        await using (var listen = new NpgsqlCommand("LISTEN outbox", listener)) await listen.ExecuteNonQueryAsync(cancel);
        await using var worker = await source.OpenConnectionAsync(cancel);
        await LostLogs.RestoreAsync(worker, broker, lost, log, cancel);
        await broker.EnsureTopicsAsync(Topics.All.Where(topic => Topics.OwnerOf(topic) == settings.Service));
        onProgress();
        var verified = time.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            if (broker.IsSuspect || time.GetElapsedTime(verified) > LogCheck)
            {
                broker.IsSuspect = false;
                await LostLogs.RestoreAsync(worker, broker, [], log, cancel);
                verified = time.GetTimestamp();
            }
            if (await RelayWaiting(worker, broker, cancel)) onProgress();
            else await listener.WaitAsync(Missed, cancel);
        }
    }

    async Task<bool> RelayWaiting(NpgsqlConnection connection, Broker broker, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var lanes = await TakeLanes(connection, cancel);
        if (lanes.Length == 0) return false;
        var (rows, positions) = await Read(connection, lanes, cancel);
        if (rows.Count == 0) return false;
        await broker.EnsureTopicsAsync(rows.Select(row => row.Topic).Distinct());
        await Send(connection, broker, rows, cancel);

        var overwritten = rows.Where(row => row.Offset >= 0 && positions.TryGetValue((row.Topic, row.Partition), out var known) && row.Offset <= known)
            .GroupBy(row => (row.Topic, row.Partition)).Select(group => new LostLog(group.Key.Topic, group.Key.Partition, group.Min(row => row.Offset))).ToList();
        if (overwritten.Count > 0) throw new LogLostException(overwritten);

        await Mark(connection, rows, time.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        EventTelemetry.Relayed.Add(rows.Count);
        var now = time.GetUtcNow();
        foreach (var row in rows) EventTelemetry.OutboxAge.Record((now - row.CreatedAt).TotalSeconds);
        return true;
    }

    /// <summary>The lanes in which something waits and that no other instance has. A statement of its own: what waits is read after the lock is held.</summary>
    static async Task<short[]> TakeLanes(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var take = new NpgsqlCommand("""
            SELECT lane FROM outbox_lane AS l WHERE EXISTS (SELECT FROM outbox WHERE outbox.lane = l.lane AND published_at IS NULL) FOR UPDATE SKIP LOCKED
            """, connection);
        await using var reader = await take.ExecuteReaderAsync(cancel);
        var lanes = new List<short>();
        while (await reader.ReadAsync(cancel)) lanes.Add(reader.GetInt16(0));
        return [.. lanes];
    }

    static async Task<(List<Row> Rows, Dictionary<(string, int), long> Positions)> Read(NpgsqlConnection connection, short[] lanes, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("SELECT topic, partition, max(log_offset) FROM outbox_position GROUP BY topic, partition"),
                new($"""
                    SELECT position, id, topic, key, type, payload, traceparent, created_at, headers, replay_for, replay_run, lane
                    FROM unnest($1) AS taken(number) CROSS JOIN LATERAL (
                        SELECT * FROM outbox WHERE lane = taken.number AND published_at IS NULL ORDER BY position LIMIT {BatchOfLane.ToString(CultureInfo.InvariantCulture)}) AS waiting
                    """) { Parameters = { new() { Value = lanes } } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var positions = new Dictionary<(string, int), long>();
        while (await reader.ReadAsync(cancel)) positions.Add((reader.GetString(0), reader.GetInt32(1)), reader.GetInt64(2));
        await reader.NextResultAsync(cancel);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancel)) rows.Add(Row.Read(reader));
        return (rows, positions);
    }

    /// <summary>
    /// Sends in order and waits for every acknowledgement, without limit: an event that were given up while a later one arrives would be overtaken.
    /// When the connection broke meanwhile, whether the broker still has its log is asked before what is under way reaches a new one.
    /// </summary>
    async Task Send(NpgsqlConnection connection, Broker broker, List<Row> rows, CancellationToken cancel)
    {
        var (left, done) = (rows.Count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        foreach (var row in rows)
        {
            var activity = row.StartActivity(time.GetUtcNow());
            broker.Producer.Produce(row.Topic, row.ToMessage(activity), report =>
            {
                activity?.Dispose();
                if (report.Error.IsError) done.TrySetException(new KafkaException(report.Error));
                (row.Partition, row.Offset) = (report.Partition.Value, report.Offset.Value);
                if (Interlocked.Decrement(ref left) == 0) done.TrySetResult();
            });
        }
        while (true)
        {
            await Task.WhenAny(done.Task, Task.Delay(WhileSuspect, time, cancel));
            cancel.ThrowIfCancellationRequested();
            if (done.Task.IsCompleted) break;
            if (!broker.IsSuspect) continue;
            try
            {
                if (await LostLogs.FindAsync(connection, broker, cancel) is { Count: > 0 } lost) throw new LogLostException(lost);
                broker.IsSuspect = false;
            }
            catch (KafkaException)
            {
                // Still away.
            }
        }
        await done.Task;
    }

    static async Task Mark(NpgsqlConnection connection, List<Row> rows, DateTimeOffset now, CancellationToken cancel)
    {
        var last = rows.Where(row => row.Offset >= 0).GroupBy(row => (row.Lane, row.Topic, row.Partition))
            .Select(group => (group.Key.Lane, group.Key.Topic, group.Key.Partition, Offset: group.Max(row => row.Offset))).ToList();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("""
                    UPDATE outbox SET published_at = $1, partition = sent.partition, log_offset = nullif(sent.log_offset, -1), replay_for = NULL, replay_run = NULL
                    FROM unnest($2, $3, $4) AS sent(position, partition, log_offset) WHERE outbox.position = sent.position
                    """)
                {
                    Parameters =
                    {
                        new() { Value = now }, new() { Value = rows.Select(row => row.Position).ToArray() }, new() { Value = rows.Select(row => row.Partition).ToArray() },
                        new() { Value = rows.Select(row => Math.Max(row.Offset, -1)).ToArray() },
                    },
                },
                new("""
                    INSERT INTO outbox_position (lane, topic, partition, log_offset) SELECT * FROM unnest($1, $2, $3, $4)
                    ON CONFLICT (lane, topic, partition) DO UPDATE SET log_offset = excluded.log_offset
                    """)
                {
                    Parameters =
                    {
                        new() { Value = last.Select(p => p.Lane).ToArray() }, new() { Value = last.Select(p => p.Topic).ToArray() },
                        new() { Value = last.Select(p => p.Partition).ToArray() }, new() { Value = last.Select(p => p.Offset).ToArray() },
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>An event that waits, and where it came to lie.</summary>
    sealed class Row
    {
        public required long Position { get; init; }
        public required string Topic { get; init; }
        public required short Lane { get; init; }
        public required DateTimeOffset CreatedAt { get; init; }
        public required string? Traceparent { get; init; }
        public required Message<string, byte[]> Message { get; init; }
        public int Partition { get; set; } = -1;
        public long Offset { get; set; } = -1;

        public static Row Read(NpgsqlDataReader reader)
        {
            var createdAt = reader.GetFieldValue<DateTimeOffset>(7);
            var headers = new Headers();
            void Add(string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
            Add(EventHeaders.Id, reader.GetGuid(1).ToString());
            Add(EventHeaders.Type, reader.GetString(4));
            Add(EventHeaders.Time, createdAt.ToString("O", CultureInfo.InvariantCulture));
            if (!reader.IsDBNull(8))
                foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(8))!) Add(name, value);
            if (!reader.IsDBNull(9))
            {
                Add(EventHeaders.ReplayFor, reader.GetString(9));
                Add(EventHeaders.ReplayRun, reader.GetGuid(10).ToString());
            }
            return new()
            {
                Position = reader.GetInt64(0),
                Topic = reader.GetString(2),
                Lane = reader.GetInt16(11),
                CreatedAt = createdAt,
                // What is sent again belongs to no request.
                Traceparent = reader.IsDBNull(6) || !reader.IsDBNull(9) ? null : reader.GetString(6),
                Message = new() { Key = reader.GetString(3), Value = (byte[])reader[5], Headers = headers },
            };
        }

        /// <summary>From its commit to the broker's acknowledgement, in the trace of the request that caused it.</summary>
        public Activity? StartActivity(DateTimeOffset now)
        {
            // What waited for long (a broker that was away, or lost its log) would stretch the trace beyond reading.
            if (now - CreatedAt > LongestSpan || Traceparent is null || !ActivityContext.TryParse(Traceparent, null, out var parent)) return null;
            var activity = EventTelemetry.Source.CreateActivity("publish " + Topic, ActivityKind.Producer, parent, [new("messaging.destination.name", Topic), new("messaging.kafka.message.key", Message.Key)]);
            return activity?.SetStartTime(CreatedAt.UtcDateTime).Start();
        }

        public Message<string, byte[]> ToMessage(Activity? activity)
        {
            if ((activity?.Id ?? Traceparent) is { } traceparent) Message.Headers.Add(EventHeaders.Traceparent, Encoding.UTF8.GetBytes(traceparent));
            return Message;
        }
    }

    /// <summary>The clients of the broker that live and die together. The producer is idempotent, waits for every replica and never gives up by itself.</summary>
    internal sealed class Broker : IDisposable
    {
        readonly OutboxSettings settings;
        readonly HashSet<string> ensured = new(StringComparer.Ordinal);

        public Broker(OutboxSettings settings, ILogger log)
        {
            this.settings = settings;
            var config = new ProducerConfig
            {
                BootstrapServers = settings.Broker,
                EnableIdempotence = true,
                Acks = Acks.All,
                LingerMs = 1,
                MessageTimeoutMs = 0,
                ReconnectBackoffMs = 50,
                ReconnectBackoffMaxMs = 1_000,
                SocketKeepaliveEnable = true,
            };
            // Topics are made with their number of partitions, not by the way.
            config.Set("allow.auto.create.topics", "false");
            Producer = new ProducerBuilder<string, byte[]>(config)
                .SetErrorHandler((_, error) =>
                {
                    IsSuspect = true;
                    log.LogDebug("The broker does not answer: {Reason}", error.Reason);
                })
                .SetLogHandler((_, message) => log.LogDebug("{Message}", message.Message)).Build();
        }

        public IProducer<string, byte[]> Producer { get; }

        /// <summary>The connection broke since somebody looked: behind the next one may be another log.</summary>
        public bool IsSuspect
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        }

        public async Task EnsureTopicsAsync(IEnumerable<string> topics)
        {
            var missing = topics.Where(topic => !ensured.Contains(topic)).ToList();
            if (missing.Count == 0) return;
            await Task.Run(async () =>
            {
                using var admin = OpenAdmin();
                await Topics.EnsureAsync(admin, missing);
            });
            ensured.UnionWith(missing);
        }

        /// <summary>Which of the positions are beyond the end of the log. Blocks.</summary>
        /// <exception cref="KafkaException">The broker is away.</exception>
        public IReadOnlyList<LostLog> FindLost(IReadOnlyDictionary<(string Topic, int Partition), long> positions)
        {
            if (positions.Count == 0) return [];
            using var admin = OpenAdmin();
            var present = admin.GetMetadata(Topics.BrokerPatience).Topics.Where(topic => topic.Error.Code == ErrorCode.NoError && topic.Partitions.Count > 0).Select(topic => topic.Topic).ToHashSet();
            using var reader = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = settings.Broker, GroupId = settings.Service + "-log-check" })
                .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
            var lost = new List<LostLog>();
            foreach (var ((topic, partition), offset) in positions)
            {
                var end = present.Contains(topic) ? reader.QueryWatermarkOffsets(new(topic, partition), Topics.BrokerPatience).High.Value : 0;
                if (end <= offset) lost.Add(new(topic, partition, end));
            }
            ensured.ExceptWith(lost.Select(log => log.Topic));
            return lost;
        }

        /// <summary>For one question: such a client polls without pause as long as it lives (Confluent.Kafka 1.9.3).</summary>
        IAdminClient OpenAdmin() => new DependentAdminClientBuilder(Producer.Handle).Build();

        public void Dispose() => Producer.Dispose();
    }
}

/// <summary>Registration of the relay.</summary>
public static class OutboxRelayRegistration
{
    /// <summary>
    /// Relays the outbox of the database <paramref name="connectionName"/> (the service's name) to the broker <paramref name="brokerName"/>. A broker that is away
    /// makes events wait, it does not make the service unready: commands still commit.
    /// </summary>
    public static IHostApplicationBuilder AddOutboxRelay(this IHostApplicationBuilder builder, string connectionName, string brokerName = "broker")
    {
        var settings = new OutboxSettings(connectionName, builder.Configuration.DatabaseConnection(connectionName).ConnectionString, Required(brokerName));
        builder.Services.AddSingleton(settings);
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddSingleton<EventStatus>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<EventStatus>());
        return builder;

        string Required(string name) => builder.Configuration.GetConnectionString(name) ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not configured.");
    }
}
