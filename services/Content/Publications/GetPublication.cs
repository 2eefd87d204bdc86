using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    const int MaxBatch = 100, MaxPage = 1_000, UsualPage = 200;

    public override async Task<V1.GetPublicationResponse> GetPublication(V1.GetPublicationRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var slug = request.Slug.Contains('\0', StringComparison.Ordinal) ? "" : request.Slug.ToLowerInvariant();
        var found = request.KeyCase == V1.GetPublicationRequest.KeyOneofCase.Slug
            ? await db.PublicationSlugs.AsNoTracking().Where(s => s.Slug == slug).Join(db.Publications, s => s.PublicationId, p => p.Id, (_, p) => p).SingleOrDefaultAsync(cancel)
            : await db.Publications.AsNoTracking().SingleOrDefaultAsync(p => p.Id == Id(request.Id), cancel);
        return new V1.GetPublicationResponse { Publication = found?.ToMessage() ?? throw NoSuchPublication() };
    }

    public override async Task<V1.BatchGetPublicationsResponse> BatchGetPublications(V1.BatchGetPublicationsRequest request, ServerCallContext context)
    {
        if (request.Ids.Count > MaxBatch)
            throw RpcErrors.InvalidArgument(("ids", $"Ask for at most {MaxBatch} publications at a time."));
        var ids = request.Ids.Select(Id).ToArray();
        var found = await db.Publications.AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync(context.CancellationToken);
        return new V1.BatchGetPublicationsResponse { Publications = { found.Select(p => p.ToMessage()) } };
    }

    public override async Task<V1.ListPublicationsResponse> ListPublications(V1.ListPublicationsRequest request, ServerCallContext context)
    {
        var size = request.PageSize <= 0 ? UsualPage : Math.Min(request.PageSize, MaxPage);
        var after = request.PageToken.Length == 0 ? Guid.Empty
            : Guid.TryParseExact(request.PageToken, "N", out var last) ? last
            : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var page = await db.Publications.AsNoTracking().Where(p => p.Id > after).OrderBy(p => p.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        return new V1.ListPublicationsResponse { Publications = { page.Take(size).Select(p => p.ToMessage()) }, NextPageToken = page.Count > size ? page[size - 1].Id.ToString("N") : "" };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMyPublicationsResponse> ListMyPublications(V1.ListMyPublicationsRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var mine = await db.PublicationMembers.AsNoTracking().Where(m => m.PersonId == me)
            .Join(db.Publications, m => m.PublicationId, p => p.Id, (member, publication) => new { member.Role, Publication = publication }).ToListAsync(cancel);
        var edited = mine.Where(m => m.Role <= PublicationRole.Editor).Select(m => m.Publication.Id).ToArray();
        var waiting = await db.Submissions.Where(s => edited.Contains(s.PublicationId) && s.State == SubmissionState.Waiting)
            .GroupBy(s => s.PublicationId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        return new V1.ListMyPublicationsResponse
        {
            Memberships =
            {
                mine.OrderBy(m => m.Publication.Name, StringComparer.OrdinalIgnoreCase).Select(m => new V1.Membership
                {
                    Publication = m.Publication.ToMessage(), Role = (V1.PublicationRole)m.Role, Waiting = waiting.GetValueOrDefault(m.Publication.Id),
                }),
            },
        };
    }
}
