using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// Moves bytes between a transport and two pipes. Reading has a thread of its own, which blocks: replies are taken in, and callers that
/// block on them are released, even when every thread of the pool is one of those callers. Writing runs on the scheduler of the send options.
/// </summary>
sealed class DuplexPump
{
    /// <summary>Blocks until there are bytes; 0 at the end.</summary>
    public delegate int Receive(Span<byte> buffer);

    readonly Pipe _received, _toSend;
    readonly Receive _receive;
    readonly Func<ReadOnlySequence<byte>, ValueTask> _send;
    readonly Action _close;
    long _bytesRead, _bytesSent;
    int _kind;

    public DuplexPump(
        Receive receive, Func<ReadOnlySequence<byte>, ValueTask> send, Action close, PipeOptions sendOptions, PipeOptions receiveOptions, string? name)
    {
        (_receive, _send, _close) = (receive, send, close);
        _toSend = new Pipe(sendOptions);
        // The thread is ours, so replies are parsed on it: a hop to another thread per reply is saved.
        _received = new Pipe(new PipeOptions(
            receiveOptions.Pool, PipeScheduler.Inline, receiveOptions.WriterScheduler, receiveOptions.PauseWriterThreshold,
            receiveOptions.ResumeWriterThreshold, receiveOptions.MinimumSegmentSize, useSynchronizationContext: false));

        new Thread(ReadLoop) { IsBackground = true, Name = $"{name ?? "pipe"}:read" }.UnsafeStart();
        sendOptions.ReaderScheduler.Schedule(_ => _ = WriteLoop(), null);
    }

    public PipeReader Input => _received.Reader;

    public PipeWriter Output => _toSend.Writer;

    public long BytesRead => Volatile.Read(ref _bytesRead);

    public long BytesSent => Volatile.Read(ref _bytesSent);

    public int LastReceived { get; private set; }

    public SocketError SocketError { get; private set; }

    public PipeShutdownKind ShutdownKind => (PipeShutdownKind)Volatile.Read(ref _kind);

    /// <summary>The first reason is the one that counts.</summary>
    public bool TrySetShutdown(PipeShutdownKind kind) => Interlocked.CompareExchange(ref _kind, (int)kind, 0) == 0;

    /// <summary>Ends both loops.</summary>
    public void Stop()
    {
        _toSend.Reader.CancelPendingRead();
        _close();
    }

    void ReadLoop()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var count = LastReceived = _receive(_received.Writer.GetSpan(4096));
                if (count <= 0)
                {
                    TrySetShutdown(PipeShutdownKind.ReadEndOfStream);
                    break;
                }
                Interlocked.Add(ref _bytesRead, count);
                _received.Writer.Advance(count);

                var flush = _received.Writer.FlushAsync();
                var result = flush.IsCompleted ? flush.Result : flush.AsTask().GetAwaiter().GetResult(); // waits if the parser is behind
                if (result.IsCompleted)
                {
                    TrySetShutdown(PipeShutdownKind.ReadFlushCompleted);
                    break;
                }
            }
        }
        catch (Exception problem) // Whatever it is, it goes to the reader of the pipe.
        {
            fault = Note(problem, reading: true);
        }
        _received.Writer.Complete(fault);
        _toSend.Reader.CancelPendingRead(); // the writing loop sees the reason and ends too
    }

    async Task WriteLoop()
    {
        Exception? fault = null;
        try
        {
            while (true)
            {
                var result = await _toSend.Reader.ReadAsync().ConfigureAwait(false);
                if (result.IsCanceled && ShutdownKind != PipeShutdownKind.None) break;
                if (!result.Buffer.IsEmpty)
                {
                    await _send(result.Buffer).ConfigureAwait(false);
                    Interlocked.Add(ref _bytesSent, result.Buffer.Length);
                }
                _toSend.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    TrySetShutdown(PipeShutdownKind.WriteEndOfStream);
                    break;
                }
            }
        }
        catch (Exception problem) // Whatever it is, it goes to the writer of the pipe.
        {
            fault = Note(problem, reading: false);
        }
        _toSend.Reader.Complete(fault);
        _close(); // wakes the reading loop
    }

    /// <summary>Notes why a loop ended, and makes of it what the pipe throws; null where the connection was closed on purpose.</summary>
    Exception? Note(Exception problem, bool reading)
    {
        switch (problem)
        {
            case SocketException socket:
                SocketError = socket.SocketErrorCode;
                TrySetShutdown(reading ? PipeShutdownKind.ReadSocketError : PipeShutdownKind.WriteSocketError);
                return new ConnectionResetException(socket.Message, socket);
            case ObjectDisposedException:
                TrySetShutdown(reading ? PipeShutdownKind.ReadDisposed : PipeShutdownKind.WriteDisposed);
                return null;
            case IOException:
                TrySetShutdown(reading ? PipeShutdownKind.ReadIOException : PipeShutdownKind.WriteIOException);
                return problem;
            default:
                TrySetShutdown(reading ? PipeShutdownKind.ReadException : PipeShutdownKind.WriteException);
                return problem;
        }
    }
}
