using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Users.Relations;

partial class RelationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.BlockResponse> Block(V1.BlockRequest request, ServerCallContext context) => new()
    {
        Relation = await DecideAsync(context, request.PersonId, "You cannot block yourself.", relation => relation.BlockTime ??= time.GetUtcNow(), (me, other) =>
        {
            var (mine, theirs) = (other.ToString(), me.ToString());
            return follows.EndAsync([me, other], f => f.Kind == FollowTarget.Person && ((f.FollowerId == me && f.TargetId == mine) || (f.FollowerId == other && f.TargetId == theirs)), context.CancellationToken);
        }),
    };

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UnblockResponse> Unblock(V1.UnblockRequest request, ServerCallContext context) => new()
    {
        Relation = await DecideAsync(context, request.PersonId, "You cannot block yourself.", relation => relation.BlockTime = null),
    };
}
