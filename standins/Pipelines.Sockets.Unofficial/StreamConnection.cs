using System.Buffers;
using System.IO.Pipelines;

namespace Pipelines.Sockets.Unofficial;

/// <summary>Pipes over streams, as for TLS.</summary>
public static class StreamConnection
{
    /// <summary>A pipe in both directions over a stream.</summary>
    public static IDuplexPipe GetDuplex(Stream stream, PipeOptions? sendPipeOptions, PipeOptions? receivePipeOptions, string? name = null)
        => new StreamDuplex(stream, sendPipeOptions ?? PipeOptions.Default, receivePipeOptions ?? PipeOptions.Default, name);

    /// <summary>A pipe to read from a stream. The options and the name are taken for compatibility and not used.</summary>
    public static PipeReader GetReader(Stream stream, PipeOptions? pipeOptions = null, string? name = null)
    {
        _ = (pipeOptions, name);
        return PipeReader.Create(stream);
    }

    sealed class StreamDuplex : IMeasuredDuplexPipe, IDisposable
    {
        readonly Stream _stream;
        readonly DuplexPump _pump;

        public StreamDuplex(Stream stream, PipeOptions send, PipeOptions receive, string? name)
        {
            _stream = stream;
            _pump = new DuplexPump(stream.Read, Send, stream.Dispose, send, receive, name);
        }

        public PipeReader Input => _pump.Input;
        public PipeWriter Output => _pump.Output;
        public long TotalBytesSent => _pump.BytesSent;
        public long TotalBytesReceived => _pump.BytesRead;

        public void Dispose()
        {
            _pump.TrySetShutdown(PipeShutdownKind.PipeDisposed);
            _pump.Stop();
        }

        async ValueTask Send(ReadOnlySequence<byte> bytes)
        {
            foreach (var segment in bytes) await _stream.WriteAsync(segment).ConfigureAwait(false);
            await _stream.FlushAsync().ConfigureAwait(false);
        }
    }
}
