using System.Buffers.Text;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Notifications.Devices;

/// <summary>blog.notifications.v1.Push.</summary>
sealed class PushService(PushTargets targets, Vapid vapid, PublicInternet internet, IEnumerable<IPushGateway> gateways, TimeProvider time) : V1.Push.PushBase
{
    const int MaxLabel = 80, MaxDeviceToken = 4096;

    public override Task<GetWebPushKeyResponse> GetWebPushKey(GetWebPushKeyRequest request, ServerCallContext context) => Task.FromResult(new GetWebPushKeyResponse { PublicKey = vapid.PublicKey });

    [Authorize(Policies.Person)]
    public override async Task<PutWebPushSubscriptionResponse> PutWebPushSubscription(PutWebPushSubscriptionRequest request, ServerCallContext context)
    {
        if (await internet.ProblemAsync(request.Endpoint, context.CancellationToken) is { } problem) throw RpcErrors.InvalidArgument(("endpoint", problem));
        if (Decode(request.P256Dh) is not { } key || !WebPushMessage.IsPublicKey(key)) throw RpcErrors.InvalidArgument(("p256dh", "This is not a public key of P-256."));
        if (Decode(request.Auth) is not { Length: WebPushMessage.AuthBytes } auth) throw RpcErrors.InvalidArgument(("auth", "The secret has 16 bytes."));
        return new() { Target = await PutAsync(PushTransport.Web, request.Endpoint, request.Label, key, auth, context) };
    }

    [Authorize(Policies.Person)]
    public override async Task<PutDeviceResponse> PutDevice(PutDeviceRequest request, ServerCallContext context)
    {
        if (request.Transport is not (PushTransport.Fcm or PushTransport.Apns)) throw RpcErrors.InvalidArgument(("transport", "A phone is reached by FCM or APNs."));
        // The token becomes part of an address.
        var isToken = request.Token.Length is > 0 and <= MaxDeviceToken
            && request.Token.All(c => request.Transport is PushTransport.Apns ? char.IsAsciiHexDigit(c) : char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '.');
        if (!isToken) throw RpcErrors.InvalidArgument(("token", "This is not a device token."));
        if (!gateways.Any(gateway => gateway.Transport == request.Transport && gateway.IsConfigured))
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "Messages to phones of this kind are not set up here.", "NOT_CONFIGURED");
        return new() { Target = await PutAsync(request.Transport, request.Token, request.Label, null, null, context) };
    }

    async Task<V1.PushTarget> PutAsync(PushTransport transport, string address, string label, byte[]? key, byte[]? auth, ServerCallContext context)
    {
        var now = time.GetUtcNow();
        if (label.Length > MaxLabel) throw RpcErrors.InvalidArgument(("label", $"A label has at most {MaxLabel} characters."));
        var target = new PushTarget
        {
            PersonId = Caller(context), Id = Guid.CreateVersion7(now), Transport = transport, Address = address, AddressHash = PushTarget.HashOf(address),
            P256dh = key, Auth = auth, Label = label.Trim(), CreateTime = now,
        };
        await targets.PutAsync(target, context.CancellationToken);
        return target.ToMessage();
    }

    [Authorize(Policies.Person)]
    public override async Task<ListPushTargetsResponse> ListPushTargets(ListPushTargetsRequest request, ServerCallContext context) =>
        new() { Targets = { (await targets.OfAsync(Caller(context), context.CancellationToken)).Select(target => target.ToMessage()) } };

    [Authorize(Policies.Person)]
    public override async Task<DeletePushTargetResponse> DeletePushTarget(DeletePushTargetRequest request, ServerCallContext context)
    {
        if (request.KeyCase is DeletePushTargetRequest.KeyOneofCase.Address) await targets.RemoveAsync(Caller(context), request.Address, context.CancellationToken);
        else if (Guid.TryParse(request.Id, out var id)) await targets.RemoveAsync(Caller(context), [id], context.CancellationToken);
        else throw RpcErrors.InvalidArgument(("id", "This is not an id."));
        return new();
    }

    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    /// <summary>Browsers give base64url; some libraries pad it.</summary>
    static byte[]? Decode(string text) => text.Length <= 200 && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
