using Blog.Content.Revisions;
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
    public override Task<V1.UnpublishArticleResponse> UnpublishArticle(V1.UnpublishArticleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, async (author, cancel) =>
        {
            var article = await MineAsync(author, request.Id, cancel);
            MustBeCurrent(article, request.ExpectedRevision);
            if (!article.Unpublish(Now()))
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "This article is not published.", "NOT_PUBLISHED");
            await revisions.KeepAsync(article, RevisionReason.Unpublished, author, Now(), cancel);
            PublishChange(article, Change.Unpublished, "", await TakeFromReadersAsync(article, cancel));
            PublishDraftChange(article);
            return new V1.UnpublishArticleResponse { Article = ToMessage(article) };
        });

    /// <summary>Removes what readers have; returns the topics it was listed under.</summary>
    async Task<IEnumerable<string>> TakeFromReadersAsync(Article article, CancellationToken cancel)
    {
        var listed = await db.TopicArticles.Where(t => t.ArticleId == article.Id).ToListAsync(cancel);
        db.RemoveRange(listed);
        await links.AwaitAsync(article.Id, [], cancel);
        await ListUnderCoAuthorsAsync(article, null, cancel);
        if (await db.PublishedArticles.SingleOrDefaultAsync(p => p.AuthorId == article.AuthorId && p.ArticleId == article.Id, cancel) is { } published)
            db.Remove(published);
        return listed.Select(row => row.TopicSlug);
    }
}
