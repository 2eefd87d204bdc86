using Blog.Interactions.Articles;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ResponseChanged.Types;

namespace Blog.Interactions.Responses;

/// <summary>What the author of an article may do under it.</summary>
partial class ResponsesService
{
    async Task<KnownArticle> MineAsync(string id, Guid author, CancellationToken cancel)
    {
        var known = Id(id);
        return await db.Set<KnownArticle>().AsNoTracking().SingleOrDefaultAsync(a => a.ArticleId == known && a.AuthorId == author, cancel) ?? throw NoSuchArticle();
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.SetResponseHiddenResponse> SetResponseHidden(V1.SetResponseHiddenRequest request, ServerCallContext context)
    {
        var (author, cancel) = (Caller(context), context.CancellationToken);
        var article = await MineAsync(request.ArticleId, author, cancel);
        var id = await ChangeAsync(article.ArticleId, async thread =>
        {
            var response = await FindAsync(article.ArticleId, Id(request.Id), cancel);
            if (response is null || response.State == ResponseState.Deleted) throw NoSuchResponse();
            var wanted = request.Hidden ? ResponseState.Hidden : ResponseState.Visible;
            if (response.State == wanted) return response.Id;
            response.State = wanted;
            thread.Responses += request.Hidden ? -1 : 1;
            await RelistAsync(response, cancel);
            Tell(article, response, request.Hidden ? Change.Hidden : Change.Shown);
            return response.Id;
        }, cancel);
        return new V1.SetResponseHiddenResponse { Response = await ViewAsync(article, id, Viewer.Of(author), cancel) };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.SetThreadLockedResponse> SetThreadLocked(V1.SetThreadLockedRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var article = await MineAsync(request.ArticleId, Caller(context), cancel);
        return await ChangeAsync(article.ArticleId, thread =>
        {
            thread.Locked = request.Locked;
            return Task.FromResult(new V1.SetThreadLockedResponse());
        }, cancel);
    }
}
