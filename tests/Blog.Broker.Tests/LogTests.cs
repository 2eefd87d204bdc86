using static Blog.Broker.Tests.Logs;

namespace Blog.Broker.Tests;

public sealed class LogTests
{
    [Fact]
    public async Task The_log_rolls_over_segments_and_reads_across_them_also_after_a_restart()
    {
        await using var broker = new BrokerFixture { Options = SmallSegments };
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        await broker.SendAsync(topic, 0, Numbered(50));

        Segments(broker, topic).Length.ShouldBeGreaterThan(3);
        Segments(broker, topic).ShouldAllBe(path => new FileInfo(path).Length <= 4096);
        Numbers(broker.ReadAll(topic)).ShouldBe(Enumerable.Range(0, 50));

        await broker.StopAsync();
        broker.Process.ExitCode.ShouldBe(0);
        await broker.StartAsync();
        Numbers(broker.ReadAll(topic)).ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task Retention_by_size_removes_the_oldest_segments()
    {
        await using var broker = new BrokerFixture { Options = SmallSegments };
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync(config: new() { ["retention.bytes"] = "8192" });
        await broker.SendAsync(topic, 0, Numbered(100));

        await Kafka.UntilAsync(() => Segments(broker, topic).Length <= 4);
        var left = Numbers(broker.ReadAll(topic)).ToList();
        left.Count.ShouldBeInRange(10, 40, "at least the bytes asked for are kept, and not much more");
        left.ShouldBe(Enumerable.Range(100 - left.Count, left.Count), "it is the oldest that went");
        Beginning(broker, topic).ShouldBe(100 - left.Count);
    }

    [Fact]
    public async Task Retention_by_age_removes_what_is_too_old_also_from_a_quiet_topic()
    {
        await using var broker = new BrokerFixture { Options = SmallSegments };
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync(config: new() { ["retention.ms"] = "3600000" });
        var kept = await broker.CreateTopicAsync();
        var twoHoursAgo = new Timestamp(DateTime.UtcNow.AddHours(-2));
        using var producer = broker.Producer();
        foreach (var name in new[] { topic, kept })
            await producer.ProduceAsync(name, new Message<string, string> { Value = "old", Timestamp = twoHoursAgo }, TestContext.Current.CancellationToken);

        await Kafka.UntilAsync(() => Beginning(broker, topic) == 1);
        broker.ReadAll(topic).ShouldBeEmpty();
        broker.ReadAll(kept).Count.ShouldBe(1);

        await producer.ProduceAsync(topic, new Message<string, string> { Value = "new" }, TestContext.Current.CancellationToken);
        broker.ReadAll(topic).ShouldHaveSingleItem().Offset.Value.ShouldBe(1, "offsets go on where they were");
    }

    [Fact]
    public async Task The_offset_for_a_time_is_that_of_the_first_record_at_or_after_it()
    {
        await using var broker = new BrokerFixture { Options = SmallSegments };
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync(config: new() { ["retention.ms"] = "-1" });
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        using (var producer = broker.Producer(c => c.LingerMs = 20))
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
                producer.ProduceAsync(topic, new Message<string, string> { Value = new string('x', 300), Timestamp = new Timestamp(start.AddMinutes(i)) })));

        using var reader = broker.Consumer(Kafka.NewName("reader"));
        long At(double minute) => reader.OffsetsForTimes([new TopicPartitionTimestamp(topic, 0, new Timestamp(start.AddMinutes(minute)))], Kafka.Patience).Single().Offset.Value;
        At(-5).ShouldBe(0);
        At(0.5).ShouldBe(1);
        At(17).ShouldBe(17);
        At(41.2).ShouldBe(42);
        At(59).ShouldBe(59);
        At(100).ShouldBe(Offset.End.Value);
    }

    [Fact]
    public async Task Deleted_records_stay_deleted_after_a_restart()
    {
        await using var broker = new BrokerFixture { Options = SmallSegments };
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync();
        await broker.SendAsync(topic, 0, Numbered(30));
        using (var admin = broker.Admin())
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 13)]);
        Numbers(broker.ReadAll(topic)).First().ShouldBe(13);

        await broker.StopAsync("KILL");
        await broker.StartAsync();
        Numbers(broker.ReadAll(topic)).ShouldBe(Enumerable.Range(13, 17));
    }
}
