using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial;

/// <summary>A socket operation that can be awaited; used to connect. Continues on the scheduler, if one is given.</summary>
public sealed class SocketAwaitableEventArgs(PipeScheduler? ioScheduler = null) : SocketAsyncEventArgs, ICriticalNotifyCompletion
{
    static readonly Action Over = () => { };

    Action? _continuation;
    SocketError? _aborted;

    /// <summary>Whether the operation is over.</summary>
    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), Over);

    /// <summary>Awaits the operation.</summary>
    public SocketAwaitableEventArgs GetAwaiter() => this;

    /// <summary>The bytes transferred.</summary>
    /// <exception cref="SocketException">The operation failed or was aborted.</exception>
    public int GetResult()
    {
        _continuation = null;
        var error = _aborted ?? SocketError;
        return error == SocketError.Success ? BytesTransferred : throw new SocketException((int)error);
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation)
    {
        if (ReferenceEquals(Interlocked.CompareExchange(ref _continuation, continuation, null), Over)) continuation();
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);

    /// <summary>Says that the operation is over.</summary>
    public void Complete()
    {
        var continuation = Interlocked.Exchange(ref _continuation, Over);
        if (continuation is null || ReferenceEquals(continuation, Over)) return;
        if (ioScheduler is null) continuation();
        else ioScheduler.Schedule(static action => ((Action)action!)(), continuation);
    }

    /// <summary>Lets the operation fail.</summary>
    public void Abort(SocketError error = SocketError.OperationAborted)
    {
        if (error == SocketError.Success) throw new ArgumentException("Success is no error.", nameof(error));
        _aborted = error;
        Complete();
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();
}
