using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    /// <summary>Adds to the change being made: the article is in this publication from now on, or (null) in none. Its address stays.</summary>
    internal async Task PutAsync(Article article, Guid? publication, CancellationToken cancel)
    {
        var former = article.PublicationId;
        if (!article.Put(publication, Now()))
            return;
        if (await db.PublishedArticles.SingleOrDefaultAsync(p => p.ArticleId == article.Id, cancel) is { } published)
        {
            (published.PublicationId, published.Revision) = (publication, article.Revision);
            PublishChange(article, Change.Updated, "", published.TopicSlugs, published, formerPublication: former);
        }
        if (article.IsDraft)
            PublishDraftChange(article);
    }
}
