using Confluent.Kafka.Admin;

[assembly: AssemblyFixture(typeof(BrokerFixture))]
// The tests mostly wait for clients that wait for each other.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]

namespace Blog.Broker.Tests;

/// <summary>Clients as the tests need them: Confluent.Kafka, set to be quick and quiet.</summary>
static class Kafka
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static string NewName(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    public static IProducer<string, string> Producer(this BrokerFixture broker, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            LingerMs = 0,
            MessageTimeoutMs = (int)Patience.TotalMilliseconds,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            RetryBackoffMs = 20,
        };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
    }

    public static IConsumer<string, string> Consumer(this BrokerFixture broker, string group, Action<ConsumerConfig>? configure = null,
        Action<IReadOnlyList<TopicPartition>>? assigned = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            SessionTimeoutMs = 6000,
            HeartbeatIntervalMs = 200,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            FetchWaitMaxMs = 100,
            TopicMetadataRefreshIntervalMs = 1000,
        };
        configure?.Invoke(config);
        var builder = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { });
        if (assigned is not null)
            builder.SetPartitionsAssignedHandler((_, partitions) => assigned(partitions)).SetPartitionsRevokedHandler((_, _) => assigned([]));
        return builder.Build();
    }

    public static IAdminClient Admin(this BrokerFixture broker) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();

    public static async Task<string> CreateTopicAsync(this BrokerFixture broker, int partitions = 1, Dictionary<string, string>? config = null)
    {
        var name = NewName("topic");
        using var admin = broker.Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions, ReplicationFactor = 1, Configs = config }]);
        return name;
    }

    public static async Task SendAsync(this BrokerFixture broker, string topic, int partition, IEnumerable<string> values)
    {
        using var producer = broker.Producer();
        foreach (var value in values)
            await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<string, string> { Key = "key", Value = value });
    }

    /// <summary>Everything in the partitions now, in order, read without a group.</summary>
    public static List<ConsumeResult<string, string>> ReadAll(this BrokerFixture broker, string topic, int partitions = 1)
    {
        using var consumer = broker.Consumer(NewName("reader"));
        consumer.Assign(Enumerable.Range(0, partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        var found = new List<ConsumeResult<string, string>>();
        for (var open = partitions; open > 0;)
        {
            var next = consumer.Consume(Patience) ?? throw new TimeoutException($"{topic}: nothing more after {found.Count} records");
            if (next.IsPartitionEOF)
                open--;
            else
                found.Add(next);
        }

        return found;
    }

    /// <summary>Polls the consumers, which is when rebalances happen, until the condition holds; their records go to <paramref name="received"/>.</summary>
    public static void PollUntil(Func<bool> condition, IReadOnlyList<IConsumer<string, string>> consumers, Action<ConsumeResult<string, string>>? received = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience, "the condition did not come true in time");
            foreach (var consumer in consumers)
                if (consumer.Consume(TimeSpan.FromMilliseconds(10)) is { IsPartitionEOF: false } record)
                    received?.Invoke(record);
        }
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience, "the condition did not come true in time");
            await Task.Delay(10);
        }
    }
}
