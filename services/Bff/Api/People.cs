using Blog.Bff.Cache;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Interactions.V1;
using Blog.Users.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using RelationsClient = Blog.Users.V1.Relations.RelationsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>Authors and what they published, by handle. A former handle or slug answers with the present address.</summary>
static class PeopleEndpoints
{
    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/people/{handle}").WithTags("People")
            .WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status308PermanentRedirect, typeof(void)))
            .ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("", Get).WithName("getPerson").WithSummary("One profile.");
        group.MapGet("/articles", ListArticles).WithName("listPersonArticles").WithSummary("What this person published, newest first.");
        group.MapGet("/articles/{slug}", GetArticle).WithName("getArticle").WithSummary("One published article with its HTML.")
            .ProducesProblem(StatusCodes.Status410Gone);
    }

    static async Task<Results<Ok<PersonPage>, RedirectHttpResult>> Get(string handle, HttpContext http, UsersClient users, RelationsClient relations, CancellationToken ct)
    {
        var profile = await FindAsync(handle, http, users, ct);
        if (profile.Handle != handle) return Moved($"/api/v1/people/{profile.Handle}");

        http.AddCacheTags($"follows:{profile.Id}");
        var target = new Target { Kind = FollowTarget.Person, Id = profile.Id };
        var counts = await relations.BatchGetFollowCountsAsync(new() { Targets = { target } }, cancellationToken: ct);
        return TypedResults.Ok(PersonPage.From(profile, counts.Counts[0]));
    }

    static async Task<Results<Ok<ArticleCardList>, RedirectHttpResult>> ListArticles(
        string handle, HttpContext http, UsersClient users, Articles.ArticlesClient articles, CancellationToken ct,
        string? pageToken = null, int? pageSize = null)
    {
        var profile = await FindAsync(handle, http, users, ct);
        if (profile.Handle != handle) return Moved($"/api/v1/people/{profile.Handle}/articles{http.Request.QueryString}");

        return TypedResults.Ok(await ArticleEndpoints.ListPublishedAsync(http, articles, users, new()
        {
            AuthorId = profile.Id,
            PageToken = pageToken ?? "",
            PageSize = pageSize ?? 0,
        }, ct));
    }

    static async Task<Results<Ok<ArticlePage>, RedirectHttpResult>> GetArticle(
        string handle, string slug, HttpContext http, UsersClient users, Articles.ArticlesClient articles, Claps.ClapsClient claps, CancellationToken ct)
    {
        var profile = await FindAsync(handle, http, users, ct);
        http.AddCacheTags($"slug:{profile.Id}:{slug}");
        var answer = await articles.GetPublishedArticleAsync(new() { AuthorId = profile.Id, Slug = slug }, cancellationToken: ct);
        var presentSlug = answer.MovedToSlug.OrNull() ?? slug;
        // Its first author left it to another.
        var presentHandle = answer.MovedToAuthorId.OrNull() is { } heir && heir != profile.Id
            ? (await users.GetProfileAsync(new() { Id = heir }, cancellationToken: ct)).Profile.Handle
            : profile.Handle;
        if (presentHandle != handle || presentSlug != slug)
            return Moved($"/api/v1/people/{presentHandle}/articles/{Uri.EscapeDataString(presentSlug)}");

        http.AddCacheTags([$"article:{answer.Article.Summary.Id}", .. answer.Article.Summary.Topics.Select(t => $"topic:{t.Slug}")]);
        var series = answer.Article.Series;
        if (series is not null) http.AddCacheTags($"series:{series.Id}");
        if (answer.Article.TranslationGroupId.OrNull() is { } translations) http.AddCacheTags(ChangeTags.TranslationsOf(translations));
        var authors = await users.AuthorsAsync(http, answer.Article.Summary.CoAuthorIds.Concat(series is null ? [] : series.Parts.Select(part => part.AuthorId).Append(series.OwnerId))
            .Concat(answer.Article.Translations.Select(each => each.AuthorId)), ct);
        var publications = await PublicationEndpoints.NamesAsync(http, [answer.Article.Summary.PublicationId], ct);
        return TypedResults.Ok(ArticlePage.From(answer.Article, new Dictionary<string, Author>(authors) { [profile.Id] = Author.From(profile) }, publications, await claps.CountsOrNullAsync(answer.Article.Summary.Id, ct)));
    }

    public static async Task<Users.V1.Profile> FindAsync(string handle, HttpContext http, UsersClient users, CancellationToken ct)
    {
        http.AddCacheTags($"handle:{handle}");
        var profile = (await users.GetProfileAsync(new() { Handle = handle }, cancellationToken: ct)).Profile;
        http.AddCacheTags($"author:{profile.Id}", $"handle:{profile.Handle}");
        return profile;
    }

    const int MostPeople = 200;

    /// <summary>Profiles by id, in one call (of up to 200); unknown ids are left out. The answer then depends on all of them.</summary>
    public static async Task<IReadOnlyDictionary<string, Author>> AuthorsAsync(this UsersClient users, HttpContext http, IEnumerable<string> ids, CancellationToken ct)
    {
        var wanted = ids.Where(id => id.Length > 0).Distinct().ToArray();
        if (wanted.Length == 0) return new Dictionary<string, Author>();
        http.AddCacheTags(wanted.Select(id => $"author:{id}"));
        var calls = wanted.Chunk(MostPeople).Select(part => users.BatchGetProfilesAsync(new() { Ids = { part } }, cancellationToken: ct).ResponseAsync);
        return (await Task.WhenAll(calls)).SelectMany(answer => answer.Profiles).ToDictionary(p => p.Id, Author.From);
    }

    public static RedirectHttpResult Moved(string path) => TypedResults.Redirect(path, permanent: true, preserveMethod: true);
}
