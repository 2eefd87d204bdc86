using System.Threading.Channels;
using Blog.Bff.Sessions;

namespace Blog.Bff.Live;

/// <summary>One open stream of a browser: what is to be written, and where it has got to.</summary>
sealed class LiveConnection(long id, LiveSession session, long? after, long endsAt)
{
    /// <summary>A browser that takes less than this many messages is cut off; it comes back and resumes.</summary>
    const int MaxWaiting = 32;

    readonly Channel<ReadOnlyMemory<byte>> waiting = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    public long Id => id;
    public LiveSession Session => session;
    public string Person => session.Session.Subject;
    /// <summary>The last sequence it was given; null: none yet, and it asked for what comes from now on.</summary>
    public long? Sent { get; set; } = after;
    /// <summary>In the clock's ticks. A stream does not live for ever, so that who may read it is asked again.</summary>
    public long EndsAt => endsAt;

    public ChannelReader<ReadOnlyMemory<byte>> Messages => waiting.Reader;

    public void Write(ReadOnlyMemory<byte> message)
    {
        if (!waiting.Writer.TryWrite(message)) End();
    }

    public void End() => waiting.Writer.TryComplete();
}
