using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    /// <summary>Undoes CreateProfile; its handles become free again, since nobody can have linked to them yet.</summary>
    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.DeleteProfileResponse> DeleteProfile(V1.DeleteProfileRequest request, ServerCallContext context)
    {
        if (!Guid.TryParseExact(request.Id, "D", out var id))
            throw RpcErrors.InvalidArgument(("id", "The id of a profile is a UUID."));

        if (await db.Profiles.SingleOrDefaultAsync(p => p.Id == id, context.CancellationToken) is { } profile)
        {
            profile.Revision++;
            db.Remove(profile);
            PublishChange(profile);
            await db.SaveChangesAsync(context.CancellationToken);
        }
        return new V1.DeleteProfileResponse();
    }
}
