using System.Diagnostics;

namespace Blog.Broker.Tests;

public sealed class IdleTests
{
    [Fact]
    public async Task With_the_topics_and_consumers_of_a_whole_system_it_idles_below_three_percent_of_a_core()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        var topics = new List<string>();
        for (var i = 0; i < 12; i++)
            topics.Add(await broker.CreateTopicAsync(partitions: 4));
        var consumers = Enumerable.Range(0, 6).Select(i => broker.Consumer($"group-{i}", c => (c.FetchWaitMaxMs, c.HeartbeatIntervalMs) = (500, 3000))).ToList();
        consumers.ForEach(c => c.Subscribe(topics));
        Kafka.PollUntil(() => consumers.TrueForAll(c => c.Assignment.Count == 48), consumers);

        // A measurement, so it takes the time it measures; CPU time does not depend on what else the machine does.
        using var process = Process.GetProcessById(broker.Process.Id);
        var (before, started) = (process.TotalProcessorTime, TimeProvider.System.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        process.Refresh();
        var share = (process.TotalProcessorTime - before) / TimeProvider.System.GetElapsedTime(started);
        TestContext.Current.SendDiagnosticMessage($"idle: {share:P2} of a core, {process.WorkingSet64 >> 20} MB");

        share.ShouldBeLessThan(0.03);
        (process.WorkingSet64 >> 20).ShouldBeLessThan(120);
        consumers.ForEach(c => c.Close());
        consumers.ForEach(c => c.Dispose());
    }
}
