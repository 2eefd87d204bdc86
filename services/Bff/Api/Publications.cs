using Blog.Bff.Cache;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Users.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using ArticlesClient = Blog.Content.V1.Articles.ArticlesClient;
using PublicationsClient = Blog.Content.V1.Publications.PublicationsClient;
using RelationsClient = Blog.Users.V1.Relations.RelationsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>A publication as it is named beside a story.</summary>
public sealed record PublicationName(string Id, string Slug, string Name, string Url, string? PictureUrl)
{
    public static PublicationName From(Publication publication) =>
        new(publication.Id, publication.Slug, publication.Name, Addresses.Publication(publication.Slug), Addresses.Media(publication.PictureMediaId));
}

/// <summary>A publication as its public page shows it.</summary>
/// <param name="People">Owners, editors and writers, in that order; at most 100.</param>
public sealed record PublicationPage(
    string Id, string Slug, string Name, string Url, string? PictureUrl, string Description, DateTime CreatedAt, long FollowerCount, IReadOnlyList<Author> People);

/// <summary>Magazines that people write for together, for everyone. A former address answers with the present one.</summary>
static class PublicationEndpoints
{
    const int MostPeople = 100;

    public static void MapPublications(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/publications/{slug}").WithTags("Publications")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status308PermanentRedirect, typeof(void))).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("", Get).WithName("getPublication").WithSummary("One publication and its people.");
        group.MapGet("/articles", ListArticles).WithName("listPublicationArticles").WithSummary("What appeared in it, newest first.").ProducesProblem(StatusCodes.Status400BadRequest);
    }

    static async Task<Results<Ok<PublicationPage>, RedirectHttpResult>> Get(
        string slug, HttpContext http, PublicationsClient publications, UsersClient users, RelationsClient relations, CancellationToken ct)
    {
        var found = await FindAsync(slug, http, publications, ct);
        if (found.Slug != slug) return PeopleEndpoints.Moved($"/api/v1/publications/{found.Slug}");

        http.AddCacheTags($"follows:{found.Id}");
        var members = await publications.ListMembersAsync(new() { PublicationId = found.Id }, cancellationToken: ct);
        var people = members.Members.Take(MostPeople).Select(member => member.PersonId).ToArray();
        var authors = await users.AuthorsAsync(http, people, ct);
        var counts = await relations.BatchGetFollowCountsAsync(new() { Targets = { new Target { Kind = FollowTarget.Publication, Id = found.Id } } }, cancellationToken: ct);
        return TypedResults.Ok(new PublicationPage(
            found.Id, found.Slug, found.Name, Addresses.Publication(found.Slug), Addresses.Media(found.PictureMediaId), found.Description, found.CreateTime.Utc(), counts.Counts[0].Followers,
            [.. people.Where(authors.ContainsKey).Select(id => authors[id])]));
    }

    static async Task<Results<Ok<ArticleCardList>, RedirectHttpResult>> ListArticles(
        string slug, HttpContext http, PublicationsClient publications, ArticlesClient articles, UsersClient users, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var found = await FindAsync(slug, http, publications, ct);
        if (found.Slug != slug) return PeopleEndpoints.Moved($"/api/v1/publications/{found.Slug}/articles{http.Request.QueryString}");
        return TypedResults.Ok(await ArticleEndpoints.ListPublishedAsync(http, articles, users, new() { PublicationId = found.Id, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, ct));
    }

    static async Task<Publication> FindAsync(string slug, HttpContext http, PublicationsClient publications, CancellationToken ct)
    {
        http.AddCacheTags($"publication-slug:{slug}");
        var found = (await publications.GetPublicationAsync(new() { Slug = slug }, cancellationToken: ct)).Publication;
        http.AddCacheTags($"publication:{found.Id}");
        return found;
    }

    /// <summary>Publications by id, in one call; none when none is named. The answer then depends on all of them.</summary>
    public static async Task<IReadOnlyDictionary<string, PublicationName>> NamesAsync(HttpContext http, IEnumerable<string> ids, CancellationToken ct)
    {
        var wanted = ids.Where(id => id.Length > 0).Distinct().ToArray();
        if (wanted.Length == 0) return new Dictionary<string, PublicationName>();
        http.AddCacheTags(wanted.Select(id => $"publication:{id}"));
        var publications = http.RequestServices.GetRequiredService<PublicationsClient>();
        return (await publications.BatchGetPublicationsAsync(new() { Ids = { wanted } }, cancellationToken: ct)).Publications.ToDictionary(p => p.Id, PublicationName.From);
    }
}
