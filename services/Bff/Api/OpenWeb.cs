using Microsoft.AspNetCore.Http.HttpResults;
using ArticlesClient = Blog.Content.V1.Articles.ArticlesClient;
using PublicPageKind = Blog.Content.V1.PublicPageKind;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="Language">BCP 47; null: not known.</param>
/// <param name="CanonicalUrl">Where it first appeared, when that was elsewhere.</param>
/// <param name="Html">Sanitised; null: left out of this list for its size.</param>
public sealed record SyndicatedArticle(ArticleCard Article, string? Language, string? CanonicalUrl, string? Html);

public sealed record SyndicationPage(IReadOnlyList<SyndicatedArticle> Items, string? NextPageToken);

/// <param name="Url">Path of the page.</param>
/// <param name="ChangedAt">Of what the page shows.</param>
/// <param name="Image">The cover of an article.</param>
/// <param name="Translations">Of an article that is there in several languages, itself among them: the original first.</param>
public sealed record PublicPage(string Url, DateTime ChangedAt, Image? Image, IReadOnlyList<Alternate>? Translations);

/// <param name="Language">BCP 47.</param>
/// <param name="Url">Path of the page.</param>
public sealed record Alternate(string Language, string Url);

/// <param name="NextAfter">Null: there are no more.</param>
public sealed record PublicPageList(IReadOnlyList<PublicPage> Items, string? NextAfter);

/// <param name="LastKey">Of the last page of this part; the next part begins after it.</param>
/// <param name="PageCount">Pages in it.</param>
/// <param name="ChangedAt">Of the page that changed last.</param>
public sealed record PublicPagePart(string LastKey, int PageCount, DateTime ChangedAt);

public sealed record PublicPagePartList(IReadOnlyList<PublicPagePart> Items);

/// <summary>
/// What feeds and sitemaps are made of. Not kept by the page cache: the documents made of it are, and whoever is told that something is new must not read
/// what was known before.
/// </summary>
static class OpenWebEndpoints
{
    public static void MapOpenWeb(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Open web").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/syndication", Syndicate).WithName("syndicate").WithSummary("Published articles with their texts, newest first: of everyone, of one author, of one topic or of one publication.");
        group.MapGet("/public-pages", ListPages).WithName("listPublicPages").WithSummary("Addresses of public pages, in the order of their keys.");
        group.MapGet("/public-pages/parts", ListParts).WithName("listPublicPageParts").WithSummary("How the public pages of a kind divide into parts.");
    }

    static async Task<Ok<SyndicationPage>> Syndicate(
        HttpContext http, ArticlesClient articles, UsersClient users, CancellationToken ct,
        string? author = null, string? topic = null, string? publication = null, string? pageToken = null, int? pageSize = null)
    {
        var page = await articles.ListSyndicatedArticlesAsync(new() { AuthorId = author ?? "", TopicSlug = topic ?? "", PublicationId = publication ?? "", PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var authors = await users.AuthorsAsync(http, page.Articles.SelectMany(a => a.Summary.AuthorIds()), ct);
        var publications = await PublicationEndpoints.NamesAsync(http, page.Articles.Select(a => a.Summary.PublicationId), ct);
        return TypedResults.Ok(new SyndicationPage(
            [
                .. page.Articles.Where(a => authors.ContainsKey(a.Summary.AuthorId)).Select(a => new SyndicatedArticle(
                    ArticleCard.From(a.Summary, authors, publications), a.Language.OrNull(), a.CanonicalUrl.OrNull(), a.HasHtml ? a.Html : null)),
            ],
            page.NextPageToken.OrNull()));
    }

    static async Task<Ok<PublicPageList>> ListPages(
        string kind, HttpContext http, ArticlesClient articles, UsersClient users, CancellationToken ct, string? after = null, string? until = null, int? pageSize = null)
    {
        var page = await articles.ListPublicPagesAsync(new() { Kind = KindOf(kind), After = after ?? "", Until = until ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var authors = await users.AuthorsAsync(http, page.Pages.SelectMany(p => p.Translations.Select(each => each.AuthorId).Append(p.AuthorId)), ct);
        return TypedResults.Ok(new PublicPageList(
            [.. page.Pages.Where(p => p.AuthorId.Length == 0 || authors.ContainsKey(p.AuthorId)).Select(p => new PublicPage(Address(p), p.ChangeTime.Utc(), Image.From(p.Image), Alternates(p)))],
            page.NextAfter.OrNull()));

        Alternate[]? Alternates(Content.V1.PublicPage found) => found.Translations.Count < 2 ? null
            : [.. found.Translations.Where(each => authors.ContainsKey(each.AuthorId)).Select(each => new Alternate(each.Language, Addresses.Article(authors[each.AuthorId].Handle, each.Slug)))];

        string Address(Content.V1.PublicPage found) => kind switch
        {
            "topics" => $"/topics/{Uri.EscapeDataString(found.Slug)}",
            "publications" => Addresses.Publication(found.Slug),
            "series" => Addresses.Series(authors[found.AuthorId].Handle, found.Slug),
            "people" => $"/@{authors[found.AuthorId].Handle}",
            _ => Addresses.Article(authors[found.AuthorId].Handle, found.Slug),
        };
    }

    static async Task<Ok<PublicPagePartList>> ListParts(string kind, ArticlesClient articles, CancellationToken ct, int? size = null)
    {
        var answer = await articles.ListPublicPagePartsAsync(new() { Kind = KindOf(kind), PartSize = size ?? 0 }, cancellationToken: ct);
        return TypedResults.Ok(new PublicPagePartList([.. answer.Parts.Select(part => new PublicPagePart(part.LastKey, part.PageCount, part.ChangeTime.Utc()))]));
    }

    static PublicPageKind KindOf(string kind) => kind switch
    {
        "articles" => PublicPageKind.Article,
        "people" => PublicPageKind.Author,
        "topics" => PublicPageKind.Topic,
        "publications" => PublicPageKind.Publication,
        "series" => PublicPageKind.Series,
        _ => throw new ProblemException(StatusCodes.Status400BadRequest, "UNKNOWN_KIND", "There are articles, people, topics, publications and series."),
    };
}
