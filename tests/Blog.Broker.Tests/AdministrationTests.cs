using Confluent.Kafka.Admin;

namespace Blog.Broker.Tests;

public sealed class AdministrationTests(BrokerFixture broker)
{
    async Task<CreateTopicReport> RefusedAsync(TopicSpecification topic)
    {
        using var admin = broker.Admin();
        return (await Should.ThrowAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]))).Results.Single();
    }

    [Fact]
    public async Task Compaction_replicas_bad_names_and_bad_counts_are_refused_by_the_errors_of_the_protocol()
    {
        var compacted = await RefusedAsync(new() { Name = Kafka.NewName("t"), NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["cleanup.policy"] = "compact" } });
        compacted.Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        compacted.Error.Reason.ShouldContain("does not compact");
        (await RefusedAsync(new() { Name = Kafka.NewName("t"), NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["no.such.setting"] = "1" } })).Error.Code.ShouldBe(ErrorCode.InvalidConfig);
        (await RefusedAsync(new() { Name = Kafka.NewName("t"), NumPartitions = 1, ReplicationFactor = 3 })).Error.Code.ShouldBe(ErrorCode.InvalidReplicationFactor);
        (await RefusedAsync(new() { Name = "../escape", NumPartitions = 1, ReplicationFactor = 1 })).Error.Code.ShouldBe(ErrorCode.TopicException);
        (await RefusedAsync(new() { Name = Kafka.NewName("t"), NumPartitions = 5000, ReplicationFactor = 1 })).Error.Code.ShouldBe(ErrorCode.InvalidPartitions);
        var existing = await broker.CreateTopicAsync();
        (await RefusedAsync(new() { Name = existing, NumPartitions = 1, ReplicationFactor = 1 })).Error.Code.ShouldBe(ErrorCode.TopicAlreadyExists);
    }

    [Fact]
    public async Task A_topic_is_created_with_the_default_number_of_partitions_when_somebody_first_sends_to_it()
    {
        var topic = Kafka.NewName("fresh");
        using var producer = broker.Producer();
        await producer.ProduceAsync(topic, new Message<string, string> { Value = "hello" }, TestContext.Current.CancellationToken);
        broker.ReadAll(topic, partitions: 4).ShouldHaveSingleItem().Message.Value.ShouldBe("hello");
    }

    [Fact]
    public async Task The_settings_of_a_topic_can_be_changed_and_a_bad_change_changes_nothing()
    {
        var topic = await broker.CreateTopicAsync(config: new() { ["retention.ms"] = "1000000" });
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        using var admin = broker.Admin();
        async Task<string> RetentionAsync() => (await admin.DescribeConfigsAsync([resource])).Single().Entries["retention.ms"].Value;

        await admin.AlterConfigsAsync(new() { [resource] = [new() { Name = "retention.ms", Value = "2000000" }] });
        (await RetentionAsync()).ShouldBe("2000000");
        await Should.ThrowAsync<AlterConfigsException>(() => admin.AlterConfigsAsync(new() { [resource] = [new() { Name = "cleanup.policy", Value = "compact" }] }));
        (await RetentionAsync()).ShouldBe("2000000");
    }

    [Fact]
    public async Task Both_addresses_of_localhost_take_clients()
    {
        var topic = await broker.CreateTopicAsync();
        foreach (var host in new[] { "127.0.0.1", "[::1]", "localhost" })
        {
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = $"{host}:{broker.Port}" }).Build();
            admin.GetMetadata(topic, Kafka.Patience).Topics.Single().Error.Code.ShouldBe(ErrorCode.NoError);
        }
    }
}
