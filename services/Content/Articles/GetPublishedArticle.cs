using System.Text;
using Blog.Content.SeriesOfArticles;
using Blog.Content.Translations;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Text;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    public override async Task<V1.GetPublishedArticleResponse> GetPublishedArticle(V1.GetPublishedArticleRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (request.Slug is ['/', ..])
            return new V1.GetPublishedArticleResponse { MovedToSlug = await SlugAtFormerPathAsync(request, cancel) };
        var slug = Normalized(request.Slug);
        if (!Guid.TryParseExact(request.AuthorId, "D", out var author) || slug.Length is 0 or > Slug.MaxChosen + 10)
            throw NoSuchArticle();
        // One read by key: the slug, and the article it leads to if readers have it.
        var found = await db.Slugs.AsNoTracking().Where(s => s.AuthorId == author && s.Slug == slug)
            .LeftJoin(db.PublishedArticles, s => s.ArticleId, p => (Guid?)p.ArticleId, (_, p) => new { Published = p })
            .SingleOrDefaultAsync(cancel) ?? throw NoSuchArticle();
        if (found.Published is not { } published)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "This article was taken back by its author.", "GONE");
        if (published.Slug != request.Slug || published.AuthorId != author)
            return new V1.GetPublishedArticleResponse { MovedToSlug = published.Slug, MovedToAuthorId = published.AuthorId.ToString() };
        var translations = (await db.PublishedTranslationsAsync([published.ArticleId], cancel)).GetValueOrDefault(published.ArticleId, []);
        return new V1.GetPublishedArticleResponse
        {
            Article = new V1.PublishedArticle
            {
                Summary = ToSummary(published, await TopicsOfAsync([published], cancel)),
                Html = published.Html,
                Headings = { ToMessages(HeadingsOf(published)) },
                CanonicalUrl = published.CanonicalUrl,
                Language = published.Language,
                WordCount = published.WordCount,
                Series = await db.SeriesPlaceAsync(published.ArticleId, cancel),
                TranslationGroupId = translations.FirstOrDefault()?.GroupId.ToString() ?? "",
                Translations = { translations.Select(each => each.ToMessage()) },
            },
        };
    }

    async Task<string> SlugAtFormerPathAsync(V1.GetPublishedArticleRequest request, CancellationToken cancel) =>
        Guid.TryParseExact(request.AuthorId, "D", out var author) && request.Slug.Length <= MaxFormerPath && !request.Slug.Contains('\0', StringComparison.Ordinal)
            && await db.FormerPaths.AsNoTracking().Where(f => f.AuthorId == author && f.Path == request.Slug)
                .Join(db.PublishedArticles, f => new { f.AuthorId, f.ArticleId }, p => new { p.AuthorId, p.ArticleId }, (_, p) => p.Slug).SingleOrDefaultAsync(cancel) is { } slug
            ? slug
            : throw NoSuchArticle();

    // Somebody typed it with capitals, or another system composed its accents differently: it is the same address.
    static string Normalized(string slug) => slug.Contains('\0', StringComparison.Ordinal) ? "" : Normalizable.Characters(slug).Normalize(NormalizationForm.FormC).ToLowerInvariant();

    static RpcException NoSuchArticle() => RpcErrors.NotFound("There is no such article.");
}
