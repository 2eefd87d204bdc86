using Blog.Content.V1;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Articles;

/// <summary>Whether readers can see an article. Events tell; while they are under way (it was published this moment), Content is asked.</summary>
sealed class PublishedArticles(InteractionsDbContext db, Content.V1.Articles.ArticlesClient content)
{
    /// <summary>The article as readers have it; null: it is not published, or there is none.</summary>
    public async Task<KnownArticle?> FindAsync(Guid id, CancellationToken cancel)
    {
        if (await db.Set<KnownArticle>().AsNoTracking().SingleOrDefaultAsync(a => a.ArticleId == id, cancel) is { Published: true } known)
            return known;
        var found = await content.BatchGetPublishedArticlesAsync(new BatchGetPublishedArticlesRequest { Ids = { id.ToString() } }, cancellationToken: cancel);
        return found.Articles is [var article, ..] ? new KnownArticle { ArticleId = id, AuthorId = Guid.Parse(article.AuthorId), Revision = 0, Published = true } : null;
    }

    /// <summary>The id, when the article is published.</summary>
    /// <exception cref="RpcException">NOT_FOUND: it is not, or there is none.</exception>
    public async Task<Guid> MustBePublishedAsync(string articleId, CancellationToken cancel) =>
        Guid.TryParseExact(articleId, "D", out var id) && await FindAsync(id, cancel) is not null ? id : throw Missing();

    static RpcException Missing() => RpcErrors.NotFound("There is no such article, or it is not published (any more).");
}
