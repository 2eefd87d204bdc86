using Confluent.Kafka.Admin;
using static Blog.Broker.Tests.Logs;

namespace Blog.Broker.Tests;

/// <summary>Ends and starts: what is kept, what is put right, what is refused.</summary>
public sealed class RecoveryTests
{
    [Fact]
    public async Task A_torn_tail_is_cut_off_at_start_and_everything_before_it_is_kept()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        await broker.SendAsync(topic, 0, Numbered(10));
        await broker.StopAsync("KILL");

        // As a crash leaves it: the last batch only partly written, with what was in the block before behind it.
        var file = Segments(broker, topic)[^1];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, [.. bytes[..^100], .. new byte[60]], TestContext.Current.CancellationToken);
        await broker.StartAsync();

        broker.Process.Output.ShouldContain("unfinished bytes");
        Numbers(broker.ReadAll(topic)).ShouldBe(Enumerable.Range(0, 9));
        await broker.SendAsync(topic, 0, ["9 again"]);
        var read = broker.ReadAll(topic);
        read[^1].Message.Value.ShouldBe("9 again");
        read[^1].Offset.Value.ShouldBe(9);
    }

    [Fact]
    public async Task Damage_in_the_middle_of_the_log_is_found_by_checksum_and_never_served()
    {
        await using var broker = new BrokerFixture { Options = SmallSegments };
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        await broker.SendAsync(topic, 0, Numbered(30));
        await broker.StopAsync();

        var second = Segments(broker, topic)[1];
        await using (var file = new FileStream(second, FileMode.Open))
        {
            file.Position = file.Length / 2;
            file.WriteByte((byte)'!');
        }

        await broker.StartAsync();
        var read = Numbers(broker.ReadAll(topic)).ToList();
        read.ShouldBe([.. read.Order()], "in order");
        read.Count.ShouldBeInRange(20, 29, "only the damaged segment lost its end");
        read[^1].ShouldBe(29, "the segments behind it are still there");
    }

    [Fact]
    public async Task SIGTERM_ends_it_at_once_although_clients_are_waiting_and_in_the_middle_of_a_rebalance()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        using var waiting = broker.Consumer(Kafka.NewName("group"), c => c.FetchWaitMaxMs = 60_000);
        waiting.Subscribe(topic);
        Kafka.PollUntil(() => waiting.Assignment.Count == 1, [waiting]);
        using var joining = await RawClient.ConnectAsync(broker.Port);
        await joining.Stream.WriteAsync(RawClient.Request(11, 2).String(Kafka.NewName("group")).Int32(30_000).Int32(30_000).String("").String("consumer")
            .Int32(1).String("range").Bytes([]).WithSize(), TestContext.Current.CancellationToken);

        var started = TimeProvider.System.GetTimestamp();
        await broker.StopAsync();
        broker.Process.ExitCode.ShouldBe(0);
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_second_broker_on_the_same_folder_or_port_says_why_it_does_not_start()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var otherFolder = Directory.CreateTempSubdirectory("blog-broker-").FullName;
        await using var sameFolder = BrokerFixture.Create(BrokerFixture.FreePort(), broker.Folder);
        await using var samePort = BrokerFixture.Create(broker.Port, otherFolder);

        await sameFolder.StartAsync();
        await samePort.StartAsync();
        await Kafka.UntilAsync(() => sameFolder.HasExited && samePort.HasExited);

        sameFolder.Output.ShouldContain($"another broker (process {broker.Process.Id}) uses the data folder");
        samePort.Output.ShouldContain($"port {broker.Port} of 127.0.0.1 is in use");
        sameFolder.ExitCode.ShouldBe(1);
        broker.Process.HasExited.ShouldBeFalse();
        Directory.Delete(otherFolder, recursive: true);
    }

    [Fact]
    public async Task Nothing_that_a_killed_broker_leaves_behind_blocks_the_next_start()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        // A topic whose creation was cut short, and halves of files that were being replaced.
        Directory.CreateDirectory(Path.Combine(broker.Folder, "topics", "half-created", "0"));
        await File.WriteAllTextAsync(Path.Combine(broker.Folder, "committed-offsets.new"), "gga", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(broker.Folder, "committed-offsets"), $"ggroup {topic} 0 5 -1 -\nggroup {topic} 0 7", TestContext.Current.CancellationToken);
        using var openConnection = await RawClient.ConnectAsync(broker.Port);
        await broker.StopAsync("KILL");
        await broker.StartAsync();

        using var admin = broker.Admin();
        admin.GetMetadata(Kafka.Patience).Topics.Select(t => t.Topic).ShouldBe([topic]);
        using var reader = broker.Consumer("group");
        reader.Committed([new TopicPartition(topic, 0)], Kafka.Patience).Single().Offset.Value.ShouldBe(5);
    }

    [Fact]
    public async Task Topics_keep_partitions_and_settings_over_a_restart_and_can_be_deleted()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync(partitions: 3, config: new() { ["retention.ms"] = "1234567" });
        var doomed = await broker.CreateTopicAsync();
        await broker.SendAsync(doomed, 0, ["x"]);
        using (var admin = broker.Admin())
        {
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
            await admin.DeleteTopicsAsync([doomed]);
        }

        await broker.StopAsync();
        await broker.StartAsync();

        using var again = broker.Admin();
        var found = again.GetMetadata(Kafka.Patience).Topics.ShouldHaveSingleItem();
        found.Topic.ShouldBe(topic);
        found.Partitions.Count.ShouldBe(5);
        var described = await again.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
        described.Single().Entries["retention.ms"].Value.ShouldBe("1234567");
        Directory.Exists(Path.Combine(broker.Folder, "topics", doomed)).ShouldBeFalse();
    }
}
