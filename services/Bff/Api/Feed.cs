using System.Text.Json.Serialization;
using Blog.Content.V1;
using Blog.Feed.V1;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<FeedReasonKind>))]
public enum FeedReasonKind
{
    [JsonStringEnumMemberName("person")] Person,
    [JsonStringEnumMemberName("publication")] Publication,
    [JsonStringEnumMemberName("topic")] Topic,
}

/// <summary>Why an article is in the feed: I follow this.</summary>
/// <param name="Id">Of the person or publication; a topic's slug.</param>
/// <param name="Name">As shown; null where it is not known.</param>
public sealed record FeedReason(FeedReasonKind Kind, string Id, string? Name);

/// <param name="Reasons">At least one: people, publications, topics.</param>
public sealed record FeedItem(ArticleCard Article, IReadOnlyList<FeedReason> Reasons);

/// <param name="NewsToken">The position above this page, for <c>/me/feed/news</c>.</param>
/// <param name="FollowsNothing">I follow nobody and nothing yet.</param>
public sealed record FeedPage(IReadOnlyList<FeedItem> Items, string? NextPageToken, string NewsToken, bool FollowsNothing);

/// <param name="Count">At most 50.</param>
public sealed record FeedNews(int Count);

/// <summary>My home feed: three calls for a page, however much is followed.</summary>
static class FeedEndpoints
{
    public static void MapFeed(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/feed").WithTags("Feed").ProducesProblem(StatusCodes.Status400BadRequest);

        group.MapGet("", Get).WithName("getMyFeed").WithSummary("Articles of the people, publications and topics I follow, newest first, and why each is there.");
        group.MapGet("/news", News).WithName("getMyFeedNews").WithSummary("How many articles came since a page was read.");
    }

    static async Task<Ok<FeedPage>> Get(
        HttpContext http, HomeFeed.HomeFeedClient feed, Articles.ArticlesClient articles, Users.V1.Users.UsersClient users, CancellationToken ct,
        string? pageToken = null, int? pageSize = null)
    {
        var page = await feed.ListFeedAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var entries = page.Entries.ToDictionary(entry => entry.ArticleId);
        var cards = await ArticleEndpoints.CardsAsync(http, articles, users, [.. page.Entries.Select(entry => entry.ArticleId)], ct);
        return TypedResults.Ok(new FeedPage(
            [.. cards.Select(card => new FeedItem(card, [.. entries[card.Id].Reasons.Select(reason => From(reason, card))]))],
            page.NextPageToken.OrNull(), page.NewsToken, page.FollowsNothing));
    }

    static async Task<Ok<FeedNews>> News(HomeFeed.HomeFeedClient feed, CancellationToken ct, string since = "") =>
        TypedResults.Ok(new FeedNews((await feed.GetFeedNewsAsync(new() { Since = since }, cancellationToken: ct)).Count));

    /// <summary>The names are on the card already.</summary>
    static FeedReason From(Feed.V1.FeedReason reason, ArticleCard card) => reason.Kind switch
    {
        Feed.V1.FeedReason.Types.Kind.Person => new(FeedReasonKind.Person, reason.Id, card.CoAuthors.Prepend(card.Author).FirstOrDefault(author => author.Id == reason.Id)?.Name ?? card.Author.Name),
        Feed.V1.FeedReason.Types.Kind.Topic => new(FeedReasonKind.Topic, reason.Id, card.Topics.FirstOrDefault(topic => topic.Slug == reason.Id)?.Name),
        _ => new(FeedReasonKind.Publication, reason.Id, card.Publication?.Name),
    };
}
