using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Relations;

partial class RelationsService
{
    public override async Task<V1.ListFollowersResponse> ListFollowers(V1.ListFollowersRequest request, ServerCallContext context)
    {
        var target = Target.Read(request.Target);
        var (page, next) = await PageAsync(db.Set<Following>().Where(f => f.Kind == target.Kind && f.TargetId == target.Id), request.PageSize, request.PageToken, context.CancellationToken);

        Guid[] ids = [.. page.Select(f => f.FollowerId)];
        var visible = await VisibleAsync(context, ids);
        var profiles = await ProfilesAsync(visible, context.CancellationToken);
        return new V1.ListFollowersResponse
        {
            Followers = { page.Where(f => profiles.ContainsKey(f.FollowerId)).Select(f => ToMessage(profiles[f.FollowerId], f.FollowTime)) },
            NextPageToken = next,
        };
    }

    /// <summary>A page of follows, newest first, and the token of the next.</summary>
    static async Task<(List<Following> Page, string Next)> PageAsync(IQueryable<Following> follows, int pageSize, string pageToken, CancellationToken cancel)
    {
        var size = PageToken.Size(pageSize);
        if (PageToken.Read(pageToken) is { } from)
            follows = follows.Where(f => EF.Functions.LessThan(ValueTuple.Create(f.FollowTime, f.Id), ValueTuple.Create(from.Time, from.Id)));
        var page = await follows.AsNoTracking().OrderByDescending(f => f.FollowTime).ThenByDescending(f => f.Id).Take(size + 1).ToListAsync(cancel);
        return page.Count > size ? (page[..size], new PageToken(page[size - 1].FollowTime, page[size - 1].Id).ToString()) : (page, "");
    }
}
