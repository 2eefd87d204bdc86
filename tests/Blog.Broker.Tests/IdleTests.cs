using System.Diagnostics;

namespace Blog.Broker.Tests;

public sealed class IdleTests
{
    static void AsInProduction(ConsumerConfig config) =>
        (config.FetchWaitMaxMs, config.HeartbeatIntervalMs, config.SessionTimeoutMs, config.TopicMetadataRefreshIntervalMs) = (500, 3000, 45_000, 300_000);

    [Fact]
    public async Task With_the_topics_and_consumers_of_a_whole_system_it_idles_below_three_percent_of_a_core()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var topics = new List<string>();
        for (var i = 0; i < 12; i++)
            topics.Add(await broker.CreateTopicAsync(partitions: 4));
        var consumers = Enumerable.Range(0, 6).Select(i => broker.Consumer($"group-{i}", AsInProduction)).ToList();
        consumers.ForEach(c => c.Subscribe(topics));
        Kafka.PollUntil(() => consumers.TrueForAll(c => c.Assignment.Count == 48), consumers);

        // A measurement, so it takes the time that it measures. The median of three windows, because the first still pays for compiling what just started.
        using var process = Process.GetProcessById(broker.Process.Id);
        var shares = new List<double>();
        while (shares.Count < 3)
        {
            process.Refresh();
            var (before, started) = (process.TotalProcessorTime, TimeProvider.System.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
            process.Refresh();
            shares.Add((process.TotalProcessorTime - before) / TimeProvider.System.GetElapsedTime(started));
        }

        TestContext.Current.SendDiagnosticMessage($"idle: {string.Join(", ", shares.Select(s => s.ToString("P2", null)))} of a core, {process.WorkingSet64 >> 20} MB");
        shares.Order().ElementAt(1).ShouldBeLessThan(0.03);
        (process.WorkingSet64 >> 20).ShouldBeLessThan(120);
        consumers.ForEach(c => c.Close());
        consumers.ForEach(c => c.Dispose());
    }
}
