using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.StandIns.Tests.Greeting;
using Blog.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Blog.StandIns.Tests.Grpc;

/// <summary>The folder of the Node scripts, with their packages installed.</summary>
static class NodeScripts
{
    static readonly Lazy<Task<string>> Prepared = new(Prepare);

    public static Task<string> Folder => Prepared.Value;

    static async Task<string> Prepare()
    {
        var folder = Path.Combine(Here(), "..", "interop");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "@grpc", "grpc-js")))
            await OwnedProcess.RunAsync("npm", "ci", "--prefix", folder, "--no-audit", "--no-fund");
        return folder;
    }

    static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

/// <summary>Runs client.js against our server, once; each test reads one of its results.</summary>
public sealed class NodeClientFixture : IAsyncLifetime
{
    public Dictionary<string, string?> Results { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await using var host = await GreeterHost.StartAsync();
        var script = Path.Combine(await NodeScripts.Folder, "client.js");
        using var node = Process.Start(new ProcessStartInfo("node", [script, host.Address.Authority]) { RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = await node.StandardOutput.ReadToEndAsync(patience.Token);
            Results = JsonSerializer.Deserialize<Dictionary<string, string?>>(output)!;
        }
        finally
        {
            if (!node.HasExited) node.Kill();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class NodeClientTests(NodeClientFixture node) : IClassFixture<NodeClientFixture>
{
    [Theory]
    [InlineData("unary")]
    [InlineData("server stream")]
    [InlineData("client stream")]
    [InlineData("duplex stream")]
    [InlineData("metadata, text and binary")]
    [InlineData("status with trailers")]
    [InlineData("gzip in both directions")]
    [InlineData("deadline")]
    [InlineData("cancellation")]
    [InlineData("unknown method")]
    [InlineData("200 calls at a time")]
    public void A_client_of_another_implementation_is_served(string check)
    {
        node.Results.ShouldContainKey(check);
        node.Results[check].ShouldBeNull();
    }
}

/// <summary>Runs server.js.</summary>
public sealed partial class NodeServerFixture : IAsyncLifetime
{
    OwnedProcess? _node;

    public GrpcChannel Channel { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _node = new OwnedProcess("KILL", null, "node", Path.Combine(await NodeScripts.Folder, "server.js"));
        await _node.StartAsync();
        var port = await Until.NotNullAsync(() => Listening.Match(_node.Output) is { Success: true } match ? match.Groups[1].Value : null, () => _node.Output);
        Channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        Channel?.Dispose();
        if (_node is not null) await _node.DisposeAsync();
    }

    [GeneratedRegex(@"listening (\d+)")]
    private static partial Regex Listening { get; }
}

public sealed class NodeServerTests(NodeServerFixture node) : IClassFixture<NodeServerFixture>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    Greeter.GreeterClient Client => new(node.Channel);

    [Fact]
    public async Task A_unary_call_is_answered_also_a_compressed_one()
    {
        (await Client.SayHelloAsync(new HelloRequest { Name = "C#" }, cancellationToken: Cancel)).Message.ShouldBe("Hello C#");

        var reply = await Client.SayHelloAsync(
            new HelloRequest { Name = new string('z', 100_000) }, new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Cancel);
        reply.Message.Length.ShouldBe(100_006);
    }

    [Fact]
    public async Task All_kinds_of_streams_work()
    {
        using var count = Client.Count(new CountRequest { To = 100 }, cancellationToken: Cancel);
        (await count.ResponseHeadersAsync).GetValue("x-start").ShouldBe("now");
        (await count.ResponseStream.ReadAllAsync(Cancel).CountAsync(Cancel)).ShouldBe(100);
        count.GetTrailers().GetValue("x-count").ShouldBe("100");

        using var sum = Client.Sum(cancellationToken: Cancel);
        for (var i = 1; i <= 1000; i++) await sum.RequestStream.WriteAsync(new Number { Value = i }, Cancel);
        await sum.RequestStream.CompleteAsync();
        (await sum).Value.ShouldBe(500500);

        using var chat = Client.Chat(cancellationToken: Cancel);
        for (var i = 0; i < 50; i++)
        {
            await chat.RequestStream.WriteAsync(new HelloRequest { Name = $"m{i}" }, Cancel);
            (await chat.ResponseStream.MoveNext(Cancel)).ShouldBeTrue();
            chat.ResponseStream.Current.Message.ShouldBe($"> m{i}");
        }
        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.MoveNext(Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task Status_and_metadata_come_and_go_unchanged()
    {
        var failure = await Should.ThrowAsync<RpcException>(() => Client.FailAsync(new HelloRequest { Name = "x" }, cancellationToken: Cancel).ResponseAsync);
        failure.StatusCode.ShouldBe(StatusCode.NotFound);
        failure.Status.Detail.ShouldBe("nothing called 'x' é%");
        failure.Trailers.GetValue("x-reason").ShouldBe("no such");
        failure.Trailers.GetValueBytes("x-detail-bin").ShouldBe([0, 1, 254, 255]);

        var seen = await Client.LookAsync(new LookRequest(), new Metadata { { "x-a", "b" }, { "x-c-bin", new byte[] { 1, 255 } } }, cancellationToken: Cancel);
        seen.Metadata["x-a"].ShouldBe("b");
        seen.Metadata["x-c-bin"].ShouldBe("01FF");
    }

    [Fact]
    public async Task A_deadline_and_a_cancellation_reach_the_server()
    {
        var before = await Client.CancelledAsync(0);
        (await Should.ThrowAsync<RpcException>(() =>
            Client.SlowAsync(new SlowRequest { DelayMs = 600_000 }, deadline: DateTime.UtcNow.AddSeconds(1.5), cancellationToken: Cancel).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        (await Client.CancelledAsync(before + 1)).ShouldBe(before + 1);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var call = Client.Count(new CountRequest { To = 1_000_000, DelayMs = 5 }, cancellationToken: stop.Token);
        await call.ResponseStream.MoveNext(Cancel);
        await stop.CancelAsync();
        (await Should.ThrowAsync<RpcException>(async () => { while (await call.ResponseStream.MoveNext(Cancel)) { } })).StatusCode.ShouldBe(StatusCode.Cancelled);
        (await Client.CancelledAsync(before + 2)).ShouldBe(before + 2);
    }
}
