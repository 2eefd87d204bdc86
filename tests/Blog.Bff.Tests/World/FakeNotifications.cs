using System.Collections.Concurrent;
using System.Threading.Channels;
using Blog.Notifications.V1;
using Grpc.Core;
using Channel = System.Threading.Channels.Channel;

namespace Blog.Bff.Tests.World;

/// <summary>Notifications as the BFF's stream sees them: what is subscribed, and updates that a test sends.</summary>
sealed class FakeNotifications : Blog.Notifications.V1.Notifications.NotificationsBase
{
    readonly ConcurrentDictionary<Channel<WatchResponse>, byte> streams = [];

    /// <summary>By subscription; gone when it is ended.</summary>
    public ConcurrentDictionary<long, WatchRequest.Types.Subscribe> Subscriptions { get; } = new();

    /// <summary>What every subscription is told.</summary>
    public void Ring(long sequence, params Notification[] changes)
    {
        foreach (var stream in streams.Keys)
            stream.Writer.TryWrite(new()
            {
                Updates = { Subscriptions.Keys.Select(id => new WatchResponse.Types.Update { Subscription = id, Bell = new() { Sequence = sequence, Unread = 1, Unseen = 1 }, Changes = { changes } }) },
            });
    }

    /// <summary>As if this instance died.</summary>
    public void Break()
    {
        Subscriptions.Clear();
        foreach (var stream in streams.Keys) stream.Writer.TryComplete(new RpcException(new Status(StatusCode.Unavailable, "away")));
    }

    public override async Task Watch(IAsyncStreamReader<WatchRequest> requestStream, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        var stream = Channel.CreateUnbounded<WatchResponse>();
        streams[stream] = 0;
        try
        {
            _ = Task.Run(async () =>
            {
                try
                {
                    while (await requestStream.MoveNext(context.CancellationToken))
                        if (requestStream.Current is { Subscribe: { } subscribe }) Subscriptions[subscribe.Subscription] = subscribe;
                        else Subscriptions.TryRemove(requestStream.Current.Unsubscribe, out _);
                }
                catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException or RpcException)
                {
                    // The other side left.
                }
            });
            await foreach (var response in stream.Reader.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(response);
        }
        finally
        {
            streams.TryRemove(stream, out _);
        }
    }
}
