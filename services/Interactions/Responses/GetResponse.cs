using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Responses;

partial class ResponsesService
{
    public override async Task<V1.GetResponseResponse> GetResponse(V1.GetResponseRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var article = await PublishedAsync(request.ArticleId, cancel);
        var viewer = await ViewerAsync(request.Personal, context);
        var seen = SeenBy(viewer, article);
        var id = Id(request.Id);
        var chain = new List<Response> { await seen.SingleOrDefaultAsync(r => r.Id == id, cancel) ?? throw NoSuchResponse() };
        while (chain[0].UnderId is { } under)
            chain.Insert(0, await seen.SingleOrDefaultAsync(r => r.Id == under, cancel) ?? throw NoSuchResponse());

        var views = await ViewAsync(article, [chain[^1]], viewer, cancel);
        var ancestors = await ViewAsync(article, chain[..^1], viewer, cancel, answers: false);
        var thread = await db.Set<Thread>().AsNoTracking().SingleOrDefaultAsync(t => t.ArticleId == article.ArticleId, cancel);
        return new V1.GetResponseResponse { Response = views[0], Ancestors = { ancestors }, Total = thread?.Responses ?? 0, Locked = thread?.Locked ?? false };
    }
}
