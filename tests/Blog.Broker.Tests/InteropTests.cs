using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Blog.Broker.Tests;

/// <summary>Clients of other makes: kcat (librdkafka from the command line) and kafkajs (written without librdkafka).</summary>
public sealed class InteropTests(BrokerFixture broker)
{
    static string Folder => typeof(InteropTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Interop").Value!;

    [Fact]
    public async Task Kcat_sends_reads_in_a_group_and_lists()
    {
        var topic = await broker.CreateTopicAsync(partitions: 2);
        var sent = Enumerable.Range(0, 100).Select(i => $"key{i}:value {i}").ToList();
        await RunAsync("kcat", string.Join('\n', sent) + "\n", "-P", "-b", broker.BootstrapServers, "-t", topic, "-K:", "-H", "trace=abc", "-X", "enable.idempotence=true", "-z", "lz4");

        broker.ReadAll(topic, 2).ShouldAllBe(r => r.Message.Headers.Single().Key == "trace");
        var read = await RunAsync("kcat", "", "-C", "-b", broker.BootstrapServers, "-t", topic, "-e", "-q", "-f", "%k:%s\n");
        read.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(sent, ignoreOrder: true);

        string[] inGroup = ["-b", broker.BootstrapServers, "-G", Kafka.NewName("kcat"), topic, "-e", "-q", "-X", "auto.offset.reset=earliest", "-f", "%k:%s\n"];
        (await RunAsync("kcat", "", inGroup)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(sent, ignoreOrder: true);
        (await RunAsync("kcat", "", inGroup)).ShouldBeEmpty("the group has committed what it read");

        (await RunAsync("kcat", "", "-L", "-b", broker.BootstrapServers, "-t", topic)).ShouldContain($"topic \"{topic}\" with 2 partitions");
    }

    [Fact]
    public async Task Kafkajs_reads_in_a_group_commits_and_answers_from_an_idempotent_producer()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "kafkajs")))
            await RunAsync("npm", "", "ci", "--prefix", Folder, "--no-audit", "--no-fund");
        var topic = await broker.CreateTopicAsync(partitions: 2);
        var (reply, group) = (Kafka.NewName("reply"), Kafka.NewName("kafkajs"));
        using (var producer = broker.Producer())
            for (var i = 0; i < 20; i++)
                await producer.ProduceAsync(new TopicPartition(topic, i % 2), new Message<string, string> { Key = $"k{i}", Value = $"v{i}", Headers = new Headers { { "trace", "net"u8.ToArray() } } },
                    TestContext.Current.CancellationToken);

        var output = await RunAsync("node", "", Path.Combine(Folder, "roundtrip.mjs"), broker.BootstrapServers, topic, reply, group, "20");

        var result = JsonDocument.Parse(output).RootElement;
        result.GetProperty("read").EnumerateArray().Select(r => r.GetProperty("value").GetString()).Order().ShouldBe(Enumerable.Range(0, 20).Select(i => $"v{i}").Order());
        result.GetProperty("read").EnumerateArray().ShouldAllBe(r => r.GetProperty("trace").GetString() == "net");
        result.GetProperty("committed").EnumerateArray().Select(o => o.GetInt32()).ShouldBe([10, 10]);
        var answers = broker.ReadAll(reply, 2);
        answers.Select(r => r.Message.Value).Order().ShouldBe(Enumerable.Range(0, 20).Select(i => $"re: v{i}").Order());
        answers.ShouldAllBe(r => r.Message.Headers.Single().Key == "trace");

        using var sameGroup = broker.Consumer(group);
        sameGroup.Committed([new TopicPartition(topic, 0)], Kafka.Patience).Single().Offset.Value.ShouldBe(10);
    }

    static async Task<string> RunAsync(string command, string input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            process.ExitCode.ShouldBe(0, $"{command}: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
