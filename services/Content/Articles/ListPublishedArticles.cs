using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    public override async Task<V1.ListPublishedArticlesResponse> ListPublishedArticles(V1.ListPublishedArticlesRequest request, ServerCallContext context)
    {
        var (page, next) = await PageOfAsync(request.AuthorId, request.TopicSlug, request.PageSize, request.PageToken, context.CancellationToken);
        var topics = await TopicsOfAsync(page, context.CancellationToken);
        return new V1.ListPublishedArticlesResponse { Articles = { page.Select(publication => ToSummary(publication, topics)) }, NextPageToken = next };
    }

    async Task<(List<Publication> Page, string NextPageToken)> PageOfAsync(string authorId, string topicSlug, int pageSize, string pageToken, CancellationToken cancel)
    {
        var size = PageToken.Size(pageSize);
        var from = PageToken.Read(pageToken);
        Guid? author = authorId.Length == 0 ? null
            : Guid.TryParseExact(authorId, "D", out var id) ? id
            : throw RpcErrors.InvalidArgument(("author_id", "The id of an author is a UUID."));
        var publications = topicSlug.Length > 0 ? OfTopic(Normalized(topicSlug), author, from, size + 1) : Newest(author, from);
        var page = await ForLists(publications.AsNoTracking().OrderByDescending(p => p.PublishTime).ThenByDescending(p => p.ArticleId).Take(size + 1)).ToListAsync(cancel);
        return page.Count > size ? (page[..size], new PageToken(page[size - 1].PublishTime, page[size - 1].ArticleId).ToString()) : (page, "");
    }

    IQueryable<Publication> Newest(Guid? author, PageToken? from)
    {
        var publications = author is { } only ? db.Publications.Where(p => p.AuthorId == only) : db.Publications;
        return from is { } start
            ? publications.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.PublishTime, p.ArticleId), ValueTuple.Create(start.Time, start.Id)))
            : publications;
    }

    // The page is cut in the topic's own index before anything is joined, so the cost does not grow with the topic.
    IQueryable<Publication> OfTopic(string topic, Guid? author, PageToken? from, int size)
    {
        var listed = db.TopicArticles.Where(t => t.TopicSlug == topic);
        if (author is { } only)
            listed = listed.Where(t => t.AuthorId == only);
        if (from is { } start)
            listed = listed.Where(t => EF.Functions.LessThan(ValueTuple.Create(t.PublishTime, t.ArticleId), ValueTuple.Create(start.Time, start.Id)));
        return listed.OrderByDescending(t => t.PublishTime).ThenByDescending(t => t.ArticleId).Take(size)
            .Join(db.Publications, t => new { t.AuthorId, t.ArticleId }, p => new { p.AuthorId, p.ArticleId }, (_, publication) => publication);
    }
}
