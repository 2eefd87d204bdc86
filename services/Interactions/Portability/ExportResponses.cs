using Blog.Interactions.Articles;
using Blog.Interactions.Responses;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Portability;

partial class PortabilityService
{
    public override async Task<V1.ListExportedResponsesResponse> ListExportedResponses(V1.ListExportedResponsesRequest request, ServerCallContext context)
    {
        var (person, article, size, cancel) = (Whose(request.PersonId, context), Id(request.ArticleId), PageToken.Size(request.PageSize), context.CancellationToken);
        var known = await db.Set<KnownArticle>().AsNoTracking().SingleOrDefaultAsync(a => a.ArticleId == article, cancel);
        var isTheirs = known?.AuthorId == person;
        var all = db.Set<Response>().AsNoTracking().Where(r => r.ArticleId == article);
        // A deleted response is there for the sake of what answers it, wherever that stands.
        var seen = all.Where(r => r.State == ResponseState.Visible || r.State == ResponseState.Hidden && isTheirs || r.State == ResponseState.Deleted && all.Any(answer => answer.ParentId == r.Id));
        if (PageToken.Read(request.PageToken) is { } from)
            seen = seen.Where(r => EF.Functions.GreaterThan(ValueTuple.Create(r.CreatedAt, r.Id), ValueTuple.Create(from.Time, from.Id)));
        var page = await seen.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(size + 1).ToListAsync(cancel);
        return new V1.ListExportedResponsesResponse
        {
            Responses = { page.Take(size).Select(ToExported) },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].CreatedAt, page[size - 1].Id).ToString() : "",
            Locked = await db.Set<Responses.Thread>().AnyAsync(t => t.ArticleId == article && t.Locked, cancel),
        };
    }

    static V1.ExportedResponse ToExported(Response response) => new()
    {
        Id = response.Id.ToString(),
        ParentId = response.ParentId?.ToString() ?? "",
        AuthorId = response.State == ResponseState.Deleted ? "" : response.AuthorHere?.ToString() ?? "",
        AuthorName = response.State == ResponseState.Deleted ? "" : response.AuthorName,
        State = (V1.ResponseState)response.State,
        Markdown = response.Markdown,
        CreateTime = Timestamp.FromDateTimeOffset(response.CreatedAt),
        EditTime = response.State != ResponseState.Deleted && response.EditedAt is { } edited ? Timestamp.FromDateTimeOffset(edited) : null,
    };

    public override async Task<V1.ListOwnResponsesResponse> ListOwnResponses(V1.ListOwnResponsesRequest request, ServerCallContext context)
    {
        var (person, size, cancel) = (Whose(request.PersonId, context), PageToken.Size(request.PageSize), context.CancellationToken);
        var from = PageToken.Read(request.PageToken) ?? new PageToken(DateTimeOffset.MinValue, Guid.Empty);
        // Both kinds in one order: at most a page of each is looked at.
        var here = await db.Set<Response>().AsNoTracking()
            .Where(r => r.AuthorId == person && r.State != ResponseState.Deleted && EF.Functions.GreaterThan(ValueTuple.Create(r.CreatedAt, r.Id), ValueTuple.Create(from.Time, from.Id)))
            .OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(size + 1).ToListAsync(cancel);
        var elsewhere = await db.Set<ResponseElsewhere>().AsNoTracking()
            .Where(r => r.OwnerId == person && EF.Functions.GreaterThan(ValueTuple.Create(r.CreatedAt, r.Id), ValueTuple.Create(from.Time, from.Id)))
            .OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(size + 1).ToListAsync(cancel);
        // PostgreSQL orders UUIDs by their bytes, as they are written.
        var both = here.Select(r => (Time: r.CreatedAt, r.Id, Message: ToOwn(r))).Concat(elsewhere.Select(r => (Time: r.CreatedAt, r.Id, Message: ToOwn(r))))
            .OrderBy(r => r.Time).ThenBy(r => r.Id.ToString(), StringComparer.Ordinal).ToList();
        return new V1.ListOwnResponsesResponse
        {
            Responses = { both.Take(size).Select(r => r.Message) },
            NextPageToken = both.Count > size ? new PageToken(both[size - 1].Time, both[size - 1].Id).ToString() : "",
        };
    }

    static V1.OwnResponse ToOwn(Response response) => new()
    {
        ArticleId = response.ArticleId.ToString(),
        Markdown = response.Markdown,
        CreateTime = Timestamp.FromDateTimeOffset(response.CreatedAt),
        EditTime = response.EditedAt is { } edited ? Timestamp.FromDateTimeOffset(edited) : null,
    };

    static V1.OwnResponse ToOwn(ResponseElsewhere response) => new()
    {
        StoryTitle = response.StoryTitle,
        StoryAddress = response.StoryAddress,
        Markdown = response.Markdown,
        CreateTime = Timestamp.FromDateTimeOffset(response.CreatedAt),
        EditTime = response.EditedAt is { } edited ? Timestamp.FromDateTimeOffset(edited) : null,
    };
}
