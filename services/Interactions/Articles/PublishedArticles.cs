using Blog.Content.V1;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Articles;

/// <summary>Whether readers can see an article. Events tell; while they are under way (it was published this moment), Content is asked.</summary>
sealed class PublishedArticles(InteractionsDbContext db, Content.V1.Articles.ArticlesClient content)
{
    /// <summary>The id, when the article is published.</summary>
    /// <exception cref="RpcException">NOT_FOUND: it is not, or there is none.</exception>
    public async Task<Guid> MustBePublishedAsync(string articleId, CancellationToken cancel)
    {
        if (!Guid.TryParseExact(articleId, "D", out var id))
            throw Missing();
        var known = await db.Set<KnownArticle>().Where(a => a.ArticleId == id).Select(a => (bool?)a.Published).SingleOrDefaultAsync(cancel);
        if (known is true)
            return id;
        var found = await content.BatchGetPublishedArticlesAsync(new BatchGetPublishedArticlesRequest { Ids = { articleId } }, cancellationToken: cancel);
        return found.Articles.Count > 0 ? id : throw Missing();
    }

    static RpcException Missing() => RpcErrors.NotFound("There is no such article, or it is not published (any more).");
}
