using System.Collections.Concurrent;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>The hub as its contract says it behaves; keeps what it was asked.</summary>
sealed class FakeHub : Hub.HubBase
{
    public ConcurrentQueue<RequestSubscriptionRequest> Requests { get; } = new();

    public override Task<RequestSubscriptionResponse> RequestSubscription(RequestSubscriptionRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        if (request.Mode is RequestSubscriptionRequest.Types.Mode.Unspecified) throw RpcErrors.InvalidArgument(("mode", "hub.mode is subscribe or unsubscribe."));
        if (request.Topic.EndsWith("/full", StringComparison.Ordinal)) throw RpcErrors.Create(StatusCode.ResourceExhausted, "There are enough.", "TOO_MANY_SUBSCRIPTIONS");
        return Task.FromResult(new RequestSubscriptionResponse());
    }
}
