using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using PushClient = Blog.Notifications.V1.Push.PushClient;
using V1 = Blog.Notifications.V1;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<PushTransport>))]
public enum PushTransport
{
    [JsonStringEnumMemberName("web")] Web = 1,
    [JsonStringEnumMemberName("fcm")] Fcm,
    [JsonStringEnumMemberName("apns")] Apns,
}

/// <param name="PublicKey">For <c>applicationServerKey</c> of a browser's subscription.</param>
public sealed record PushKey(string PublicKey);

/// <summary>A browser or phone that is told.</summary>
public sealed record PushTarget(string Id, PushTransport Transport, string Label, DateTime CreatedAt)
{
    internal static PushTarget From(V1.PushTarget target) => new(target.Id, (PushTransport)target.Transport, target.Label, target.CreateTime.ToDateTime());
}

public sealed record PushTargetList(IReadOnlyList<PushTarget> Items);

public sealed record PushSubscriptionKeys(string P256dh, string Auth);

/// <summary>As <c>PushSubscription.toJSON()</c> gives it, and what its owner calls it.</summary>
public sealed record PushSubscriptionInput(string Endpoint, PushSubscriptionKeys Keys, string? Label = null);

public sealed record DeviceInput(PushTransport Transport, string Token, string? Label = null);

/// <param name="Address">Endpoint or device token.</param>
public sealed record ForgetPushInput(string Address);

/// <summary>The browsers and phones on which a person wants to be told.</summary>
static class PushEndpoints
{
    public static void MapPush(this IEndpointRouteBuilder api) =>
        api.MapGet("/push-key", async (PushClient push, CancellationToken ct) => TypedResults.Ok(new PushKey((await push.GetWebPushKeyAsync(new(), cancellationToken: ct)).PublicKey)))
            .WithTags("Push").WithName("getPushKey").WithSummary("The key that a browser's push subscription names.");

    public static void MapMyPush(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/push-targets").WithTags("Push").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("", List).WithName("listPushTargets").WithSummary("Where I am told, newest first.");
        group.MapPut("/web", PutWeb).WithName("putPushSubscription").WithSummary("Tells where this browser is reached. Idempotent by endpoint.");
        group.MapPut("/device", PutDevice).WithName("putDevice").WithSummary("Tells where this phone is reached. Idempotent by token.").ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/forget", Forget).WithName("forgetPushTarget").WithSummary("Nothing more goes to this endpoint or token. Idempotent.");
        group.MapDelete("/{id:guid}", Delete).WithName("deletePushTarget").WithSummary("Nothing more goes there. Idempotent.");
    }

    static async Task<Ok<PushTargetList>> List(PushClient push, CancellationToken ct) =>
        TypedResults.Ok(new PushTargetList([.. (await push.ListPushTargetsAsync(new(), cancellationToken: ct)).Targets.Select(PushTarget.From)]));

    static async Task<Ok<PushTarget>> PutWeb(PushSubscriptionInput input, PushClient push, CancellationToken ct) =>
        TypedResults.Ok(PushTarget.From((await push.PutWebPushSubscriptionAsync(
            new() { Endpoint = input.Endpoint, P256Dh = input.Keys.P256dh, Auth = input.Keys.Auth, Label = input.Label ?? "" }, cancellationToken: ct)).Target));

    static async Task<Ok<PushTarget>> PutDevice(DeviceInput input, PushClient push, CancellationToken ct) =>
        TypedResults.Ok(PushTarget.From((await push.PutDeviceAsync(new() { Transport = (V1.PushTransport)input.Transport, Token = input.Token, Label = input.Label ?? "" }, cancellationToken: ct)).Target));

    static async Task<NoContent> Forget(ForgetPushInput input, PushClient push, CancellationToken ct)
    {
        await push.DeletePushTargetAsync(new() { Address = input.Address }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> Delete(Guid id, PushClient push, CancellationToken ct)
    {
        await push.DeletePushTargetAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }
}
