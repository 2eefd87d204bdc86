using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Users.Relations;

partial class RelationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.FollowResponse> Follow(V1.FollowRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var target = Target.ReadFor(me, request.Target);

        await follows.InTransactionAsync(async () =>
        {
            if (target.PersonId is { } person)
            {
                await LockPairAsync(me, person, cancel);
                if (await AreApartAsync(me, person, cancel))
                    throw Nobody();
            }
            else if (!await follows.LockProfilesAsync([me], cancel))
                throw Nobody();
            await follows.BeginAsync(me, target, cancel);
        }, cancel);
        return new V1.FollowResponse { Relation = await RelationAsync(me, target, cancel) };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UnfollowResponse> Unfollow(V1.UnfollowRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var target = Target.ReadFor(me, request.Target);

        await follows.InTransactionAsync(() => follows.EndAsync([me], f => f.FollowerId == me && f.Kind == target.Kind && f.TargetId == target.Id, cancel), cancel);
        return new V1.UnfollowResponse { Relation = await RelationAsync(me, target, cancel) };
    }
}
