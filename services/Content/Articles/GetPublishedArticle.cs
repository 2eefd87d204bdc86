using System.Text;
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
        var slug = Normalized(request.Slug);
        if (!Guid.TryParseExact(request.AuthorId, "D", out var author) || slug.Length is 0 or > Slug.MaxChosen + 10)
            throw NoSuchArticle();
        // One read by key: the slug, and the article it leads to if readers have it.
        var found = await db.Slugs.AsNoTracking().Where(s => s.AuthorId == author && s.Slug == slug)
            .LeftJoin(db.Publications, s => new { s.AuthorId, s.ArticleId }, p => new { p.AuthorId, ArticleId = (Guid?)p.ArticleId }, (_, p) => new { Publication = p })
            .SingleOrDefaultAsync(cancel) ?? throw NoSuchArticle();
        if (found.Publication is not { } publication)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "This article was taken back by its author.", "GONE");
        if (publication.Slug != request.Slug)
            return new V1.GetPublishedArticleResponse { MovedToSlug = publication.Slug };
        return new V1.GetPublishedArticleResponse
        {
            Article = new V1.PublishedArticle
            {
                Summary = ToSummary(publication, await TopicsOfAsync([publication], cancel)),
                Html = publication.Html,
                Headings = { ToMessages(HeadingsOf(publication)) },
                CanonicalUrl = publication.CanonicalUrl,
                Language = publication.Language,
                WordCount = publication.WordCount,
            },
        };
    }

    // Somebody typed it with capitals, or another system composed its accents differently: it is the same address.
    static string Normalized(string slug) => slug.Contains('\0', StringComparison.Ordinal) ? "" : Normalizable.Characters(slug).Normalize(NormalizationForm.FormC).ToLowerInvariant();

    static RpcException NoSuchArticle() => RpcErrors.NotFound("There is no such article.");
}
