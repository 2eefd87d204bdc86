using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Relations;

partial class RelationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.BatchGetRelationsResponse> BatchGetRelations(V1.BatchGetRelationsRequest request, ServerCallContext context) => new()
    {
        Relations = { await RelationsAsync(Me(context), Batch(request.Targets), context.CancellationToken) },
    };

    public override async Task<V1.BatchGetFollowCountsResponse> BatchGetFollowCounts(V1.BatchGetFollowCountsRequest request, ServerCallContext context)
    {
        var targets = Batch(request.Targets);
        var followers = await FollowerCount.OfAsync(db, targets, context.CancellationToken);
        var people = targets.Select(t => t.PersonId).OfType<Guid>().ToArray();
        var budgets = await db.Set<FollowBudget>().AsNoTracking().Where(b => people.Contains(b.PersonId)).ToDictionaryAsync(b => b.PersonId, context.CancellationToken);
        return new V1.BatchGetFollowCountsResponse
        {
            Counts =
            {
                targets.Select(target =>
                {
                    var follows = target.PersonId is { } person ? budgets.GetValueOrDefault(person) : null;
                    return new V1.FollowCounts
                    {
                        Target = target.ToMessage(),
                        Followers = followers.GetValueOrDefault(target),
                        FollowingPeople = follows?.People ?? 0,
                        FollowingPublications = follows?.Publications ?? 0,
                        FollowingTopics = follows?.Topics ?? 0,
                    };
                }),
            },
        };
    }

    static Target[] Batch(RepeatedField<V1.Target> targets) => targets.Count > MaxBatch
        ? throw RpcErrors.InvalidArgument(("targets", $"Ask for at most {MaxBatch} at a time."))
        : [.. targets.Select(target => Target.Read(target, "targets"))];
}
