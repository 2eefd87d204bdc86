using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    public override async Task<V1.ListPublishedArticlesResponse> ListPublishedArticles(V1.ListPublishedArticlesRequest request, ServerCallContext context)
    {
        var size = PageToken.Size(request.PageSize);
        var from = PageToken.Read(request.PageToken);
        var publications = db.Publications.AsNoTracking();
        if (request.AuthorId.Length > 0)
        {
            if (!Guid.TryParseExact(request.AuthorId, "D", out var author))
                throw RpcErrors.InvalidArgument(("author_id", "The id of an author is a UUID."));
            publications = publications.Where(p => p.AuthorId == author);
        }
        if (request.TopicSlug.Length > 0)
        {
            var topic = Normalized(request.TopicSlug);
            publications = db.TopicArticles.Where(t => t.TopicSlug == topic).Join(publications, t => new { t.AuthorId, t.ArticleId }, p => new { p.AuthorId, p.ArticleId }, (_, p) => p);
        }
        if (from is { } start)
            publications = publications.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.PublishTime, p.ArticleId), ValueTuple.Create(start.Time, start.Id)));

        var page = await publications.OrderByDescending(p => p.PublishTime).ThenByDescending(p => p.ArticleId).Take(size + 1).Select(p => new Publication
        {
            AuthorId = p.AuthorId, ArticleId = p.ArticleId, Slug = p.Slug, Title = p.Title, Description = p.Description, TopicSlugs = p.TopicSlugs, TopicNames = p.TopicNames,
            CoverMediaId = p.CoverMediaId, CoverWidth = p.CoverWidth, CoverHeight = p.CoverHeight, CoverAlt = p.CoverAlt,
            PublishTime = p.PublishTime, EditTime = p.EditTime, ReadingMinutes = p.ReadingMinutes,
        }).ToListAsync(context.CancellationToken);

        var topics = await TopicsOfAsync(page, context.CancellationToken);
        return new V1.ListPublishedArticlesResponse
        {
            Articles = { page.Take(size).Select(publication => ToSummary(publication, topics)) },
            NextPageToken = page.Count > size ? new PageToken(page[size - 1].PublishTime, page[size - 1].ArticleId).ToString() : "",
        };
    }
}
