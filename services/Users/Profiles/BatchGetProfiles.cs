using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    const int MaxBatch = 200;

    public override async Task<V1.BatchGetProfilesResponse> BatchGetProfiles(V1.BatchGetProfilesRequest request, ServerCallContext context)
    {
        if (request.Ids.Count > MaxBatch)
            throw RpcErrors.InvalidArgument(("ids", $"Ask for at most {MaxBatch} profiles at a time."));

        var ids = request.Ids.Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Distinct().ToArray();
        var profiles = await db.Profiles.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(context.CancellationToken);
        return new V1.BatchGetProfilesResponse { Profiles = { profiles.Select(ToMessage) } };
    }
}
