using System.Collections.Concurrent;
using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Relations as their contract says they behave, in memory.</summary>
sealed class FakeRelations(FakeUsers users) : Relations.RelationsBase
{
    readonly ConcurrentDictionary<(string Follower, Target Target), DateTime> follows = new();
    readonly ConcurrentDictionary<(string Person, string Other), (bool Muted, bool Blocked)> decided = new();

    /// <summary>Set: following is refused until then.</summary>
    public TimeSpan? TooFast { get; set; }

    static string Me(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public void Add(string follower, string personId) => follows[(follower, PersonOf(personId))] = DateTime.UtcNow;

    public void Block(string person, string other) => decided[(person, other)] = (false, true);

    static Target PersonOf(string id) => new() { Kind = FollowTarget.Person, Id = id };

    Relation Of(string me, Target target)
    {
        var (muted, blocked) = decided.GetValueOrDefault((me, target.Id));
        return new() { Target = target, Following = follows.ContainsKey((me, target)), Muted = muted, Blocked = blocked, FollowerCount = follows.Keys.Count(f => f.Target.Equals(target)) };
    }

    bool AreApart(string one, string other) => decided.GetValueOrDefault((one, other)).Blocked || decided.GetValueOrDefault((other, one)).Blocked;

    public override Task<FollowResponse> Follow(FollowRequest request, ServerCallContext context)
    {
        var (me, target) = (Me(context), request.Target);
        if (target.Id == me)
            throw RpcErrors.InvalidArgument(("target.id", "You cannot follow yourself."));
        if (target.Kind == FollowTarget.Person && (!users.Profiles.ContainsKey(target.Id) || AreApart(me, target.Id)))
            throw RpcErrors.NotFound("There is nobody here by that name.");
        if (TooFast is { } wait)
            throw RpcErrors.Create(StatusCode.ResourceExhausted, "You have followed many in a short time.", "FOLLOWS_TOO_FAST", new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) });
        follows.TryAdd((me, target), DateTime.UtcNow);
        return Task.FromResult(new FollowResponse { Relation = Of(me, target) });
    }

    public override Task<UnfollowResponse> Unfollow(UnfollowRequest request, ServerCallContext context)
    {
        follows.TryRemove((Me(context), request.Target), out _);
        return Task.FromResult(new UnfollowResponse { Relation = Of(Me(context), request.Target) });
    }

    Relation Decide(ServerCallContext context, string other, Func<(bool Muted, bool Blocked), (bool, bool)> decide)
    {
        decided[(Me(context), other)] = decide(decided.GetValueOrDefault((Me(context), other)));
        return Of(Me(context), PersonOf(other));
    }

    public override Task<MuteResponse> Mute(MuteRequest request, ServerCallContext context) =>
        Task.FromResult(new MuteResponse { Relation = Decide(context, request.PersonId, before => (true, before.Blocked)) });

    public override Task<UnmuteResponse> Unmute(UnmuteRequest request, ServerCallContext context) =>
        Task.FromResult(new UnmuteResponse { Relation = Decide(context, request.PersonId, before => (false, before.Blocked)) });

    public override Task<BlockResponse> Block(BlockRequest request, ServerCallContext context)
    {
        follows.TryRemove((Me(context), PersonOf(request.PersonId)), out _);
        follows.TryRemove((request.PersonId, PersonOf(Me(context))), out _);
        return Task.FromResult(new BlockResponse { Relation = Decide(context, request.PersonId, before => (before.Muted, true)) });
    }

    public override Task<UnblockResponse> Unblock(UnblockRequest request, ServerCallContext context) =>
        Task.FromResult(new UnblockResponse { Relation = Decide(context, request.PersonId, before => (before.Muted, false)) });

    public override Task<BatchGetRelationsResponse> BatchGetRelations(BatchGetRelationsRequest request, ServerCallContext context) =>
        Task.FromResult(new BatchGetRelationsResponse { Relations = { request.Targets.Select(target => Of(Me(context), target)) } });

    public override Task<BatchGetFollowCountsResponse> BatchGetFollowCounts(BatchGetFollowCountsRequest request, ServerCallContext context) => Task.FromResult(new BatchGetFollowCountsResponse
    {
        Counts =
        {
            request.Targets.Select(target => new FollowCounts
            {
                Target = target,
                Followers = follows.Keys.Count(f => f.Target.Equals(target)),
                FollowingPeople = follows.Keys.Count(f => f.Follower == target.Id && f.Target.Kind == FollowTarget.Person),
            }),
        },
    });

    bool IsVisible(ServerCallContext context, string other) => context.RequestHeaders.GetValue("authorization") is null || !AreApart(Me(context), other);

    RelatedPerson ToMessage(string id, DateTime since) => new() { Profile = users.Profiles[id], Time = Timestamp.FromDateTime(since) };

    public override Task<ListFollowersResponse> ListFollowers(ListFollowersRequest request, ServerCallContext context) => Task.FromResult(new ListFollowersResponse
    {
        Followers = { follows.Where(f => f.Key.Target.Equals(request.Target) && IsVisible(context, f.Key.Follower)).OrderByDescending(f => f.Value).Select(f => ToMessage(f.Key.Follower, f.Value)) },
    });

    public override Task<ListFollowingResponse> ListFollowing(ListFollowingRequest request, ServerCallContext context) => Task.FromResult(new ListFollowingResponse
    {
        Followed =
        {
            follows.Where(f => f.Key.Follower == request.PersonId && f.Key.Target.Kind == request.Kind && IsVisible(context, f.Key.Target.Id)).OrderByDescending(f => f.Value).Select(f => new Followed
            {
                Target = f.Key.Target,
                FollowTime = Timestamp.FromDateTime(f.Value),
                Profile = request.Kind == FollowTarget.Person ? users.Profiles[f.Key.Target.Id] : null,
            }),
        },
    });

    public override Task<ListMutedResponse> ListMuted(ListMutedRequest request, ServerCallContext context) => Task.FromResult(new ListMutedResponse
    {
        People = { decided.Where(d => d.Key.Person == Me(context) && d.Value.Muted).Select(d => ToMessage(d.Key.Other, DateTime.UnixEpoch)) },
    });

    public override Task<ListBlockedResponse> ListBlocked(ListBlockedRequest request, ServerCallContext context) => Task.FromResult(new ListBlockedResponse
    {
        People = { decided.Where(d => d.Key.Person == Me(context) && d.Value.Blocked).Select(d => ToMessage(d.Key.Other, DateTime.UnixEpoch)) },
    });
}
