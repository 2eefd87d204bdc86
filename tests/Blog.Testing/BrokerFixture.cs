using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Xunit;

namespace Blog.Testing;

/// <summary>
/// A Kafka-protocol broker (standins/Blog.DevBroker) of its own for one test run, in a temporary folder and on a free port, which it keeps
/// over restarts. Use as an assembly fixture, or make one where a test needs to stop or kill it.
/// </summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    OwnedProcess? server;

    static string Program => typeof(BrokerFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().SingleOrDefault(a => a.Key == "DevBroker")?.Value
        ?? throw new InvalidOperationException("There is no development broker in an Official build.");

    /// <summary>Options of the broker besides port and folder, for example <c>--segment-bytes 4096</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Its data folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("blog-broker-").FullName;

    /// <summary>Its port on 127.0.0.1 and ::1.</summary>
    public int Port { get; } = FreePort();

    /// <summary>For a client's <c>bootstrap.servers</c>.</summary>
    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The process that runs now.</summary>
    public OwnedProcess Process => server ?? throw new InvalidOperationException("The broker was not started.");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>Starts it (the fixture does so the first time) and waits until it takes clients.</summary>
    public async Task StartAsync()
    {
        server = Create(Port, Folder, [.. Options]);
        await server.StartAsync();
        var started = TimeProvider.System.GetTimestamp();
        while (!server.Output.Contains("ready ", StringComparison.Ordinal))
        {
            if (server.HasExited || TimeProvider.System.GetElapsedTime(started) > Patience)
                throw new InvalidOperationException($"The broker does not start: {server.Output}");
            await Task.Delay(10);
        }
    }

    /// <summary>A broker process that is not started yet.</summary>
    public static OwnedProcess Create(int port, string folder, params string[] options) => new("KILL", user: null,
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [Program, "--port", port.ToString(CultureInfo.InvariantCulture), "--data", folder, .. options]);

    /// <summary>Ends it properly (TERM) or without warning (KILL).</summary>
    public Task StopAsync(string signal = "TERM") => Process.StopAsync(signal);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>
    /// A free port below the range from which the kernel takes ports for outgoing connections: while the broker is down nobody is given its port,
    /// and a client that keeps trying to connect cannot end up connected to itself.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: draw another.
            }
        }
    }
}
