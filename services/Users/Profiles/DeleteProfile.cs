using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Users.Relations;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    /// <summary>
    /// Undoes CreateProfile; its handles become free again, since nobody can have linked to them yet. Should somebody have followed, muted or
    /// blocked it meanwhile, or the other way round, that ends with it and is told.
    /// </summary>
    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.DeleteProfileResponse> DeleteProfile(V1.DeleteProfileRequest request, ServerCallContext context)
    {
        if (!Guid.TryParseExact(request.Id, "D", out var id))
            throw RpcErrors.InvalidArgument(("id", "The id of a profile is a UUID."));

        var cancel = context.CancellationToken;
        await follows.InTransactionAsync(async () =>
        {
            // From here on nobody begins to follow it.
            if (await db.Profiles.FromSql($"select * from profiles where id = {id} for update").SingleOrDefaultAsync(cancel) is not { } profile)
                return;

            var text = id.ToString();
            var followers = await db.Set<Following>().Where(f => f.Kind == FollowTarget.Person && f.TargetId == text).Select(f => f.FollowerId).ToListAsync(cancel);
            await follows.EndAsync([id, .. followers], f => f.FollowerId == id || (f.Kind == FollowTarget.Person && f.TargetId == text), cancel);
            await db.Set<FollowerCount>().Where(c => c.Kind == FollowTarget.Person && c.TargetId == text).ExecuteDeleteAsync(cancel);

            foreach (var relation in await db.Set<Relation>().Where(r => r.PersonId == id || r.OtherId == id).ToListAsync(cancel))
            {
                (relation.MuteTime, relation.BlockTime) = (null, null);
                db.Remove(relation);
                db.Publish(Topics.Relations, relation.PersonId, relation.ToEvent(), time);
            }
            await db.SaveChangesAsync(cancel);

            profile.Revision++;
            db.Remove(profile);
            PublishChange(profile);
            await db.SaveChangesAsync(cancel);
        }, cancel);
        return new V1.DeleteProfileResponse();
    }
}
