namespace Grpc.Core;

/// <summary>A connection, or several, to a service.</summary>
public abstract class ChannelBase
{
    Task? _shutdown;

    /// <summary>Made for an address.</summary>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>The address.</summary>
    public string Target { get; }

    /// <summary>Makes what makes calls on this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Ends the channel.</summary>
    public Task ShutdownAsync() => _shutdown ??= ShutdownAsyncCore();

    /// <summary>Ends the channel. Called once.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
