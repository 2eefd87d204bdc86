using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Blog.DevBroker.Protocol;
using Blog.DevBroker.Requests;

namespace Blog.DevBroker;

/// <summary>
/// One client connection: reads a frame, answers it, reads the next ("Network" in the Kafka protocol guide: answers come in the order of the
/// requests). Between requests it holds no buffer.
/// </summary>
sealed class Connection : IDisposable
{
    /// <summary>Request Header v1 takes at least ten bytes.</summary>
    const int MinFrame = 10;

    /// <summary>A frame's buffer grows with what arrives: announcing a large frame must not reserve memory.</summary>
    const int FirstBuffer = 16 * 1024;

    readonly Socket _socket;
    readonly Broker _broker;
    readonly string _peer;
    readonly byte[] _size = new byte[4];

    public Connection(Socket socket, Broker broker)
    {
        _socket = socket;
        _broker = broker;
        _socket.NoDelay = true;
        _peer = ((IPEndPoint)socket.RemoteEndPoint!).ToString();
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await ReceiveAsync(_size, stopping))
                if (!await ServeFrameAsync(BinaryPrimitives.ReadInt32BigEndian(_size), stopping))
                    return;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or the broker is going.
        }
        catch (MalformedRequestException e)
        {
            Console.Error.WriteLine($"closed {_peer}: {e.Message}");
        }
#pragma warning disable CA1031 // One client's request must not take the broker down, whatever it ran into.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"closed {_peer}: {e}");
        }
    }

    async ValueTask<bool> ServeFrameAsync(int size, CancellationToken stopping)
    {
        if (size < MinFrame || size > _broker.Options.MaxRequestBytes)
            throw new MalformedRequestException($"a frame of {size} bytes");
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(size, FirstBuffer));
        try
        {
            for (var received = 0; received < size;)
            {
                if (received == buffer.Length)
                    buffer = Grow(buffer, size);
                var wanted = Math.Min(size, buffer.Length) - received;
                if (!await ReceiveAsync(buffer.AsMemory(received, wanted), stopping))
                    return false;
                received += wanted;
            }

            var request = Request.Read(buffer.AsMemory(0, size), ((IPEndPoint)_socket.RemoteEndPoint!).Address.ToString());
            using var response = new ResponseWriter(request.CorrelationId);
            await Apis.AnswerAsync(_broker, request, response, stopping);
            if (!response.Suppressed)
                await SendAsync(response.Finish());
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static byte[] Grow(byte[] buffer, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, buffer.Length * 2L));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Fills <paramref name="buffer"/>; false if the client closed the connection first.</summary>
    async ValueTask<bool> ReceiveAsync(Memory<byte> buffer, CancellationToken stopping)
    {
        while (buffer.Length > 0)
        {
            var read = await _socket.ReceiveAsync(buffer, SocketFlags.None, stopping);
            if (read == 0)
                return false;
            buffer = buffer[read..];
        }

        return true;
    }

    /// <summary>Not cancelled by a stop: what was done is also said.</summary>
    async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None)..];
    }

    public void Dispose() => _socket.Dispose();
}
