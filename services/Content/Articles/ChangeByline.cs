using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    /// <summary>
    /// Adds to the change being made: readers see the new byline, and others learn of it.
    /// </summary>
    /// <param name="article">With its authors as they are now.</param>
    /// <param name="former">Who is not in the byline any more.</param>
    /// <param name="formerSlug">When the address changed with them.</param>
    /// <param name="cancel">Ends it.</param>
    internal async Task ChangeBylineAsync(Article article, IEnumerable<Guid> former, string formerSlug, CancellationToken cancel)
    {
        if (await db.PublishedArticles.SingleOrDefaultAsync(p => p.ArticleId == article.Id, cancel) is { } published)
        {
            (published.CoAuthorIds, published.Slug, published.Revision) = (article.CoAuthorIds, article.Slug!, article.Revision);
            PublishChange(article, Change.Updated, formerSlug, published.TopicSlugs, published, former: former);
        }
        if (article.IsDraft)
            PublishDraftChange(article);
    }
}
