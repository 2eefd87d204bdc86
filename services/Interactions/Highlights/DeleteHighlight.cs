using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Interactions.Highlights;

partial class HighlightsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.DeleteHighlightResponse> DeleteHighlight(V1.DeleteHighlightRequest request, ServerCallContext context)
    {
        var highlight = await MineAsync(request.Id, context);
        await SetRemovedAsync(highlight, highlight.RemoveTime ?? Now(), context.CancellationToken);
        return new V1.DeleteHighlightResponse();
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.RestoreHighlightResponse> RestoreHighlight(V1.RestoreHighlightRequest request, ServerCallContext context)
    {
        var highlight = await MineAsync(request.Id, context);
        if (highlight.RemoveTime <= time.GetUtcNow() - Highlight.KeptRemoved)
            throw NoSuchHighlight();
        await SetRemovedAsync(highlight, null, context.CancellationToken);
        return new V1.RestoreHighlightResponse { Highlight = highlight.ToMessage() };
    }

    async Task SetRemovedAsync(Highlight highlight, DateTimeOffset? moment, CancellationToken cancel)
    {
        var wasShown = highlight.IsShown;
        highlight.RemoveTime = moment;
        if (wasShown != highlight.IsShown)
            Tell(highlight, await AuthorAsync(highlight.ArticleId, cancel), highlight.IsShown);
        await db.SaveChangesAsync(cancel);
    }
}
