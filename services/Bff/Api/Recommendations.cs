using System.Text.Json.Serialization;
using Blog.Bff.Cache;
using Blog.Content.V1;
using Blog.ServiceDefaults.FeatureFlags;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using DiscoveryClient = Blog.Recommendations.V1.Discovery.DiscoveryClient;
using ForYouClient = Blog.Recommendations.V1.ForYou.ForYouClient;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;
using UsersClient = Blog.Users.V1.Users.UsersClient;
using V1 = Blog.Recommendations.V1;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<ReasonKind>))]
public enum ReasonKind
{
    [JsonStringEnumMemberName("followedPerson")] FollowedPerson = 1,
    [JsonStringEnumMemberName("followedPublication")] FollowedPublication = 2,
    [JsonStringEnumMemberName("followedTopic")] FollowedTopic = 3,
    [JsonStringEnumMemberName("read")] Read = 4,
    [JsonStringEnumMemberName("readersLikeYou")] ReadersLikeYou = 5,
    [JsonStringEnumMemberName("readPerson")] ReadPerson = 6,
    [JsonStringEnumMemberName("readTopic")] ReadTopic = 7,
    [JsonStringEnumMemberName("popularInTopic")] PopularInTopic = 8,
    [JsonStringEnumMemberName("popular")] Popular = 9,
    [JsonStringEnumMemberName("new")] New = 10,
    [JsonStringEnumMemberName("different")] Different = 11,
    [JsonStringEnumMemberName("sameAuthor")] SameAuthor = 12,
    [JsonStringEnumMemberName("sameTopic")] SameTopic = 13,
    [JsonStringEnumMemberName("followedByFollowed")] FollowedByFollowed = 14,
}

/// <summary>Why something is recommended: the one thing that weighed most.</summary>
/// <param name="Id">Of the person, publication or article it speaks of; a topic's slug; null: it speaks of none.</param>
/// <param name="Name">Of that; null where it is not known (any more).</param>
/// <param name="Url">The page of that.</param>
/// <param name="Count">With followedByFollowed: how many of those I follow do.</param>
public sealed record RecommendationReason(ReasonKind Kind, string? Id, string? Name, string? Url, int Count);

public sealed record RecommendedArticle(ArticleCard Article, RecommendationReason Reason);

/// <param name="Cold">I follow nothing and have read nothing yet: choosing a few topics would help.</param>
public sealed record ForYouPage(IReadOnlyList<RecommendedArticle> Items, string? NextPageToken, bool Cold);

public sealed record RelatedArticleList(IReadOnlyList<RecommendedArticle> Items);

public sealed record SuggestedPerson(Author Person, RecommendationReason Reason);

public sealed record SuggestedPersonList(IReadOnlyList<SuggestedPerson> Items);

public sealed record SuggestedTopic(Topic Topic, RecommendationReason Reason);

public sealed record SuggestedTopicList(IReadOnlyList<SuggestedTopic> Items);

[JsonConverter(typeof(JsonStringEnumConverter<TurnedDownKind>))]
public enum TurnedDownKind
{
    [JsonStringEnumMemberName("articles")] Articles = 1,
    [JsonStringEnumMemberName("people")] People = 2,
    [JsonStringEnumMemberName("topics")] Topics = 3,
}

/// <summary>What I do not want to be recommended.</summary>
/// <param name="Kind">As in the address that takes it back.</param>
/// <param name="Id">The same; a topic's slug.</param>
/// <param name="Name">Title or name; null: readers do not have it any more.</param>
/// <param name="Url">Its page.</param>
/// <param name="By">Of an article, who wrote it.</param>
/// <param name="AvatarUrl">Of a person.</param>
public sealed record TurnedDownItem(TurnedDownKind Kind, string Id, string? Name, string? Url, string? By, string? AvatarUrl, DateTimeOffset Time);

public sealed record TurnedDownList(IReadOnlyList<TurnedDownItem> Items, string? NextPageToken);

/// <summary>Recommendations with the reason for each: what is the same for everyone, and what is for me.</summary>
static class RecommendationEndpoints
{
    /// <summary>On a page they are an extra, which is left out rather than waited for.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <summary>Each may bring the article that is its reason, and Content gives 100 at a time.</summary>
    const int MostOnAPage = 50;

    public static void MapRecommendations(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Recommendations").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/articles/{articleId:guid}/related", ListRelated).WithName("listRelated").WithSummary("What to read after this article.").WhileOn(Flag.ReadNext);
        group.MapGet("/trending", ListTrending).WithName("listTrending").WithSummary("What many different people are reading now.");
        group.MapGet("/popular/people", ListPopularPeople).WithName("listPopularPeople").WithSummary("Authors whose stories are read these weeks.");
        group.MapGet("/popular/topics", ListPopularTopics).WithName("listPopularTopics").WithSummary("Topics that are read these weeks.");
    }

    public static void MapForYou(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("").WithTags("For you").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/for-you", ListForYou).WithName("getForYou").WithSummary("Articles I may like, most promising first, and why each is there.");
        group.MapGet("/suggestions/people", SuggestPeople).WithName("suggestPeople").WithSummary("Whom I may want to follow.");
        group.MapGet("/suggestions/topics", SuggestTopics).WithName("suggestTopics").WithSummary("What I may want to follow.");

        group.MapGet("/articles/{id:guid}/suggested-topics", SuggestTopicsForArticle).WithName("suggestTopicsForMyArticle").WithSummary("Topics of published stories whose words are like those of one of mine.")
            .ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/turned-down", ListTurnedDown).WithName("listTurnedDown").WithSummary("What I turned down, last first.");
        var turnedDown = group.MapGroup("/turned-down/{kind:regex(^(articles|people|topics)$)}/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        turnedDown.MapPut("", TurnDown).WithName("turnDown").WithSummary("Less like this article, nothing of this author, or nothing of this topic. Again is no error.");
        turnedDown.MapDelete("", UndoTurnDown).WithName("undoTurnDown").WithSummary("Takes it back; what was not turned down is no error.");
    }

    static async Task<Ok<RelatedArticleList>> ListRelated(
        Guid articleId, HttpContext http, DiscoveryClient discovery, Articles.ArticlesClient articles, UsersClient users, TimeProvider time, CancellationToken ct, int? pageSize = null)
    {
        http.AddCacheTags($"article:{articleId}");
        var found = await discovery.ListRelatedAsync(new() { ArticleId = articleId.ToString(), PageSize = Size(pageSize) }, Until(time, ct));
        return TypedResults.Ok(new RelatedArticleList(await RecommendedAsync(http, articles, users, found.Articles, ct)));
    }

    static async Task<Ok<ArticleCardList>> ListTrending(
        HttpContext http, DiscoveryClient discovery, Articles.ArticlesClient articles, UsersClient users, TimeProvider time, CancellationToken ct,
        string? topic = null, string? pageToken = null, int? pageSize = null)
    {
        var found = await discovery.ListTrendingAsync(new() { Topic = topic ?? "", PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, Until(time, ct));
        return TypedResults.Ok(new ArticleCardList(
            await ArticleEndpoints.CardsAsync(http, articles, users, [.. found.Articles.Select(each => each.ArticleId)], ct), found.NextPageToken.OrNull()));
    }

    static async Task<Ok<SuggestedPersonList>> ListPopularPeople(
        HttpContext http, DiscoveryClient discovery, UsersClient users, TimeProvider time, CancellationToken ct, int? pageSize = null)
    {
        var found = await discovery.ListPopularPeopleAsync(new() { PageSize = pageSize ?? 0 }, Until(time, ct));
        return TypedResults.Ok(await PeopleAsync(http, users, found.People, ct));
    }

    static async Task<Ok<SuggestedTopicList>> ListPopularTopics(
        HttpContext http, DiscoveryClient discovery, Articles.ArticlesClient articles, TimeProvider time, CancellationToken ct, int? pageSize = null)
    {
        http.AddCacheTags("list");
        var found = await discovery.ListPopularTopicsAsync(new() { PageSize = pageSize ?? 0 }, Until(time, ct));
        return TypedResults.Ok(await TopicsAsync(articles, found.Topics, ct));
    }

    static async Task<Ok<ForYouPage>> ListForYou(
        HttpContext http, ForYouClient forYou, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await forYou.ListForYouAsync(new() { PageToken = pageToken ?? "", PageSize = Size(pageSize) }, cancellationToken: ct);
        return TypedResults.Ok(new ForYouPage(await RecommendedAsync(http, articles, users, page.Articles, ct), page.NextPageToken.OrNull(), page.Cold));
    }

    static async Task<Ok<SuggestedPersonList>> SuggestPeople(HttpContext http, ForYouClient forYou, UsersClient users, CancellationToken ct, int? pageSize = null) =>
        TypedResults.Ok(await PeopleAsync(http, users, (await forYou.SuggestPeopleAsync(new() { PageSize = pageSize ?? 0 }, cancellationToken: ct)).People, ct));

    static async Task<Ok<SuggestedTopicList>> SuggestTopics(ForYouClient forYou, Articles.ArticlesClient articles, CancellationToken ct, int? pageSize = null) =>
        TypedResults.Ok(await TopicsAsync(articles, (await forYou.SuggestTopicsAsync(new() { PageSize = pageSize ?? 0 }, cancellationToken: ct)).Topics, ct));

    /// <summary>Enough words to know what a story is about.</summary>
    const int MostOfText = 50_000, TopicsForText = 8;

    static async Task<Ok<TopicList>> SuggestTopicsForArticle(Guid id, ForYouClient forYou, Articles.ArticlesClient articles, TimeProvider time, CancellationToken ct)
    {
        var content = (await articles.GetArticleAsync(new() { Id = id.ToString() }, cancellationToken: ct)).Article.Content;
        // An extra: while it cannot be had, topics are chosen without it.
        var suggested = await forYou.SuggestTopicsForTextAsync(new() { Title = content.Title, Markdown = content.Markdown[..Math.Min(content.Markdown.Length, MostOfText)], PageSize = TopicsForText }, Until(time, ct))
            .OrNullAsync(answer => answer.Topics) ?? [];
        var topics = await TopicsBySlugAsync(articles, suggested, ct);
        return TypedResults.Ok(new TopicList([.. suggested.Where(topics.ContainsKey).Select(slug => topics[slug])]));
    }

    static async Task<Ok<TurnedDownList>> ListTurnedDown(
        HttpContext http, ForYouClient forYou, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var found = await forYou.ListTurnDownsAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        IEnumerable<string> Subjects(V1.TurnedDown.Types.Kind kind) => found.TurnedDown.Where(each => each.Kind == kind).Select(each => each.SubjectId);
        var naming = TopicsBySlugAsync(articles, Subjects(V1.TurnedDown.Types.Kind.Topic), ct);
        var knowing = users.AuthorsAsync(http, Subjects(V1.TurnedDown.Types.Kind.Person), ct);
        var cards = (await ArticleEndpoints.CardsAsync(http, articles, users, [.. Subjects(V1.TurnedDown.Types.Kind.Article)], ct)).ToDictionary(card => card.Id);
        var (topics, people) = (await naming, await knowing);
        return TypedResults.Ok(new TurnedDownList([.. found.TurnedDown.Select(Item)], found.NextPageToken.OrNull()));

        TurnedDownItem Item(V1.TurnedDown each)
        {
            var (name, url, by) = each.Kind switch
            {
                V1.TurnedDown.Types.Kind.Article when cards.TryGetValue(each.SubjectId, out var card) => (card.Title, card.Url, card.Author.Name),
                V1.TurnedDown.Types.Kind.Person when people.TryGetValue(each.SubjectId, out var person) => (person.Name, Addresses.Person(person.Handle), null),
                V1.TurnedDown.Types.Kind.Topic when topics.TryGetValue(each.SubjectId, out var topic) => (topic.Name, Addresses.Topic(topic.Slug), null),
                _ => ((string?)null, (string?)null, (string?)null),
            };
            return new((TurnedDownKind)each.Kind, each.SubjectId, name, url, by, each.Kind is V1.TurnedDown.Types.Kind.Person ? people.GetValueOrDefault(each.SubjectId)?.AvatarUrl : null, each.Time.Utc());
        }
    }

    static async Task<NoContent> TurnDown(string kind, string id, ForYouClient forYou, CancellationToken ct)
    {
        await forYou.TurnDownAsync(new() { Kind = KindOf(kind), SubjectId = id }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> UndoTurnDown(string kind, string id, ForYouClient forYou, CancellationToken ct)
    {
        await forYou.UndoTurnDownAsync(new() { Kind = KindOf(kind), SubjectId = id }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static V1.TurnedDown.Types.Kind KindOf(string kind) => kind switch
    {
        "articles" => V1.TurnedDown.Types.Kind.Article,
        "people" => V1.TurnedDown.Types.Kind.Person,
        _ => V1.TurnedDown.Types.Kind.Topic,
    };

    /// <summary>Cards in their order, and the names of what the reasons speak of: two calls, and one more for topics.</summary>
    static async Task<IReadOnlyList<RecommendedArticle>> RecommendedAsync(
        HttpContext http, Articles.ArticlesClient articles, UsersClient users, RepeatedField<V1.RecommendedArticle> recommended, CancellationToken ct)
    {
        if (recommended.Count == 0) return [];
        var reasons = recommended.Select(each => each.Reason).ToArray();
        var naming = TopicsBySlugAsync(articles, reasons.Where(SpeaksOfTopic).Select(reason => reason.SubjectId), ct);
        var read = reasons.Where(reason => reason.Kind is Kind.Read or Kind.ReadersLikeYou).Select(reason => reason.SubjectId);
        var cards = (await ArticleEndpoints.CardsAsync(http, articles, users, [.. recommended.Select(each => each.ArticleId).Concat(read).Distinct()], ct)).ToDictionary(card => card.Id);
        var authors = cards.Values.Select(card => card.Author).DistinctBy(author => author.Id).ToDictionary(author => author.Id);
        var topics = await naming;
        return
        [
            .. from each in recommended
               where cards.ContainsKey(each.ArticleId)
               select new RecommendedArticle(cards[each.ArticleId], ReasonOf(each.Reason, cards, authors, topics)),
        ];
    }

    static async Task<SuggestedPersonList> PeopleAsync(HttpContext http, UsersClient users, IReadOnlyCollection<V1.SuggestedPerson> suggested, CancellationToken ct)
    {
        var mediators = suggested.Select(each => each.Reason).OfType<V1.Reason>().Where(reason => reason.Kind is Kind.FollowedByFollowed).Select(reason => reason.SubjectId);
        var people = await users.AuthorsAsync(http, suggested.Select(each => each.PersonId).Concat(mediators), ct);
        return new([.. from each in suggested where people.ContainsKey(each.PersonId) select new SuggestedPerson(people[each.PersonId], ReasonOf(each.Reason, None, people, NoTopics))]);
    }

    static async Task<SuggestedTopicList> TopicsAsync(Articles.ArticlesClient articles, IReadOnlyCollection<V1.SuggestedTopic> suggested, CancellationToken ct)
    {
        var topics = await TopicsBySlugAsync(articles, suggested.Select(each => each.Topic), ct);
        return new([.. from each in suggested where topics.ContainsKey(each.Topic) select new SuggestedTopic(topics[each.Topic], ReasonOf(each.Reason, None, NoPeople, topics))]);
    }

    static readonly Dictionary<string, ArticleCard> None = [];
    static readonly Dictionary<string, Author> NoPeople = [];
    static readonly Dictionary<string, Topic> NoTopics = [];

    static bool SpeaksOfTopic(V1.Reason reason) => reason.Kind is Kind.FollowedTopic or Kind.ReadTopic or Kind.PopularInTopic or Kind.SameTopic;

    static RecommendationReason ReasonOf(
        V1.Reason? reason, Dictionary<string, ArticleCard> cards, IReadOnlyDictionary<string, Author> people, IReadOnlyDictionary<string, Topic> topics)
    {
        if (reason is null or { Kind: Kind.Unspecified }) return new(ReasonKind.Popular, null, null, null, 0);
        var id = reason.SubjectId;
        var (name, url) = reason switch
        {
            { Kind: Kind.Read or Kind.ReadersLikeYou } when cards.TryGetValue(id, out var card) => (card.Title, card.Url),
            _ when SpeaksOfTopic(reason) && topics.TryGetValue(id, out var topic) => (topic.Name, Addresses.Topic(id)),
            _ when people.TryGetValue(id, out var person) => (person.Name, Addresses.Person(person.Handle)),
            _ => ((string?)null, (string?)null),
        };
        return new((ReasonKind)reason.Kind, id.OrNull(), name, url, reason.Count);
    }

    static async Task<IReadOnlyDictionary<string, Topic>> TopicsBySlugAsync(Articles.ArticlesClient articles, IEnumerable<string> slugs, CancellationToken ct)
    {
        var wanted = slugs.Distinct().ToArray();
        return wanted.Length == 0
            ? NoTopics
            : await articles.BatchGetTopicsAsync(new() { Slugs = { wanted } }, cancellationToken: ct).OrNullAsync(answer => answer.Topics.Select(Topic.From).ToDictionary(topic => topic.Slug)) ?? NoTopics;
    }

    static int Size(int? pageSize) => pageSize is > MostOnAPage ? MostOnAPage : pageSize ?? 0;

    static CallOptions Until(TimeProvider time, CancellationToken ct) => new(deadline: time.GetUtcNow().UtcDateTime + Patience, cancellationToken: ct);
}
