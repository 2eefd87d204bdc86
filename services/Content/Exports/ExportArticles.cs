using Blog.Content.Articles;
using Blog.Content.Revisions;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Exports;

partial class ExportsService
{
    public override async Task<V1.ListExportedArticlesResponse> ListExportedArticles(V1.ListExportedArticlesRequest request, ServerCallContext context)
    {
        var (size, from, cancel) = (PageToken.Size(request.PageSize), PageToken.Read(request.PageToken)?.Id ?? Guid.Empty, context.CancellationToken);
        var articles = request.PublicationId.Length > 0 ? PublishedIn(await PublicationAsync(request.PublicationId, request.PersonId, context)) : WrittenBy(Whose(request.PersonId, context));
        var page = await articles.AsNoTracking().Where(a => a.Id > from).OrderBy(a => a.Id).Take(size + 1)
            .Select(a => new { a.AuthorId, a.Id, a.Status, a.Slug, WishedSlug = a.Content.Slug, a.Content.Title, a.TranslationGroup }).ToListAsync(cancel);
        return new V1.ListExportedArticlesResponse
        {
            Articles = { page.Take(size).Select(a => KeyOf(a.AuthorId, a.Id, a.Status, a.Slug, a.WishedSlug, a.Title, a.TranslationGroup)) },
            NextPageToken = page.Count > size ? new PageToken(DateTimeOffset.UnixEpoch, page[size - 1].Id).ToString() : "",
        };
    }

    public override async Task<V1.GetExportedArticleResponse> GetExportedArticle(V1.GetExportedArticleRequest request, ServerCallContext context)
    {
        var (id, ofPublication, cancel) = (Id(request.Id), request.PublicationId.Length > 0, context.CancellationToken);
        var articles = ofPublication ? PublishedIn(await PublicationAsync(request.PublicationId, request.PersonId, context)) : WrittenBy(Whose(request.PersonId, context));
        var article = await articles.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancel) ?? throw NoSuchArticle();
        var published = await AsPublishedAsync(article, cancel);
        // A newer draft is its authors' alone.
        if (ofPublication && published is null)
            throw NoSuchArticle();
        var formerSlugs = await db.Slugs.Where(s => s.AuthorId == article.AuthorId && s.ArticleId == id && s.Slug != article.Slug).Select(s => s.Slug).ToListAsync(cancel);
        var formerPaths = await db.FormerPaths.Where(p => p.AuthorId == article.AuthorId && p.ArticleId == id).Select(p => p.Path).ToListAsync(cancel);
        return new V1.GetExportedArticleResponse
        {
            Article = new V1.ExportedArticle
            {
                Key = KeyOf(article.AuthorId, article.Id, article.Status, article.Slug, article.Content.Slug, (published ?? article.Content).Title, article.TranslationGroup),
                CoAuthorIds = { article.CoAuthorIds.Select(author => author.ToString()) },
                CoAuthorNames = { article.CoAuthorNames },
                Content = (published ?? article.Content).ToMessage(),
                Changes = ofPublication || published is null || !article.HasUnpublishedChanges ? null : article.Content.ToMessage(),
                CreateTime = article.CreateTime.ToTimestamp(),
                PublishTime = article.FirstPublishTime?.ToTimestamp(),
                EditTime = article.EditTime?.ToTimestamp(),
                UpdateTime = article.UpdateTime.ToTimestamp(),
                FormerSlugs = { formerSlugs.Order(StringComparer.Ordinal) },
                FormerPaths = { formerPaths.Order(StringComparer.Ordinal) },
            },
        };
    }

    static RpcException NoSuchArticle() => RpcErrors.NotFound("There is no such article that you can export.");

    IQueryable<Article> WrittenBy(Guid person)
    {
        var shared = db.CoAuthorships.Where(c => c.PersonId == person).Select(c => c.ArticleId);
        return db.Articles.Where(a => a.AuthorId == person || shared.Contains(a.Id));
    }

    IQueryable<Article> PublishedIn(Guid publication)
    {
        var published = db.PublishedArticles.Where(p => p.PublicationId == publication).Select(p => p.ArticleId);
        return db.Articles.Where(a => published.Contains(a.Id));
    }

    static V1.ExportedArticleKey KeyOf(Guid author, Guid id, ArticleStatus status, string? slug, string wishedSlug, string title, Guid? translations) =>
        new() { AuthorId = author.ToString(), Id = id.ToString(), Status = (V1.ArticleStatus)status, Slug = slug ?? wishedSlug, Title = title, TranslationGroupId = translations?.ToString() ?? "" };

    /// <summary>What readers have of a published article, as it was written; the working copy of one that is not published; null when it was not kept.</summary>
    async Task<ArticleContent?> AsPublishedAsync(Article article, CancellationToken cancel)
    {
        if (!article.HasUnpublishedChanges)
            return article.Content;
        var kept = await db.Revisions.AsNoTracking()
            .Where(r => r.AuthorId == article.AuthorId && r.ArticleId == article.Id && (r.Reason == RevisionReason.Published || r.Reason == RevisionReason.Imported || r.Reason == RevisionReason.Saved || r.Reason == RevisionReason.Restored))
            .OrderByDescending(r => r.Number).Select(r => r.Number).ToListAsync(cancel);
        foreach (var number in kept)
            if (await revisions.FindAsync(article, number, cancel) is { } found && ArticleContent.Read(found.Content).Content is var content && content.Hash().AsSpan().SequenceEqual(article.PublishedHash))
                return content;
        return null;
    }
}
