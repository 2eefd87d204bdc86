using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Blog.Testing;

/// <summary>
/// A Redis server of its own for one test run, on a free port and without a file. Use as an assembly fixture; a test that stops it
/// uses an instance of its own.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    OwnedProcess? server;

    /// <summary>The port it listens on; the same after a restart.</summary>
    public int Port { get; private set; }

    /// <summary>For StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port}";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Port = BrokerFixture.FreePort();
        await StartAsync();
    }

    /// <summary>Starts the server (after <see cref="StopAsync"/>; empty again) and waits until it answers.</summary>
    public async Task StartAsync()
    {
        server = new OwnedProcess("KILL", null, "redis-server", "--port", Port.ToString(CultureInfo.InvariantCulture),
            "--bind", "127.0.0.1", "--save", "", "--appendonly", "no");
        await server.StartAsync();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                var stream = client.GetStream();
                await stream.WriteAsync("PING\r\n"u8.ToArray());
                if (await stream.ReadAsync(new byte[16]) > 0) return;
            }
            catch (Exception problem) when (problem is SocketException or IOException)
            {
                if (server.HasExited || TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
                    throw new InvalidOperationException($"Redis does not answer: {server.Output}", problem);
            }
            await Task.Delay(10);
        }
    }

    /// <summary>Stops the server at once, as an outage does; what it held is lost.</summary>
    public async Task StopAsync()
    {
        if (server is null) return;
        await server.DisposeAsync();
        server = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
