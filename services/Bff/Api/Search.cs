using System.Globalization;
using Blog.Bff.Cache;
using Blog.Content.V1;
using Blog.ServiceDefaults.FeatureFlags;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using FinderClient = Blog.Search.V1.Finder.FinderClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;
using V1 = Blog.Search.V1;

namespace Blog.Bff.Api;

/// <param name="Found">It is what was looked for.</param>
public sealed record FoundPiece(string Text, bool Found);

/// <param name="Title">In pieces; together they are the title.</param>
/// <param name="Passage">The place in the text that fits best, in pieces.</param>
public sealed record FoundArticle(ArticleCard Article, IReadOnlyList<FoundPiece> Title, IReadOnlyList<FoundPiece> Passage);

/// <param name="Name">As shown; null where it is not known.</param>
/// <param name="Count">Of the articles that were found.</param>
public sealed record FoundFacet(string Id, string? Name, int Count);

/// <param name="Total">At most 10,000: then there are at least as many.</param>
/// <param name="DidYouMean">A query that was probably meant; null: nothing better is known.</param>
/// <param name="Similar">Nothing fitted the words as they were typed, so these have similar ones.</param>
/// <param name="Topics">Of what was found, most frequent first: worth filtering by.</param>
/// <param name="Languages">BCP 47, of what was found, most frequent first.</param>
public sealed record FoundArticleList(
    IReadOnlyList<FoundArticle> Items, string? NextPageToken, int Total, string? DidYouMean, bool Similar,
    IReadOnlyList<FoundFacet> Topics, IReadOnlyList<FoundFacet> Languages);

public sealed record FoundPerson(Author Person, IReadOnlyList<FoundPiece> Name);

public sealed record FoundPersonList(IReadOnlyList<FoundPerson> Items, string? NextPageToken);

public sealed record FoundPublication(PublicationName Publication, IReadOnlyList<FoundPiece> Name);

public sealed record FoundPublicationList(IReadOnlyList<FoundPublication> Items, string? NextPageToken);

public sealed record FoundTopic(string Slug, IReadOnlyList<FoundPiece> Name, int ArticleCount);

public sealed record FoundTopicList(IReadOnlyList<FoundTopic> Items, string? NextPageToken);

/// <param name="Title">Empty: it has none yet.</param>
public sealed record FoundDraft(string Id, IReadOnlyList<FoundPiece> Title, IReadOnlyList<FoundPiece> Passage, DateTime UpdatedAt);

public sealed record FoundDraftList(IReadOnlyList<FoundDraft> Items, string? NextPageToken);

/// <summary>While somebody types: the few best of each kind.</summary>
/// <param name="Queries">Searches worth making.</param>
public sealed record Suggestions(
    IReadOnlyList<string> Queries, IReadOnlyList<FoundArticle> Articles, IReadOnlyList<FoundPerson> People, IReadOnlyList<FoundTopic> Topics);

/// <summary>
/// Search. What is public is the same for everyone and kept for moments; under /me whom I muted or blocked, and who blocked me, is left out.
/// </summary>
static class SearchEndpoints
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    /// <summary>Later than that nobody looks at a suggestion.</summary>
    static readonly TimeSpan TypingPatience = TimeSpan.FromSeconds(1);
    static readonly string[] Days = ["yyyy-MM-dd", "yyyy-MM", "yyyy"];

    const string Language =
        "Words, \"phrases\", -exclusions, author:handle, topic:slug, lang:de, before:2024-05-01, after:2023. Sort: relevance, newest or oldest.";

    public static void MapSearch(this IEndpointRouteBuilder api)
    {
        var group = api.MapSearchGroup();
        group.MapGet("", SearchArticles).WithName("search").WithSummary("Published articles that fit best.").WithDescription(Language);
        group.MapGet("/people", SearchPeople).WithName("searchPeople").WithSummary("People by name and handle.");
        group.MapGet("/publications", SearchPublications).WithName("searchPublications").WithSummary("Publications by name.");
        group.MapGet("/topics", SearchTopics).WithName("searchTopics").WithSummary("Topics by name.");
        group.MapGet("/suggest", Suggest).WithName("suggest").WithSummary("While somebody types: the few best of each kind.").WhileOn(Flag.SearchSuggestions);
        group.MapGet("/completions", Complete).WithName("completeSearch").WithSummary("What was typed, and searches that complete it (OpenSearch Suggestions 1.0), for the address bars of browsers.")
            .Produces<object[]>(StatusCodes.Status200OK, CompletionsType).WhileOn(Flag.SearchSuggestions);
    }

    public static void MapMySearch(this IEndpointRouteBuilder me)
    {
        var group = me.MapSearchGroup();
        group.MapGet("", SearchArticles).WithName("searchForMe").WithSummary("As search, without those who are kept apart from me.").WithDescription(Language);
        group.MapGet("/people", SearchPeople).WithName("searchPeopleForMe").WithSummary("As searchPeople, without those who are kept apart from me.");
        group.MapGet("/suggest", Suggest).WithName("suggestForMe").WithSummary("As suggest, without those who are kept apart from me.").WhileOn(Flag.SearchSuggestions);
        group.MapGet("/drafts", SearchDrafts).WithName("searchMyDrafts").WithSummary("My drafts and what I unpublished.");
    }

    const string CompletionsType = "application/x-suggestions+json";

    static RouteGroupBuilder MapSearchGroup(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/search").WithTags("Search").ProducesProblem(StatusCodes.Status400BadRequest);
        group.AddEndpointFilter(async (call, next) =>
        {
            // What the cache may keep it marks itself; what is too long to be kept is for one reader.
            call.HttpContext.Response.Headers.CacheControl = "no-store";
            try
            {
                return await next(call);
            }
            catch (RpcException away) when (away.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "SEARCH_AWAY", "Search does not answer right now. Everything else works; please try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(2) };
            }
        });
        return group;
    }

    static async Task<Ok<FoundArticleList>> SearchArticles(
        HttpContext http, FinderClient finder, Articles.ArticlesClient articles, UsersClient users, TimeProvider time, CancellationToken ct,
        [FromQuery(Name = "q")] string query = "", string? sort = null, [FromQuery(Name = "topic")] string? topicSlugs = null,
        [FromQuery(Name = "author")] string? authorId = null, [FromQuery(Name = "lang")] string? language = null,
        [FromQuery(Name = "after")] string? publishedAfter = null, [FromQuery(Name = "before")] string? publishedBefore = null,
        string? pageToken = null, int? pageSize = null)
    {
        var found = await finder.SearchArticlesAsync(new()
        {
            Query = query,
            Sort = sort switch
            {
                null or "relevance" => V1.Sort.Relevance,
                "newest" => V1.Sort.Newest,
                "oldest" => V1.Sort.Oldest,
                _ => throw RpcErrors.InvalidArgument(("sort", "Results are sorted by relevance, newest or oldest.")),
            },
            TopicSlugs = { topicSlugs?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [] },
            AuthorId = authorId ?? "",
            Language = language ?? "",
            PublishedAfter = Day("published_after", publishedAfter),
            PublishedBefore = Day("published_before", publishedBefore),
            PageToken = pageToken ?? "",
            PageSize = pageSize ?? 0,
        }, Until(time, Patience, ct));

        var naming = TopicNamesAsync(articles, [.. found.Topics.Select(topic => topic.Id)], ct);
        var items = await FoundAsync(http, articles, users, found.Hits, ct);
        var names = await naming;
        http.AddCacheTags("list");
        return TypedResults.Ok(new FoundArticleList(
            items, found.NextPageToken.OrNull(), found.Total, found.DidYouMean.OrNull(), found.Similar,
            [.. from facet in found.Topics select new FoundFacet(facet.Id, names.GetValueOrDefault(facet.Id), facet.Count)],
            [.. from facet in found.Languages select new FoundFacet(facet.Id, null, facet.Count)]));
    }

    static async Task<Ok<FoundPersonList>> SearchPeople(
        HttpContext http, FinderClient finder, UsersClient users, TimeProvider time, CancellationToken ct,
        [FromQuery(Name = "q")] string query = "", string? pageToken = null, int? pageSize = null)
    {
        var found = await finder.SearchPeopleAsync(new() { Query = query, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, Until(time, Patience, ct));
        var authors = await users.AuthorsAsync(http, found.Hits.Select(hit => hit.PersonId), ct);
        return TypedResults.Ok(new FoundPersonList(Found(found.Hits, authors), found.NextPageToken.OrNull()));
    }

    static async Task<Ok<FoundPublicationList>> SearchPublications(
        HttpContext http, FinderClient finder, TimeProvider time, CancellationToken ct, [FromQuery(Name = "q")] string query = "", string? pageToken = null, int? pageSize = null)
    {
        var found = await finder.SearchPublicationsAsync(new() { Query = query, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, Until(time, Patience, ct));
        var publications = await PublicationEndpoints.NamesAsync(http, found.Hits.Select(hit => hit.PublicationId), ct);
        return TypedResults.Ok(new FoundPublicationList(
            [.. found.Hits.Where(hit => publications.ContainsKey(hit.PublicationId)).Select(hit => new FoundPublication(publications[hit.PublicationId], Pieces(hit.Name)))], found.NextPageToken.OrNull()));
    }

    static async Task<Ok<FoundTopicList>> SearchTopics(
        HttpContext http, FinderClient finder, TimeProvider time, CancellationToken ct, [FromQuery(Name = "q")] string query = "", string? pageToken = null, int? pageSize = null)
    {
        var found = await finder.SearchTopicsAsync(new() { Query = query, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, Until(time, Patience, ct));
        http.AddCacheTags("list");
        return TypedResults.Ok(new FoundTopicList(Found(found.Hits), found.NextPageToken.OrNull()));
    }

    static async Task<Ok<FoundDraftList>> SearchDrafts(
        FinderClient finder, TimeProvider time, CancellationToken ct, [FromQuery(Name = "q")] string query = "", string? pageToken = null, int? pageSize = null)
    {
        var found = await finder.SearchMyDraftsAsync(new() { Query = query, PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, Until(time, Patience, ct));
        return TypedResults.Ok(new FoundDraftList(
            [.. found.Hits.Select(hit => new FoundDraft(hit.ArticleId, Pieces(hit.Title), Pieces(hit.Passage), hit.UpdateTime.Utc()))], found.NextPageToken.OrNull()));
    }

    static async Task<Ok<Suggestions>> Suggest(
        HttpContext http, FinderClient finder, Articles.ArticlesClient articles, UsersClient users, TimeProvider time, CancellationToken ct, [FromQuery(Name = "q")] string prefix = "")
    {
        http.AddCacheTags("list");
        if (string.IsNullOrWhiteSpace(prefix)) return TypedResults.Ok(new Suggestions([], [], [], []));
        var found = await finder.SuggestAsync(new() { Prefix = prefix }, Until(time, TypingPatience, ct));
        var people = users.AuthorsAsync(http, found.People.Select(hit => hit.PersonId), ct);
        var items = await FoundAsync(http, articles, users, found.Articles, ct);
        return TypedResults.Ok(new Suggestions([.. found.Queries], items, Found(found.People, await people), Found(found.Topics)));
    }

    static async Task<JsonHttpResult<object[]>> Complete(
        HttpContext http, FinderClient finder, TimeProvider time, CancellationToken ct, [FromQuery(Name = "q")] string prefix = "")
    {
        http.AddCacheTags("list");
        string[] queries = string.IsNullOrWhiteSpace(prefix) ? [] : [.. (await finder.SuggestAsync(new() { Prefix = prefix }, Until(time, TypingPatience, ct))).Queries];
        return TypedResults.Json<object[]>([prefix, queries], contentType: CompletionsType);
    }

    /// <summary>Cards for what was found: of an article its first author is known too, so both are asked for at the same time.</summary>
    static async Task<IReadOnlyList<FoundArticle>> FoundAsync(
        HttpContext http, Articles.ArticlesClient articles, UsersClient users, RepeatedField<V1.ArticleHit> hits, CancellationToken ct)
    {
        if (hits.Count == 0) return [];
        var firstAuthors = users.AuthorsAsync(http, hits.Select(hit => hit.AuthorId), ct);
        var published = await articles.BatchGetPublishedArticlesAsync(new() { Ids = { hits.Select(hit => hit.ArticleId) } }, cancellationToken: ct);
        var byId = published.Articles.ToDictionary(article => article.Id);
        var coAuthors = await users.AuthorsAsync(http, published.Articles.SelectMany(article => article.CoAuthorIds), ct);
        var authors = (await firstAuthors).Concat(coAuthors).DistinctBy(author => author.Key).ToDictionary();
        var publications = await PublicationEndpoints.NamesAsync(http, published.Articles.Select(article => article.PublicationId), ct);
        http.AddCacheTags(byId.Keys.Select(id => $"article:{id}"));
        // What was taken from readers a moment ago may still be in the index.
        return
        [
            .. from hit in hits
               where byId.TryGetValue(hit.ArticleId, out var article) && authors.ContainsKey(article.AuthorId)
               select new FoundArticle(ArticleCard.From(byId[hit.ArticleId], authors, publications), Pieces(hit.Title), Pieces(hit.Passage)),
        ];
    }

    static FoundPerson[] Found(IEnumerable<V1.PersonHit> hits, IReadOnlyDictionary<string, Author> authors) =>
        [.. from hit in hits where authors.ContainsKey(hit.PersonId) select new FoundPerson(authors[hit.PersonId], Pieces(hit.Name))];

    static FoundTopic[] Found(IEnumerable<V1.TopicHit> hits) => [.. from hit in hits select new FoundTopic(hit.Slug, Pieces(hit.Name), hit.ArticleCount)];

    static FoundPiece[] Pieces(IEnumerable<V1.Piece> pieces) => [.. from piece in pieces select new FoundPiece(piece.Text, piece.Found)];

    static async Task<IReadOnlyDictionary<string, string>> TopicNamesAsync(Articles.ArticlesClient articles, string[] slugs, CancellationToken ct) => slugs.Length == 0
        ? new Dictionary<string, string>()
        : await articles.BatchGetTopicsAsync(new() { Slugs = { slugs } }, cancellationToken: ct).OrNullAsync(answer => answer.Topics.ToDictionary(topic => topic.Slug, topic => topic.Name)) ?? new();

    static CallOptions Until(TimeProvider time, TimeSpan patience, CancellationToken ct) => new(deadline: time.GetUtcNow().UtcDateTime + patience, cancellationToken: ct);

    /// <summary>The beginning of a day, month or year in UTC.</summary>
    static Timestamp? Day(string field, string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        return DateTime.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day)
            ? Timestamp.FromDateTime(day)
            : throw RpcErrors.InvalidArgument((field, "A date is written 2024-05-01, 2024-05 or 2024."));
    }
}
