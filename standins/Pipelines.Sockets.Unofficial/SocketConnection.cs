using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A pipe in both directions over a connected socket.</summary>
public sealed class SocketConnection : IMeasuredDuplexPipe, IDisposable
{
    readonly Socket _socket;
    readonly DuplexPump _pump;

    SocketConnection(Socket socket, PipeOptions send, PipeOptions receive, string? name)
    {
        _socket = socket;
        _pump = new DuplexPump(buffer => socket.Receive(buffer, SocketFlags.None), Send, Close, send, receive, name);
    }

    /// <inheritdoc/>
    public PipeReader Input => _pump.Input;

    /// <inheritdoc/>
    public PipeWriter Output => _pump.Output;

    /// <summary>Bytes received so far.</summary>
    public long BytesRead => _pump.BytesRead;

    /// <summary>Bytes sent so far.</summary>
    public long BytesSent => _pump.BytesSent;

    /// <summary>Bytes that the last read brought.</summary>
    public int LastReceived => _pump.LastReceived;

    /// <summary>Why the connection ended; None while it lives.</summary>
    public PipeShutdownKind ShutdownKind => _pump.ShutdownKind;

    /// <summary>The error of the socket that ended the connection, if one did.</summary>
    public SocketError SocketError => _pump.SocketError;

    long IMeasuredDuplexPipe.TotalBytesSent => _pump.BytesSent;

    long IMeasuredDuplexPipe.TotalBytesReceived => _pump.BytesRead;

    /// <summary>Begins to read and write. The other options are taken for compatibility and not used.</summary>
    public static SocketConnection Create(
        Socket socket, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions,
        SocketConnectionOptions connectionOptions = SocketConnectionOptions.None, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        _ = connectionOptions;
        return new SocketConnection(socket, sendPipeOptions ?? PipeOptions.Default, receivePipeOptions ?? PipeOptions.Default, name);
    }

    /// <summary>Kept for compatibility: everything that is needed comes with .NET.</summary>
    public static void AssertDependencies() { }

    /// <summary>Sends small messages at once (no Nagle).</summary>
    public static void SetRecommendedClientOptions(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.AddressFamily == AddressFamily.Unix) return;
        try
        {
            socket.NoDelay = true;
        }
        catch (SocketException) { } // not every transport can
    }

    /// <summary>Notes that the protocol, not the network, ended the connection. False if it had ended already.</summary>
    public bool TrySetProtocolShutdown(PipeShutdownKind kind) => kind >= PipeShutdownKind.ProtocolExitClient && _pump.TrySetShutdown(kind);

    /// <summary>What waits where. Of the pipes it is not known: to look would race with their readers.</summary>
    public Counters GetCounters()
    {
        try
        {
            return new Counters(_socket.Available, -1, -1);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            return new Counters(0, -1, -1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pump.TrySetShutdown(PipeShutdownKind.PipeDisposed);
        _pump.Stop();
    }

    async ValueTask Send(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
            for (var rest = segment; !rest.IsEmpty;)
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
    }

    void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both); // wakes a reader that is blocked
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException) { }
        _socket.Dispose();
    }

    /// <summary>Bytes that wait; -1: not known.</summary>
    public readonly struct Counters(long available, long toRead, long toSend)
    {
        /// <summary>In the socket.</summary>
        public long BytesAvailableOnSocket => available;

        /// <summary>In the pipe, to be read.</summary>
        public long BytesWaitingToBeRead => toRead;

        /// <summary>In the pipe, to be sent.</summary>
        public long BytesWaitingToBeSent => toSend;
    }
}
