using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.DeleteArticleResponse> DeleteArticle(V1.DeleteArticleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, async (author, cancel) =>
        {
            var article = await MineAsync(author, request.Id, cancel);
            MustBeCurrent(article, request.ExpectedRevision);
            if (article.CoAuthorIds.Length > 0)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "Others wrote this with you, and nobody deletes what is also theirs. Unpublish it, or leave it to them.", "HAS_CO_AUTHORS");
            var topics = await TakeFromReadersAsync(article, cancel);
            // Readers who follow an old link learn that it is gone; the author may use the address again.
            foreach (var slug in await db.Slugs.Where(s => s.ArticleId == article.Id).ToListAsync(cancel))
                slug.ArticleId = null;
            db.RemoveRange(await db.Invitations.Where(i => i.ArticleId == article.Id).ToListAsync(cancel));
            db.RemoveRange(await db.Submissions.Where(s => s.ArticleId == article.Id).ToListAsync(cancel));
            db.RemoveRange(await db.ReviewLinks.Where(l => l.ArticleId == article.Id).ToListAsync(cancel));
            db.RemoveRange(await db.ReviewComments.Where(c => c.ArticleId == article.Id).ToListAsync(cancel));
            db.RemoveRange(await db.ReviewTexts.Where(t => t.ArticleId == article.Id).ToListAsync(cancel));
            db.Remove(article);
            PublishChange(article, Change.Deleted, "", topics);
            PublishDraftChange(article, present: false);
            return new V1.DeleteArticleResponse();
        });
}
