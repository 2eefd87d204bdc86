using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    const int MaxBatch = 100;

    public override async Task<V1.BatchGetPublishedArticlesResponse> BatchGetPublishedArticles(V1.BatchGetPublishedArticlesRequest request, ServerCallContext context)
    {
        if (request.Ids.Count > MaxBatch)
            throw RpcErrors.InvalidArgument(("ids", $"Ask for at most {MaxBatch} articles at a time."));

        var ids = request.Ids.Select(text => Guid.TryParse(text, out var id) ? id : Guid.Empty).Distinct().ToArray();
        var published = await ForLists(db.PublishedArticles.AsNoTracking().Where(p => ids.Contains(p.ArticleId))).ToListAsync(context.CancellationToken);
        var topics = await TopicsOfAsync(published, context.CancellationToken);
        return new V1.BatchGetPublishedArticlesResponse { Articles = { published.Select(article => ToSummary(article, topics)) } };
    }

    /// <summary>Without the text, which lists do not show.</summary>
    static IQueryable<PublishedArticle> ForLists(IQueryable<PublishedArticle> published) => published.Select(p => new PublishedArticle
    {
        AuthorId = p.AuthorId, CoAuthorIds = p.CoAuthorIds, CoAuthorNames = p.CoAuthorNames, PublicationId = p.PublicationId, ArticleId = p.ArticleId, Slug = p.Slug, Title = p.Title, Description = p.Description, TopicSlugs = p.TopicSlugs, TopicNames = p.TopicNames,
        CoverMediaId = p.CoverMediaId, CoverWidth = p.CoverWidth, CoverHeight = p.CoverHeight, CoverAlt = p.CoverAlt,
        PublishTime = p.PublishTime, EditTime = p.EditTime, ReadingMinutes = p.ReadingMinutes, CanonicalUrl = p.CanonicalUrl, Language = p.Language,
    });
}
