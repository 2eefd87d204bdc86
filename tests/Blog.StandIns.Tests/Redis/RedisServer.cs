using Blog.Testing;
using StackExchange.Redis;

namespace Blog.StandIns.Tests.Redis;

/// <summary>A redis-server on a free port that keeps nothing. It can be killed and started again on the same port.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    OwnedProcess? _server;

    public int Port { get; } = FreePort.Find();

    public string ConnectionString => $"127.0.0.1:{Port}";

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        _server = new OwnedProcess("KILL", null, "redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no");
        await _server.StartAsync();
        await Until.TrueAsync(() => _server.Output.Contains("Ready to accept connections", StringComparison.Ordinal), () => _server.Output);
    }

    public async Task KillAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync($"{ConnectionString},abortConnect=false,connectTimeout=2000");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
