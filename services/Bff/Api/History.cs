using Blog.Content.V1;
using Blog.Interactions.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>A place in an article that is found again after the article was edited.</summary>
/// <param name="Anchor">Fragment id of the last heading before the block; empty: before the first heading.</param>
/// <param name="Block">How many blocks behind that heading, or from the beginning.</param>
/// <param name="Quote">The first characters of the block, at most 80.</param>
/// <param name="Offset">How far into the block, 0 to 1.</param>
/// <param name="Fraction">How far into the text, 0 to 1.</param>
public sealed record ReadingPlace(string Anchor, int Block, string Quote, double Offset, double Fraction)
{
    public static ReadingPlace? From(ReadingPosition? position) =>
        position is null ? null : new(position.Anchor, position.Block, position.Quote, position.Offset, position.Fraction);
}

/// <param name="Place">Left out: the article was opened, nothing more.</param>
/// <param name="ReadAt">When I was there, by my device's clock.</param>
/// <param name="SentAt">Now, by the same clock.</param>
public sealed record ReadingInput(ReadingPlace? Place = null, DateTimeOffset? ReadAt = null, DateTimeOffset? SentAt = null);

/// <param name="Stored">False: the history is paused, or a later reading is known.</param>
public sealed record RecordedReading(bool Stored);

/// <param name="Progress">0 to 1; 0: opened only.</param>
/// <param name="Article">Null: it is not published (any more).</param>
public sealed record HistoryItem(string ArticleId, DateTime VisitedAt, double Progress, DateTime? FinishedAt, ArticleCard? Article);

public sealed record HistoryPage(IReadOnlyList<HistoryItem> Items, string? NextPageToken, bool Paused);

public sealed record HistorySettings(bool Paused);

/// <summary>What I read and how far: my own business.</summary>
static class HistoryEndpoints
{
    public static void MapHistory(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/history").WithTags("History").ProducesProblem(StatusCodes.Status400BadRequest);

        group.MapGet("", List).WithName("listMyHistory").WithSummary("What I read, last first.");
        group.MapPatch("", Pause).WithName("updateMyHistory").WithSummary("Pauses my history or lets it go on; what was kept stays.");
        group.MapDelete("", EraseAll).WithName("eraseMyHistory").WithSummary("Forgets everything I read.");
        group.MapPut("/{articleId}", Record).WithName("recordMyReading").WithSummary("I opened an article or read on; what was read last, by my clock, wins.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapDelete("/{articleId}", Erase).WithName("eraseMyReading").WithSummary("Forgets that I read an article, and how far.");
    }

    static async Task<Ok<HistoryPage>> List(
        HttpContext http, History.HistoryClient history, Articles.ArticlesClient articles, UsersClient users, CancellationToken ct,
        string? pageToken = null, int? pageSize = null)
    {
        var page = await history.ListHistoryAsync(new() { PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var cards = await ListEndpoints.CardsByIdAsync(http, articles, users, page.Entries.Select(entry => entry.ArticleId), ct);
        return TypedResults.Ok(new HistoryPage(
            [.. page.Entries.Select(entry => new HistoryItem(entry.ArticleId, entry.VisitTime.Utc(), entry.Fraction, entry.FinishTime.UtcOrNull(), cards.GetValueOrDefault(entry.ArticleId)))],
            page.NextPageToken.OrNull(), page.Paused));
    }

    static async Task<Ok<RecordedReading>> Record(Guid articleId, ReadingInput input, History.HistoryClient history, CancellationToken ct)
    {
        var answer = await history.RecordReadingAsync(new()
        {
            ArticleId = articleId.ToString(),
            Position = input.Place is { } place ? new() { Anchor = place.Anchor, Block = place.Block, Quote = place.Quote, Offset = place.Offset, Fraction = place.Fraction } : null,
            ReadTime = Time(input.ReadAt),
            SendTime = Time(input.SentAt),
        }, cancellationToken: ct);
        return TypedResults.Ok(new RecordedReading(answer.Stored));
    }

    static async Task<Ok<HistorySettings>> Pause(HistorySettings input, History.HistoryClient history, CancellationToken ct) =>
        TypedResults.Ok(new HistorySettings((await history.UpdateHistorySettingsAsync(new() { Paused = input.Paused }, cancellationToken: ct)).Paused));

    static async Task<NoContent> Erase(Guid articleId, History.HistoryClient history, CancellationToken ct)
    {
        await history.EraseReadingAsync(new() { ArticleId = articleId.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> EraseAll(History.HistoryClient history, CancellationToken ct)
    {
        await history.EraseHistoryAsync(new(), cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static Timestamp? Time(DateTimeOffset? moment) => moment is { } at ? Timestamp.FromDateTimeOffset(at) : null;
}
