using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ResponseChanged.Types;

namespace Blog.Interactions.Responses;

partial class ResponsesService
{
    /// <summary>Possible whatever became of the article: the words are their author's.</summary>
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.DeleteResponseResponse> DeleteResponse(V1.DeleteResponseRequest request, ServerCallContext context)
    {
        var (author, cancel) = (Caller(context), context.CancellationToken);
        var articleId = Id(request.ArticleId);
        var article = await db.Set<Articles.KnownArticle>().AsNoTracking().SingleOrDefaultAsync(a => a.ArticleId == articleId, cancel) ?? throw NoSuchArticle();
        return await ChangeAsync(article.ArticleId, async thread =>
        {
            var response = await FindAsync(article.ArticleId, Id(request.Id), cancel);
            if (response is null || response.AuthorId != author) throw NoSuchResponse();
            if (response.State == ResponseState.Deleted) return new V1.DeleteResponseResponse();
            if (response.State == ResponseState.Visible) thread.Responses--;
            response.State = ResponseState.Deleted;
            response.Markdown = response.Html = response.Excerpt = "";
            response.MentionedIds = [];
            await RelistAsync(response, cancel);
            Tell(article, response, Change.Deleted);
            return new V1.DeleteResponseResponse();
        }, cancel);
    }
}
