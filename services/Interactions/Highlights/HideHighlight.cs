using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

partial class HighlightsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.HideHighlightResponse> HideHighlight(V1.HideHighlightRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var (articleId, id, author) = (Id(request.ArticleId), Id(request.Id), Caller(context));
        if (await AuthorAsync(articleId, cancel) != author
            || await db.Set<Highlight>().SingleOrDefaultAsync(h => h.ArticleId == articleId && h.Id == id && h.Public && h.RemoveTime == null, cancel) is not { } highlight)
            throw ServiceDefaults.Grpc.RpcErrors.NotFound("There is no such highlight on an article of yours.");
        if (highlight.Hidden == request.Hidden)
            return new V1.HideHighlightResponse();
        highlight.Hidden = request.Hidden;
        Tell(highlight, author, highlight.IsShown);
        await db.SaveChangesAsync(cancel);
        return new V1.HideHighlightResponse();
    }
}
