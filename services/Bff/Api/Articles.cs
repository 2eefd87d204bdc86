using Blog.Bff.Cache;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Api;

/// <summary>Published articles and their topics: the same bytes for everyone, kept in the page cache.</summary>
static class ArticleEndpoints
{
    public static void MapArticles(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Articles");

        group.MapGet("/articles", List).WithName("listArticles")
            .WithSummary("Published articles, newest first: of everyone, of one author or of one topic.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/topics", ListTopics).WithName("listTopics").WithSummary("Topics of published articles, most used first.");
    }

    static async Task<Ok<ArticleCardList>> List(
        HttpContext http, Articles.ArticlesClient articles, Users.V1.Users.UsersClient users, CancellationToken ct,
        string? author = null, string? topic = null, string? pageToken = null, int? pageSize = null)
    {
        http.AddCacheTags(author is not null ? $"author:{author}" : topic is not null ? $"topic:{topic}" : "list");
        return TypedResults.Ok(await ListPublishedAsync(http, articles, users, new()
        {
            AuthorId = author ?? "",
            TopicSlug = topic ?? "",
            PageToken = pageToken ?? "",
            PageSize = pageSize ?? 0,
        }, ct));
    }

    static async Task<Ok<TopicList>> ListTopics(HttpContext http, Articles.ArticlesClient articles, CancellationToken ct, int? pageSize = null)
    {
        http.AddCacheTags("list");
        var answer = await articles.ListTopicsAsync(new() { PageSize = pageSize ?? 0 }, cancellationToken: ct);
        return TypedResults.Ok(new TopicList([.. answer.Topics.Select(Topic.From)]));
    }

    /// <summary>A page of cards: one call for the articles and one for all their authors.</summary>
    public static async Task<ArticleCardList> ListPublishedAsync(
        HttpContext http, Articles.ArticlesClient articles, Users.V1.Users.UsersClient users, ListPublishedArticlesRequest request, CancellationToken ct)
    {
        var page = await articles.ListPublishedArticlesAsync(request, cancellationToken: ct);
        return new(await CardsAsync(http, users, page.Articles, ct), page.NextPageToken.OrNull());
    }

    /// <summary>Cards of these articles in the order of the ids; what is not published is left out. At most 100.</summary>
    public static async Task<IReadOnlyList<ArticleCard>> CardsAsync(
        HttpContext http, Articles.ArticlesClient articles, Users.V1.Users.UsersClient users, IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        if (ids.Count == 0) return [];
        var found = await articles.BatchGetPublishedArticlesAsync(new() { Ids = { ids } }, cancellationToken: ct);
        var byId = found.Articles.ToDictionary(a => a.Id);
        return await CardsAsync(http, users, [.. ids.Where(byId.ContainsKey).Select(id => byId[id])], ct);
    }

    static async Task<IReadOnlyList<ArticleCard>> CardsAsync(
        HttpContext http, Users.V1.Users.UsersClient users, IReadOnlyCollection<ArticleSummary> summaries, CancellationToken ct)
    {
        var authors = await users.AuthorsAsync(http, summaries.SelectMany(a => a.AuthorIds()), ct);
        var publications = await PublicationEndpoints.NamesAsync(http, summaries.Select(a => a.PublicationId), ct);
        http.AddCacheTags(summaries.Select(a => $"article:{a.Id}"));
        // An article whose author is unknown has no address, so it cannot be listed.
        return [.. summaries.Where(a => authors.ContainsKey(a.AuthorId)).Select(a => ArticleCard.From(a, authors, publications))];
    }
}
