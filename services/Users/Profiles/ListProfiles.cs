using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Profiles;

partial class ProfilesService
{
    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.ListProfilesResponse> ListProfiles(V1.ListProfilesRequest request, ServerCallContext context)
    {
        var size = request.PageSize <= 0 ? MaxBatch : Math.Min(request.PageSize, MaxBatch);
        var after = request.PageToken.Length == 0 ? Guid.Empty
            : Guid.TryParseExact(request.PageToken, "N", out var last) ? last
            : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var profiles = await db.Profiles.AsNoTracking().Where(p => p.Id > after).OrderBy(p => p.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        return new V1.ListProfilesResponse
        {
            Profiles = { profiles.Take(size).Select(ToMessage) },
            NextPageToken = profiles.Count > size ? profiles[size - 1].Id.ToString("N") : "",
        };
    }
}
