using Blog.Content.V1;
using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using GiftsClient = Blog.Interactions.V1.Gifts.GiftsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="Url">Where the link leads; null when the article is not for readers any more.</param>
/// <param name="Opens">How often it was followed.</param>
public sealed record MyGift(string Id, string ArticleId, ArticleCard? Article, string? Url, DateTime CreatedAt, DateTime ExpiresAt, bool Revoked, int Opens)
{
    public static MyGift From(Gift gift, ArticleCard? card) => new(
        gift.Id, gift.ArticleId, card, card is null ? null : $"{card.Url}?gift={gift.Token}", gift.CreateTime.Utc(), gift.ExpireTime.Utc(), gift.Revoked, gift.Opens);
}

/// <param name="Left">How many more I can make this month.</param>
public sealed record NewGift(MyGift Gift, int Left);

public sealed record MyGiftList(IReadOnlyList<MyGift> Items, string? NextPageToken);

public sealed record CreateGiftInput(string ArticleId);

public sealed record OpenGiftInput(string Token);

/// <param name="From">Who gives; null when the link does not open the article (any more).</param>
public sealed record OpenedGift(bool Opens, Author? From, DateTime? ExpiresAt);

/// <summary>Gift links.</summary>
static class GiftEndpoints
{
    public static void MapGifts(this IEndpointRouteBuilder api) =>
        api.MapPost("/articles/{id}/gift", Open).WithTags("Gifts").WithName("openGift").WithSummary("A reader came by a gift link: whether it opens the article, and whose gift it is.");

    public static void MapMyGifts(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/gifts").WithTags("Gifts");
        group.MapGet("", List).WithName("listMyGifts").WithSummary("The gift links I made, newest first.").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("", Create).WithName("createGift").WithSummary("A link that opens an article for whoever has it, for 30 days; while one opens, the same one.")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/{id}", Revoke).WithName("revokeGift").WithSummary("The link opens nothing from now on.").ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<Ok<OpenedGift>> Open(Guid id, OpenGiftInput input, HttpContext http, GiftsClient gifts, UsersClient users, CancellationToken ct)
    {
        var answer = await gifts.CheckGiftAsync(new() { ArticleId = id.ToString(), Token = input.Token, Count = true }, cancellationToken: ct);
        http.Response.Headers.CacheControl = "no-store";
        if (!answer.Opens) return TypedResults.Ok(new OpenedGift(false, null, null));
        var people = await users.AuthorsAsync(http, [answer.PersonId], ct);
        return TypedResults.Ok(new OpenedGift(true, people.GetValueOrDefault(answer.PersonId), answer.ExpireTime.Utc()));
    }

    static async Task<Ok<NewGift>> Create(
        CreateGiftInput input, HttpContext http, GiftsClient gifts, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct)
    {
        var answer = await gifts.CreateGiftAsync(new() { ArticleId = input.ArticleId }, cancellationToken: ct);
        var cards = await ArticleEndpoints.CardsAsync(http, articles, users, [answer.Gift.ArticleId], ct);
        return TypedResults.Ok(new NewGift(MyGift.From(answer.Gift, cards is [var card, ..] ? card : null), answer.Left));
    }

    static async Task<Ok<MyGiftList>> List(
        HttpContext http, GiftsClient gifts, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await gifts.ListMyGiftsAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var cards = (await ArticleEndpoints.CardsAsync(http, articles, users, [.. page.Gifts.Select(g => g.ArticleId).Distinct()], ct)).ToDictionary(card => card.Id);
        return TypedResults.Ok(new MyGiftList([.. page.Gifts.Select(g => MyGift.From(g, cards.GetValueOrDefault(g.ArticleId)))], page.NextPageToken.OrNull()));
    }

    static async Task<NoContent> Revoke(Guid id, GiftsClient gifts, CancellationToken ct)
    {
        await gifts.RevokeGiftAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }
}
