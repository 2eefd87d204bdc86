using System.Net.Sockets;

namespace Blog.Broker.Tests;

public sealed class BadClientTests(BrokerFixture broker)
{
    static Frame Request(short api, short version) => RawClient.Request(api, version);

    public static TheoryData<string> MalformedFrames => [.. Malformed.Keys];

    /// <summary>What is wrong, and the bytes as they go over the wire.</summary>
    static readonly Dictionary<string, byte[]> Malformed = new()
    {
        ["a size of zero"] = new Frame().Int32(0).ToArray(),
        ["a negative size"] = new Frame().Int32(-1).ToArray(),
        ["a size beyond the limit"] = new Frame().Int32(int.MaxValue).ToArray(),
        ["another protocol"] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
        ["a request that does not exist"] = Request(999, 0).WithSize(),
        ["a version that is not served"] = Request(0, 99).WithSize(),
        ["a transaction request, which is not offered"] = Request(24, 0).String("tx").Int64(1).Int16(0).Int32(0).WithSize(),
        ["a client name longer than the frame"] = new Frame().Int16(3).Int16(1).Int32(7).Int16(3000).WithSize(),
        ["an array of two thousand million topics"] = Request(3, 1).Int32(2_000_000_000).WithSize(),
        ["a string longer than the frame"] = Request(3, 1).Int32(1).Int16(500).Raw([1, 2, 3]).WithSize(),
        ["a body cut short"] = Request(11, 2).String("group").Int32(10_000).WithSize(),
        ["records longer than the frame"] = Request(0, 3).Int16(-1).Int16(1).Int32(100).Int32(1).String("t").Int32(1).Int32(0).Int32(1 << 30).WithSize(),
    };

    [Theory]
    [MemberData(nameof(MalformedFrames))]
    public async Task A_client_that_sends_nonsense_is_disconnected_and_nobody_else_notices(string what)
    {
        using var good = await RawClient.ConnectAsync(broker.Port);
        var topic = await broker.CreateTopicAsync();
        (await good.ProduceAsync(topic, RawClient.Batch(-1, -1, -1, "before"))).Error.ShouldBe(ErrorCode.NoError);

        using var bad = await RawClient.ConnectAsync(broker.Port);
        await bad.Stream.WriteAsync(Malformed[what], TestContext.Current.CancellationToken);
        (await bad.IsClosedAsync()).ShouldBeTrue();

        (await good.ProduceAsync(topic, RawClient.Batch(-1, -1, -1, "after"))).ShouldBe((ErrorCode.NoError, 1L));
        broker.Process.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task A_request_cut_off_anywhere_leaves_no_trace()
    {
        var topic = await broker.CreateTopicAsync();
        var produce = Request(0, 3).Int16(-1).Int16(-1).Int32(1000).Int32(1).String(topic).Int32(1).Int32(0).Bytes(RawClient.Batch(-1, -1, -1, "never")).WithSize();
        for (var cut = 1; cut < produce.Length; cut += 7)
        {
            using var bad = await RawClient.ConnectAsync(broker.Port);
            await bad.Stream.WriteAsync(produce.AsMemory(0, cut), TestContext.Current.CancellationToken);
        }

        await broker.SendAsync(topic, 0, ["good"]);
        broker.ReadAll(topic).ShouldHaveSingleItem().Message.Value.ShouldBe("good");
    }

    [Fact]
    public async Task Thousands_of_random_and_bent_frames_do_not_disturb_a_producer_at_work()
    {
        var topic = await broker.CreateTopicAsync();
        using var producer = broker.Producer(c => c.EnableIdempotence = true);
        var sent = 0;
        using var enough = new CancellationTokenSource();
        var work = Task.Run(async () =>
        {
            for (; !enough.IsCancellationRequested; sent++)
                await producer.ProduceAsync(topic, new Message<string, string> { Value = $"{sent}" });
        }, CancellationToken.None);

        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var other = await broker.CreateTopicAsync();
        var sound = Request(0, 3).Int16(-1).Int16(-1).Int32(1000).Int32(1).String(other).Int32(1).Int32(0).Bytes(RawClient.Batch(1, 0, 0, "x", "y")).WithSize();
        for (var i = 0; i < 2000; i++)
        {
            byte[] frame;
            if (i % 2 == 0)
            {
                // A known request with a random body.
                var body = new byte[random.Next(0, 200)];
                random.NextBytes(body);
                frame = Request((short)random.Next(0, 45), (short)random.Next(0, 12)).Raw(body).WithSize();
            }
            else
            {
                frame = [.. sound];
                frame[random.Next(4, frame.Length)] = (byte)random.Next();
            }

            using var bad = await RawClient.ConnectAsync(broker.Port);
            await bad.Stream.WriteAsync(frame, TestContext.Current.CancellationToken);
            bad.Stream.Socket.Shutdown(SocketShutdown.Send);
        }

        await enough.CancelAsync();
        await work;
        broker.Process.HasExited.ShouldBeFalse();
        broker.ReadAll(topic).Select(r => r.Message.Value).ShouldBe(Enumerable.Range(0, sent).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_client_that_announces_a_large_frame_does_not_reserve_its_memory()
    {
        var before = MemoryInMegabytes();
        var clients = new List<RawClient>();
        for (var i = 0; i < 100; i++)
        {
            clients.Add(await RawClient.ConnectAsync(broker.Port));
            await clients[^1].Stream.WriteAsync(new Frame().Int32(30 << 20).Raw([0, 0]).ToArray(), TestContext.Current.CancellationToken);
        }

        var topic = await broker.CreateTopicAsync();
        await broker.SendAsync(topic, 0, ["still here"]);
        (MemoryInMegabytes() - before).ShouldBeLessThan(200, "a hundred frames of 30 MB were announced");
        clients.ForEach(c => c.Dispose());
    }

    long MemoryInMegabytes() => long.Parse(File.ReadLines($"/proc/{broker.Process.Id}/status").Single(l => l.StartsWith("VmRSS", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], null) / 1024;
}
