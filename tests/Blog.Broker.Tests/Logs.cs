namespace Blog.Broker.Tests;

/// <summary>A small log to look at: its options, its files, its content.</summary>
static class Logs
{
    public static readonly string[] SmallSegments = ["--segment-bytes", "4096", "--retention-check-ms", "50"];

    public static string PartitionFolder(BrokerFixture broker, string topic) => Path.Combine(broker.Folder, "topics", topic, "0");

    public static string[] Segments(BrokerFixture broker, string topic) => [.. Directory.GetFiles(PartitionFolder(broker, topic), "*.log").Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Numbered(int count) => Enumerable.Range(0, count).Select(i => $"{i} {new string('x', 400)}");

    public static IEnumerable<int> Numbers(IEnumerable<ConsumeResult<string, string>> records) => records.Select(r => int.Parse(r.Message.Value.Split(' ')[0], null));

    public static long Beginning(BrokerFixture broker, string topic)
    {
        using var reader = broker.Consumer(Kafka.NewName("reader"));
        return reader.QueryWatermarkOffsets(new TopicPartition(topic, 0), Kafka.Patience).Low.Value;
    }
}
