using System.Collections.Concurrent;
using System.Globalization;

namespace Blog.Broker.Tests;

public sealed class KillTests
{
    const int Total = 10_000, Partitions = 3, Kills = 4;

    [Fact]
    public async Task Ten_thousand_idempotent_sends_survive_SIGKILLs_of_the_broker_none_lost_none_doubled()
    {
        await using var proxy = new HoldingProxy();
        await using var broker = new BrokerFixture { Options = ["--segment-bytes", "65536", "--advertised-port", $"{proxy.Port}"] };
        proxy.BrokerPort = broker.Port;
        await broker.StartAsync();
        var topic = await broker.CreateTopicAsync(Partitions);
        var failed = new ConcurrentQueue<string>();
        var delivered = 0;

        using (var producer = broker.Producer(c => (c.EnableIdempotence, c.MaxInFlight, c.BatchNumMessages, c.MessageTimeoutMs) = (true, 5, 20, 55_000)))
        {
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < Total; i++)
                {
                    // Not too far ahead, so that every kill meets sends under way; far enough that there always are some.
                    if (i % 100 == 0)
                        await Kafka.UntilAsync(() => i - Volatile.Read(ref delivered) < 1000);
                    producer.Produce(new TopicPartition(topic, i % Partitions), new Message<string, string> { Key = "k", Value = i.ToString(CultureInfo.InvariantCulture) }, report =>
                    {
                        if (report.Error.IsError)
                            failed.Enqueue($"{report.Value}: {report.Error}");
                        Interlocked.Increment(ref delivered);
                    });
                }
            }, CancellationToken.None);

            for (var kill = 1; kill <= Kills; kill++)
            {
                await Kafka.UntilAsync(() => Volatile.Read(ref delivered) > kill * Total / (Kills + 1));
                proxy.HoldAnswers();
                await Kafka.UntilAsync(() => proxy.HasHeld);
                Volatile.Read(ref delivered).ShouldBeLessThan(Total, "the kill must meet sends under way");
                await broker.StopAsync("KILL");
                await broker.StartAsync();
                proxy.DropConnections();
            }

            await sending;
            producer.Flush(Kafka.Patience).ShouldBe(0);
        }

        failed.ShouldBeEmpty();
        var read = broker.ReadAll(topic, Partitions);
        read.Count.ShouldBe(Total);
        for (var partition = 0; partition < Partitions; partition++)
            read.Where(r => r.Partition == partition).Select(r => int.Parse(r.Message.Value, CultureInfo.InvariantCulture))
                .ShouldBe(Enumerable.Range(0, Total).Where(i => i % Partitions == partition), $"partition {partition}, in the order of sending");
    }
}
