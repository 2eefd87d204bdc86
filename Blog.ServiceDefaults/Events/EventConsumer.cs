using System.Collections.Concurrent;
using System.Threading.Channels;
using Blog.ServiceDefaults.Data;
using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.ServiceDefaults.Events;

/// <summary>How a service consumes.</summary>
/// <param name="Broker">Bootstrap servers.</param>
/// <param name="Group">The consumer group: the service's name. Its instances share the partitions.</param>
/// <param name="ConnectionString">The service's database.</param>
/// <param name="Parallelism">How many transactions this instance has open at once.</param>
sealed record EventConsumerSettings(string Broker, string Group, string ConnectionString, int Parallelism);

/// <summary>
/// Reads the topics of a service's subscriptions in the consumer group named like the service. One worker per partition keeps the order of a key; the
/// offset is committed after the transaction that holds the effect. What a group has committed at the broker is only where it begins to read: what was
/// handled, the inbox knows.
/// </summary>
sealed class EventConsumer<TContext>(
    EventConsumerSettings settings, EventSubscriptions subscriptions, EventProcessor<TContext> processor, TimeProvider time, ILogger<EventConsumer<TContext>> log)
    : BackgroundService where TContext : DbContext
{
    const int BatchSize = 200;

    /// <summary>Records of one partition that wait in memory; beyond it the partition is paused.</summary>
    const int QueueLimit = 1_000;

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100), AfterFailure = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<TopicPartition, Lane> lanes = new();
    readonly ConcurrentQueue<Lane> replaced = new();

    /// <summary>What is read of one partition while it is assigned to this instance.</summary>
    sealed class Lane(TopicPartition partition, bool begunAnew)
    {
        public TopicPartition Partition { get; } = partition;
        public Channel<ConsumeResult<string, byte[]>> Queue { get; } = Channel.CreateUnbounded<ConsumeResult<string, byte[]>>(new() { SingleWriter = true });
        public CancellationTokenSource Stop { get; } = new();
        public Task Worker { get; set; } = Task.CompletedTask;
        public bool IsPaused { get; set; }
        /// <summary>The log is read from its beginning, so whether it is the one that was read before does not matter.</summary>
        public bool BegunAnew { get; } = begunAnew;
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Follow(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    void Follow(CancellationToken cancel)
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = settings.Broker,
            GroupId = settings.Group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            // Offsets are stored by the workers when the effect is committed, and carried to the broker twice a second.
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 500,
            AllowAutoCreateTopics = false,
            TopicMetadataRefreshIntervalMs = 2_000,
            SessionTimeoutMs = 10_000,
            FetchWaitMaxMs = 100,
            QueuedMaxMessagesKbytes = 16 * 1024,
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 1_000,
            SocketKeepaliveEnable = true,
        })
            .SetErrorHandler((_, error) => log.LogWarning("Events do not arrive: {Reason}", error.Reason))
            .SetLogHandler((_, message) => log.LogDebug("{Message}", message.Message))
            .SetPartitionsAssignedHandler((client, partitions) => Assign(client, partitions, cancel))
            .SetPartitionsRevokedHandler((client, partitions) => Release(client, partitions.Select(p => p.TopicPartition)))
            .SetPartitionsLostHandler((client, partitions) => Release(client, partitions.Select(p => p.TopicPartition)))
            .Build();

        var topicsExist = EnsureTopicsAsync(consumer.Handle, cancel);
        topicsExist.Wait(Topics.BrokerPatience, CancellationToken.None);
        consumer.Subscribe(subscriptions.ByTopic.Keys);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(Poll) is { Message: not null } record && lanes.TryGetValue(record.TopicPartition, out var lane))
                    lane.Queue.Writer.TryWrite(record);
                Throttle(consumer);
                while (replaced.TryDequeue(out var old)) BeginAnew(consumer, old, cancel);
            }
            catch (KafkaException exception)
            {
                log.LogDebug("Events wait, {Reason}", exception.Error.Reason);
                if (exception.Error.IsFatal) cancel.WaitHandle.WaitOne(AfterFailure);
            }
        }
        Release(consumer, lanes.Keys);
        consumer.Close();
        topicsExist.ContinueWith(_ => { }, TaskScheduler.Default).Wait(Topics.BrokerPatience, CancellationToken.None);
    }

    /// <summary>
    /// So that there is something to subscribe to in a system that starts for the first time. A topic that was read before and is gone was lost by the broker, and
    /// comes back from the relay of its owner.
    /// </summary>
    async Task EnsureTopicsAsync(Handle client, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
            try
            {
                var read = await TopicsReadAsync(cancel);
                // Not kept: it polls without pause as long as it lives (Confluent.Kafka 1.9.3).
                using var admin = new DependentAdminClientBuilder(client).Build();
                await Topics.EnsureAsync(admin, subscriptions.ByTopic.Keys.Where(topic => !read.Contains(topic)));
                return;
            }
            catch (Exception exception) when (exception is KafkaException or NpgsqlException)
            {
                log.LogDebug("The topics cannot be made yet, {Reason}", exception.Message);
                await Task.Delay(500, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
    }

    async Task<HashSet<string>> TopicsReadAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var select = new NpgsqlCommand("SELECT DISTINCT topic FROM inbox_position", connection);
        await using var reader = await select.ExecuteReaderAsync(cancel);
        var topics = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel)) topics.Add(reader.GetString(0));
        return topics;
    }

    /// <summary>
    /// One record earlier than the committed offset: it was handled, and tells by its id whether this is still the log that was read. When the position
    /// cannot be had now, the client asks for it later by itself.
    /// </summary>
    List<TopicPartitionOffset> Assign(IConsumer<string, byte[]> consumer, List<TopicPartition> partitions, CancellationToken cancel)
    {
        List<TopicPartitionOffset> start;
        try
        {
            start = [.. consumer.Committed(partitions, Topics.BrokerPatience).Select(p => new TopicPartitionOffset(p.TopicPartition, p.Offset.Value > 0 ? p.Offset.Value - 1 : p.Offset))];
        }
        catch (KafkaException)
        {
            start = [.. partitions.Select(p => new TopicPartitionOffset(p, Offset.Unset))];
        }
        foreach (var position in start)
            lanes[position.TopicPartition] = Begin(new(position.TopicPartition, begunAnew: position.Offset.Value <= 0 && position.Offset != Offset.Unset), consumer, cancel);
        return start;
    }

    Lane Begin(Lane lane, IConsumer<string, byte[]> consumer, CancellationToken cancel)
    {
        lane.Worker = Task.Run(() => WorkAsync(lane, consumer, CancellationTokenSource.CreateLinkedTokenSource(lane.Stop.Token, cancel)), CancellationToken.None);
        return lane;
    }

    void BeginAnew(IConsumer<string, byte[]> consumer, Lane old, CancellationToken cancel)
    {
        if (!lanes.TryGetValue(old.Partition, out var current) || current != old) return;
        log.LogWarning("The log of {Partition} is not the one that was read; it is read from its beginning", old.Partition);
        if (old.IsPaused) consumer.Resume([old.Partition]);
        lanes[old.Partition] = Begin(new(old.Partition, begunAnew: true), consumer, cancel);
        consumer.Seek(new(old.Partition, Offset.Beginning));
    }

    /// <summary>Ends the work on partitions that belong to another instance now. What is in a transaction is rolled back or committed before this returns.</summary>
    void Release(IConsumer<string, byte[]> consumer, IEnumerable<TopicPartition> partitions)
    {
        var released = partitions.Select(p => lanes.TryRemove(p, out var lane) ? lane : null).OfType<Lane>().ToArray();
        foreach (var lane in released) lane.Stop.Cancel();
        Task.WaitAll([.. released.Select(lane => lane.Worker)], CancellationToken.None);
        foreach (var lane in released)
        {
            if (lane.IsPaused) consumer.Resume([lane.Partition]);
            lane.Stop.Dispose();
        }
    }

    void Throttle(IConsumer<string, byte[]> consumer)
    {
        foreach (var lane in lanes.Values)
        {
            var waiting = lane.Queue.Reader.Count;
            if (lane.IsPaused ? waiting > QueueLimit / 4 : waiting < QueueLimit) continue;
            lane.IsPaused = !lane.IsPaused;
            if (lane.IsPaused) consumer.Pause([lane.Partition]);
            else consumer.Resume([lane.Partition]);
        }
    }

    async Task WorkAsync(Lane lane, IConsumer<string, byte[]> consumer, CancellationTokenSource stop)
    {
        using (stop)
            try
            {
                var subscription = subscriptions.ByTopic[lane.Partition.Topic];
                var anchor = lane.BegunAnew ? null : await LastHandledAsync(lane.Partition, stop.Token);
                var batch = new List<ReceivedEvent>();
                while (await lane.Queue.Reader.WaitToReadAsync(stop.Token))
                {
                    batch.Clear();
                    while (batch.Count < BatchSize && lane.Queue.Reader.TryRead(out var record)) batch.Add(ReceivedEvent.Read(record, subscription, settings.Group, time));
                    if (anchor is var (place, id) && batch.Find(e => e.Offset == place) is { } found)
                    {
                        if (found.Context.Id != id)
                        {
                            replaced.Enqueue(lane);
                            return;
                        }
                        anchor = null;
                    }
                    await HandleAsync(batch, stop.Token);
                    StoreOffset(consumer, new(lane.Partition, batch[^1].Offset + 1));
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The partition goes to another instance, or the service ends. What was not committed is read again there.
            }
    }

    async Task HandleAsync(List<ReceivedEvent> batch, CancellationToken cancel)
    {
        while (true)
            try
            {
                await processor.HandleAsync(batch, cancel);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Neither handled nor put aside: never lost, so never passed over.
                log.LogError(exception, "Events of {Topic} are stuck", batch[0].Topic);
                await Task.Delay(AfterFailure, time, cancel);
            }
    }

    void StoreOffset(IConsumer<string, byte[]> consumer, TopicPartitionOffset offset)
    {
        try
        {
            consumer.StoreOffset(offset);
        }
        catch (KafkaException exception)
        {
            // The partition is another instance's by now, which begins a little earlier and finds the inbox rows.
            log.LogDebug("Offset {Offset} is not stored, {Reason}", offset, exception.Error.Reason);
        }
    }

    async Task<(long Offset, Guid EventId)?> LastHandledAsync(TopicPartition partition, CancellationToken cancel)
    {
        while (true)
            try
            {
                await using var connection = new NpgsqlConnection(settings.ConnectionString);
                await connection.OpenAsync(cancel);
                await using var select = new NpgsqlCommand("SELECT log_offset, event_id FROM inbox_position WHERE topic = $1 AND partition = $2", connection)
                {
                    Parameters = { new() { Value = partition.Topic }, new() { Value = partition.Partition.Value } },
                };
                await using var reader = await select.ExecuteReaderAsync(cancel);
                return await reader.ReadAsync(cancel) ? (reader.GetInt64(0), reader.GetGuid(1)) : null;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(AfterFailure, time, cancel);
            }
    }
}

/// <summary>Registration of consumers.</summary>
public static class EventConsumerRegistration
{
    /// <summary>
    /// Follows events in the consumer group <paramref name="group"/> (the service's name), with effects in the database of <typeparamref name="TContext"/>,
    /// whose connection string has the group's name too. <c>Blog:Events:Parallelism</c> sets how many transactions are open at once (4).
    /// </summary>
    public static IHostApplicationBuilder AddEventConsumer<TContext>(
        this IHostApplicationBuilder builder, string group, Action<EventSubscriptions> subscribe, string brokerName = "broker") where TContext : DbContext
    {
        var subscriptions = new EventSubscriptions();
        subscribe(subscriptions);
        var settings = new EventConsumerSettings(Required(builder, brokerName), group, builder.Configuration.DatabaseConnection(group).ConnectionString, builder.Configuration.GetValue("Blog:Events:Parallelism", 4));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(subscriptions);
        builder.Services.AddSingleton<EventProcessor<TContext>>();
        builder.Services.AddSingleton<IDeadLetters>(provider => provider.GetRequiredService<EventProcessor<TContext>>());
        builder.Services.AddHostedService<EventConsumer<TContext>>();
        return builder;
    }

    static string Required(IHostApplicationBuilder builder, string name) =>
        builder.Configuration.GetConnectionString(name) ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not configured.");
}
