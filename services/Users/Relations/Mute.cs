using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Users.Relations;

partial class RelationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.MuteResponse> Mute(V1.MuteRequest request, ServerCallContext context) => new()
    {
        Relation = await DecideAsync(context, request.PersonId, "You cannot mute yourself.", relation => relation.MuteTime ??= time.GetUtcNow()),
    };

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UnmuteResponse> Unmute(V1.UnmuteRequest request, ServerCallContext context) => new()
    {
        Relation = await DecideAsync(context, request.PersonId, "You cannot mute yourself.", relation => relation.MuteTime = null),
    };

    /// <summary>Changes what the caller decided about another person, and tells it when it is something new.</summary>
    async Task<V1.Relation> DecideAsync(ServerCallContext context, string personId, string ofOneself, Action<Relation> decide, Func<Guid, Guid, Task>? alongWith = null)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var other = OtherThan(me, personId, ofOneself);

        await follows.InTransactionAsync(async () =>
        {
            await LockPairAsync(me, other, cancel);
            var stored = await db.Set<Relation>().FindAsync([me, other], cancel);
            var relation = stored ?? new Relation { PersonId = me, OtherId = other };
            var before = relation.ToEvent();
            decide(relation);
            var after = relation.ToEvent();
            if (after.Equals(before))
                return;

            if (stored is null)
                db.Add(relation);
            else if (relation.SaysNothing)
                db.Remove(relation);
            db.Publish(Topics.Relations, me, after, time);
            await db.SaveChangesAsync(cancel);
            if (alongWith is not null)
                await alongWith(me, other);
        }, cancel);
        return await RelationAsync(me, Target.Person(other), cancel);
    }
}
