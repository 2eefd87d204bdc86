using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    public override async Task<V1.GetProfileResponse> GetProfile(V1.GetProfileRequest request, ServerCallContext context)
    {
        var profiles = db.Profiles.AsNoTracking();
        var found = request.KeyCase switch
        {
            V1.GetProfileRequest.KeyOneofCase.Id => Guid.TryParse(request.Id, out var id) ? profiles.Where(p => p.Id == id) : null,
            V1.GetProfileRequest.KeyOneofCase.Handle => ByHandle(profiles, Handle.Normalize(request.Handle)),
            _ => throw RpcErrors.InvalidArgument(("key", "Give an id or a handle.")),
        };
        var profile = found is null ? null : await found.SingleOrDefaultAsync(context.CancellationToken);
        return profile is null
            ? throw RpcErrors.NotFound("There is nobody here by that name.")
            : new V1.GetProfileResponse { Profile = ToMessage(profile) };
    }

    // Through every handle the person ever had, so that old addresses still lead to them. No stored handle is longer than the limit,
    // and text that PostgreSQL cannot hold never reaches it.
    IQueryable<Profile>? ByHandle(IQueryable<Profile> profiles, string handle) => handle.Length > Handle.MaxLength || handle.Contains('\0')
        ? null
        : profiles.Where(p => db.Handles.Any(h => h.Handle == handle && h.ProfileId == p.Id));
}
