using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    public override async Task<V1.ListPublishedArticlesResponse> ListPublishedArticles(V1.ListPublishedArticlesRequest request, ServerCallContext context)
    {
        var (page, next) = await PageOfAsync(request.AuthorId, request.TopicSlug, request.PublicationId, request.PageSize, request.PageToken, context.CancellationToken);
        var topics = await TopicsOfAsync(page, context.CancellationToken);
        return new V1.ListPublishedArticlesResponse { Articles = { page.Select(published => ToSummary(published, topics)) }, NextPageToken = next };
    }

    async Task<(List<PublishedArticle> Page, string NextPageToken)> PageOfAsync(string authorId, string topicSlug, string publicationId, int pageSize, string pageToken, CancellationToken cancel)
    {
        var size = PageToken.Size(pageSize);
        var from = PageToken.Read(pageToken);
        Guid? author = authorId.Length == 0 ? null
            : Guid.TryParseExact(authorId, "D", out var id) ? id
            : throw RpcErrors.InvalidArgument(("author_id", "The id of an author is a UUID."));
        Guid? publication = publicationId.Length == 0 ? null
            : Guid.TryParseExact(publicationId, "D", out var named) ? named
            : throw RpcErrors.InvalidArgument(("publication_id", "The id of a publication is a UUID."));
        var published = publication is { } magazine ? Newest(from).Where(p => p.PublicationId == magazine)
            : topicSlug.Length > 0 ? OfTopic(Normalized(topicSlug), author, from, size + 1) : author is { } only ? OfAuthor(only, from, size + 1) : Newest(from);
        var page = await ForLists(published.AsNoTracking().OrderByDescending(p => p.PublishTime).ThenByDescending(p => p.ArticleId).Take(size + 1)).ToListAsync(cancel);
        return page.Count > size ? (page[..size], new PageToken(page[size - 1].PublishTime, page[size - 1].ArticleId).ToString()) : (page, "");
    }

    IQueryable<PublishedArticle> Newest(PageToken? from) => from is { } start
        ? db.PublishedArticles.Where(p => EF.Functions.LessThan(ValueTuple.Create(p.PublishTime, p.ArticleId), ValueTuple.Create(start.Time, start.Id)))
        : db.PublishedArticles;

    // What stands at the author's address and what they wrote with others, each cut in its own index.
    IQueryable<PublishedArticle> OfAuthor(Guid author, PageToken? from, int size)
    {
        var own = Newest(from).Where(p => p.AuthorId == author);
        var shared = db.CoAuthorships.Where(c => c.PersonId == author && c.PublishTime != null);
        if (from is { } start)
            shared = shared.Where(c => EF.Functions.LessThan(ValueTuple.Create(c.PublishTime!.Value, c.ArticleId), ValueTuple.Create(start.Time, start.Id)));
        return own.OrderByDescending(p => p.PublishTime).ThenByDescending(p => p.ArticleId).Take(size).Select(p => p.ArticleId)
            .Concat(shared.OrderByDescending(c => c.PublishTime).ThenByDescending(c => c.ArticleId).Take(size).Select(c => c.ArticleId))
            .Join(db.PublishedArticles, id => id, p => p.ArticleId, (_, published) => published);
    }

    // The page is cut in the topic's own index before anything is joined, so the cost does not grow with the topic.
    IQueryable<PublishedArticle> OfTopic(string topic, Guid? author, PageToken? from, int size)
    {
        var listed = db.TopicArticles.Where(t => t.TopicSlug == topic);
        if (author is { } only)
            listed = listed.Where(t => t.AuthorId == only || db.CoAuthorships.Any(c => c.PersonId == only && c.ArticleId == t.ArticleId));
        if (from is { } start)
            listed = listed.Where(t => EF.Functions.LessThan(ValueTuple.Create(t.PublishTime, t.ArticleId), ValueTuple.Create(start.Time, start.Id)));
        return listed.OrderByDescending(t => t.PublishTime).ThenByDescending(t => t.ArticleId).Take(size)
            .Join(db.PublishedArticles, t => new { t.AuthorId, t.ArticleId }, p => new { p.AuthorId, p.ArticleId }, (_, published) => published);
    }
}
