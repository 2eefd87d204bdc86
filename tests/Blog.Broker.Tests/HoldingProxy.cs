using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Blog.Broker.Tests;

/// <summary>
/// Stands between clients and the broker and can hold back the broker's answers: what was stored meanwhile, the producer does not know of. Killing
/// the broker then is the worst moment there is, and by chance it would hardly ever be met.
/// </summary>
sealed class HoldingProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<TcpClient, byte> _clients = new();
    readonly Task _accepting;
    volatile bool _holding;
    volatile int _held;

    public HoldingProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int BrokerPort { get; set; }

    public void HoldAnswers()
    {
        _held = 0;
        _holding = true;
    }

    /// <summary>Whether an answer was held back since <see cref="HoldAnswers"/>.</summary>
    public bool HasHeld => _held > 0;

    /// <summary>Closes every connection, with the answers held back on it, and lets the next ones through.</summary>
    public void DropConnections()
    {
        foreach (var client in _clients.Keys)
            client.Dispose();
        _holding = false;
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var broker = new TcpClient();
        using (client)
        {
            try
            {
                client.NoDelay = broker.NoDelay = true;
                await broker.ConnectAsync(IPAddress.Loopback, BrokerPort, _stopping.Token);
                (_clients[client], _clients[broker]) = (0, 0);
                await Task.WhenAny(PumpAsync(client, broker, mayHold: false), PumpAsync(broker, client, mayHold: true));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The broker is down: so is the connection.
            }
        }

        _clients.TryRemove(client, out _);
        _clients.TryRemove(broker, out _);
    }

    async Task PumpAsync(TcpClient from, TcpClient to, bool mayHold)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stopping.Token) is > 0 and var read)
            {
                if (mayHold && _holding)
                {
                    _held = read;
                    continue;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // Either side closed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        DropConnections();
        _listener.Dispose();
    }
}
