using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Relations;

partial class RelationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMutedResponse> ListMuted(V1.ListMutedRequest request, ServerCallContext context)
    {
        var muted = Mine(context).Where(r => r.MuteTime != null).Select(r => new Decided { OtherId = r.OtherId, Time = r.MuteTime!.Value });
        var (people, next) = await PageAsync(muted, request.PageSize, request.PageToken, context.CancellationToken);
        return new V1.ListMutedResponse { People = { people }, NextPageToken = next };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListBlockedResponse> ListBlocked(V1.ListBlockedRequest request, ServerCallContext context)
    {
        var blocked = Mine(context).Where(r => r.BlockTime != null).Select(r => new Decided { OtherId = r.OtherId, Time = r.BlockTime!.Value });
        var (people, next) = await PageAsync(blocked, request.PageSize, request.PageToken, context.CancellationToken);
        return new V1.ListBlockedResponse { People = { people }, NextPageToken = next };
    }

    IQueryable<Relation> Mine(ServerCallContext context)
    {
        var me = Me(context);
        return db.Set<Relation>().AsNoTracking().Where(r => r.PersonId == me);
    }

    async Task<(IEnumerable<V1.RelatedPerson> People, string Next)> PageAsync(IQueryable<Decided> decided, int pageSize, string pageToken, CancellationToken cancel)
    {
        var size = PageToken.Size(pageSize);
        if (PageToken.Read(pageToken) is { } from)
            decided = decided.Where(d => EF.Functions.LessThan(ValueTuple.Create(d.Time, d.OtherId), ValueTuple.Create(from.Time, from.Id)));
        var page = await decided.OrderByDescending(d => d.Time).ThenByDescending(d => d.OtherId).Take(size + 1).ToListAsync(cancel);
        var shown = page.Take(size).ToArray();
        var profiles = await ProfilesAsync([.. shown.Select(d => d.OtherId)], cancel);
        return (shown.Select(d => ToMessage(profiles[d.OtherId], d.Time)), page.Count > size ? new PageToken(shown[^1].Time, shown[^1].OtherId).ToString() : "");
    }

    sealed class Decided
    {
        public required Guid OtherId { get; init; }
        public required DateTimeOffset Time { get; init; }
    }
}
