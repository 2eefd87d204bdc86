using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Blog.DevBroker;

/// <summary>Listens, and runs one <see cref="Connection"/> per client. A client that breaks the protocol costs its own connection only.</summary>
sealed class BrokerServer(Broker broker) : IAsyncDisposable
{
    /// <summary>How long requests under way may take to end when the broker stops.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<Connection, Task> _connections = new();
    readonly List<TcpListener> _listeners = [];
    readonly List<Task> _accepting = [];

    public void Start()
    {
        var options = broker.Options;
        if (options.Host != "localhost")
        {
            Listen(IPAddress.Parse(options.Host), options.Port);
        }
        else
        {
            Listen(IPAddress.Loopback, options.Port);
            if (Socket.OSSupportsIPv6)
                ListenOnIPv6IfPossible();
        }

        var port = ((IPEndPoint)_listeners[0].LocalEndpoint).Port;
        broker.AdvertisedPort = options.AdvertisedPort > 0 ? options.AdvertisedPort : port;
        foreach (var listener in _listeners)
            _accepting.Add(AcceptAsync(listener));
    }

    void Listen(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listener.Dispose();
            throw new BrokerStartException($"port {port} of {address} is in use");
        }

        _listeners.Add(listener);
    }

    /// <summary>Clients that resolve "localhost" may try ::1 first; a machine without it, or with the port taken there, does well with 127.0.0.1 alone.</summary>
    void ListenOnIPv6IfPossible()
    {
        try
        {
            Listen(IPAddress.IPv6Loopback, ((IPEndPoint)_listeners[0].LocalEndpoint).Port);
        }
        catch (Exception e) when (e is SocketException or BrokerStartException)
        {
            Console.WriteLine($"listening on 127.0.0.1 only: {e.Message}");
        }
    }

    async Task AcceptAsync(TcpListener listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var connection = new Connection(await listener.AcceptSocketAsync(_stopping.Token), broker);
                _connections[connection] = ServeAsync(connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                // A client that hung up while it was being accepted, or no file handle left: the next one may fare better.
                Console.Error.WriteLine($"accept failed: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    async Task ServeAsync(Connection connection)
    {
        // Let the caller enter the connection into the list before it can end.
        await Task.Yield();
        using (connection)
            await connection.RunAsync(_stopping.Token);
        _connections.TryRemove(connection, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var listener in _listeners)
            listener.Dispose();
        await Task.WhenAll(_accepting);
        var running = Task.WhenAll(_connections.Values);
        if (await Task.WhenAny(running, Task.Delay(Grace)) != running)
            foreach (var connection in _connections.Keys)
                connection.Dispose();
        await running;
        _stopping.Dispose();
    }
}
