using Blog.Bff.Cache;
using Blog.Interactions.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="Claps">Of everyone.</param>
/// <param name="Clappers">How many people clapped.</param>
/// <param name="Responses">That readers see, answers to responses included.</param>
/// <param name="Locked">The author takes no more responses.</param>
public sealed record Counts(long Claps, long Clappers, long Responses, bool Locked)
{
    public static Counts From(Interactions.V1.Counts counts) => new(counts.Claps, counts.People, counts.Responses, counts.Locked);
}

public sealed record Clapper(Author Person, int Claps, DateTime At);

public sealed record ClapperList(IReadOnlyList<Clapper> Items, string? NextPageToken, long Claps, long Clappers);

/// <param name="Claps">0 to 50; 0 takes them back.</param>
public sealed record ClapsInput(int Claps);

/// <param name="Claps">Mine.</param>
/// <param name="Total">Of everyone.</param>
public sealed record MyClaps(int Claps, long Total);

/// <summary>Applause for articles and responses.</summary>
static class ClapEndpoints
{
    public static void MapClaps(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Claps");
        group.MapGet("/articles/{id}/counts", GetCounts).WithName("getCounts").WithSummary("How often an article was clapped for and answered, as of now.");
        group.MapGet("/claps/{subjectId}", List).WithName("listClappers").WithSummary("Who clapped for an article or response, the latest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    public static void MapMyClaps(this IEndpointRouteBuilder me) =>
        me.MapPut("/claps/{subjectId}", Set).WithTags("Claps").WithName("setMyClaps")
            .WithSummary("How often I clap for an article or response, from now on; the same again changes nothing.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    /// <summary>Counts for a page that can do without them.</summary>
    public static Task<Counts?> CountsOrNullAsync(this Claps.ClapsClient claps, string articleId, CancellationToken ct) =>
        claps.BatchGetCountsAsync(new() { ArticleIds = { articleId } }, cancellationToken: ct).OrNullAsync(answer => answer.Counts.Select(Counts.From).FirstOrDefault());

    static async Task<Ok<Counts>> GetCounts(Guid id, HttpContext http, Claps.ClapsClient claps, CancellationToken ct)
    {
        http.AddCacheTags($"counts:{id}", $"article:{id}");
        var answer = await claps.BatchGetCountsAsync(new() { ArticleIds = { id.ToString() } }, cancellationToken: ct);
        // An article that was published a moment ago is not known there yet: nobody has clapped for it.
        return TypedResults.Ok(answer.Counts is [var counts] ? Counts.From(counts) : new Counts(0, 0, 0, Locked: false));
    }

    static async Task<Ok<ClapperList>> List(
        Guid subjectId, HttpContext http, Claps.ClapsClient claps, UsersClient users, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        http.AddCacheTags($"counts:{subjectId}");
        var page = await claps.ListClappersAsync(new() { SubjectId = subjectId.ToString(), PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var people = await users.AuthorsAsync(http, page.Clappers.Select(c => c.PersonId), ct);
        return TypedResults.Ok(new ClapperList(
            [.. page.Clappers.Where(c => people.ContainsKey(c.PersonId)).Select(c => new Clapper(people[c.PersonId], c.Count, c.Time.Utc()))],
            page.NextPageToken.OrNull(), page.TotalClaps, page.TotalPeople));
    }

    static async Task<Ok<MyClaps>> Set(Guid subjectId, ClapsInput input, Claps.ClapsClient claps, PageCache cache, CancellationToken ct)
    {
        var answer = await claps.SetClapsAsync(new() { SubjectId = subjectId.ToString(), Claps = input.Claps }, cancellationToken: ct);
        cache.CountsChanged(subjectId.ToString());
        return TypedResults.Ok(new MyClaps(answer.Claps, answer.Total));
    }
}
