using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using RelationsClient = Blog.Users.V1.Relations.RelationsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>
/// What a signed-in reader has to do with one article. Each part is null while the service that knows it is away: the page then shows what
/// everyone sees.
/// </summary>
/// <param name="Claps">Mine, 0 to 50.</param>
/// <param name="Counts">Of everyone, as of now.</param>
/// <param name="Author">Where I stand to its author.</param>
/// <param name="Highlights">What I marked in it.</param>
/// <param name="Reading">On which lists it is, and how far I have read.</param>
public sealed record MyReader(string ArticleId, int? Claps, Counts? Counts, Standing? Author, MyReading? Reading, ReaderHighlights? Highlights);

/// <param name="ListIds">My lists it is on.</param>
/// <param name="Place">Where to continue; null: nowhere, or I have read it to the end.</param>
/// <param name="HistoryPaused">Nothing of what I read is kept.</param>
public sealed record MyReading(IReadOnlyList<string> ListIds, ReadingPlace? Place, DateTime? PlaceAt, DateTime? FinishedAt, bool HistoryPaused)
{
    public static MyReading From(GetReadingResponse reading) => new(
        [.. reading.ListIds], ReadingPlace.From(reading.Position), reading.PositionTime.UtcOrNull(), reading.FinishTime.UtcOrNull(), reading.HistoryPaused);
}

/// <summary>The personal part of an article page, in one request after the page, which is the same for everyone (design.md, rule 9).</summary>
static class ReaderEndpoints
{
    public static void MapReader(this IEndpointRouteBuilder me) =>
        me.MapGet("/reader/{articleId}", Get).WithTags("Reader").WithName("getMyReader").WithSummary("What I have to do with this article: one request for all of it.");

    // A part more is one more call beside these, and one more field.
    static async Task<Ok<MyReader>> Get(
        Guid articleId, HttpContext http, Claps.ClapsClient claps, RelationsClient relations, History.HistoryClient history, Interactions.V1.Highlights.HighlightsClient highlights,
        UsersClient users, CancellationToken ct, Guid? author = null)
    {
        var id = articleId.ToString();
        var mine = claps.GetMyClapsAsync(new() { SubjectIds = { id } }, cancellationToken: ct).OrNullAsync(answer => (int?)answer.Counts.GetValueOrDefault(id));
        var counts = claps.CountsOrNullAsync(id, ct);
        var standing = author is { } authorId ? relations.StandingOrNullAsync(authorId.ToString(), ct) : Task.FromResult<Standing?>(null);
        var reading = history.GetReadingAsync(new() { ArticleId = id }, cancellationToken: ct).OrNullAsync(MyReading.From);
        var marked = highlights.ReaderHighlightsOrNullAsync(id, http, users, ct);
        return TypedResults.Ok(new MyReader(id, await mine, await counts, await standing, await reading, await marked));
    }
}
