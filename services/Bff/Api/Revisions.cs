using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RevisionsClient = Blog.Content.V1.Revisions.RevisionsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;
using V1 = Blog.Content.V1;

namespace Blog.Bff.Api;

/// <summary>Why a version was kept. <c>working</c>: it is the working copy, which was not kept yet.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RevisionReason>))]
public enum RevisionReason
{
    [JsonStringEnumMemberName("working")] Working,
    [JsonStringEnumMemberName("published")] Published,
    [JsonStringEnumMemberName("unpublished")] Unpublished,
    [JsonStringEnumMemberName("saved")] Saved,
    [JsonStringEnumMemberName("restored")] Restored,
    [JsonStringEnumMemberName("imported")] Imported,
    [JsonStringEnumMemberName("authorChanged")] AuthorChanged,
    [JsonStringEnumMemberName("paused")] Paused,
    [JsonStringEnumMemberName("interval")] Interval,
    [JsonStringEnumMemberName("replaced")] Replaced,
}

/// <summary>A version of an article.</summary>
/// <param name="Number">Grows with time; not every number was kept.</param>
/// <param name="Name">Empty: none.</param>
/// <param name="Person">Who made its last change; null: not known any more.</param>
/// <param name="RestoredNumber">The version that was restored.</param>
/// <param name="Current">It is the working copy.</param>
/// <param name="Live">It is what readers have.</param>
public sealed record ArticleRevision(
    long Number, RevisionReason Reason, string Name, Author? Person, DateTime CreatedAt, string Title, int WordCount, long? RestoredNumber, bool Current, bool Live)
{
    public static ArticleRevision From(V1.Revision revision, IReadOnlyDictionary<string, Author> people) => new(
        revision.Number, (RevisionReason)revision.Reason, revision.Name, people.GetValueOrDefault(revision.PersonId), revision.CreateTime.Utc(), revision.Title,
        revision.WordCount, revision.RestoredNumber == 0 ? null : revision.RestoredNumber, revision.Current, revision.Live);
}

public sealed record ArticleRevisionList(IReadOnlyList<ArticleRevision> Items, string? NextPageToken);

public sealed record ArticleRevisionText(ArticleRevision Revision, ArticleContent Content);

/// <param name="Revision">Of the article, as seen.</param>
/// <param name="Name">Up to 100 characters; empty: none.</param>
public sealed record SaveRevisionInput(long Revision, string Name = "");

public sealed record RevisionNameInput(string Name);

/// <param name="Revision">The working copy now.</param>
/// <param name="ReplacedNumber">What it was before: restoring that undoes this.</param>
public sealed record RestoredRevision(ArticleRevision Revision, long ReplacedNumber);

/// <summary>The versions of an article, for those who may edit it.</summary>
static class RevisionEndpoints
{
    public static void MapRevisions(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/articles/{id}/revisions").WithTags("Versions").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        var conflict = new ProducesResponseTypeMetadata(StatusCodes.Status409Conflict, typeof(ArticleConflict), [ProblemJson.ContentType]);

        group.MapGet("", List).WithName("listRevisions").WithSummary("Versions of an article without their text, newest first; the working copy is the first.");
        group.MapPost("", Save).WithName("saveRevision").WithSummary("Keeps the working copy as a version that stays.").WithMetadata(conflict);
        group.MapGet("/{number}", Get).WithName("getRevision").WithSummary("One version with its text.");
        group.MapPut("/{number}/name", Name).WithName("nameRevision").WithSummary("Names a version, by which it stays; an empty name takes it away.").WithMetadata(conflict);
        group.MapPost("/{number}/restore", Restore).WithName("restoreRevision")
            .WithSummary("Makes a version the working copy again. What it replaces is kept; readers see nothing of it before it is published.").WithMetadata(conflict);
    }

    static async Task<Ok<ArticleRevisionList>> List(
        Guid id, HttpContext http, RevisionsClient revisions, UsersClient users, CancellationToken ct, string? pageToken = null, int? pageSize = null)
    {
        var page = await revisions.ListRevisionsAsync(new() { ArticleId = id.ToString(), PageToken = pageToken ?? "", PageSize = pageSize ?? 0 }, cancellationToken: ct);
        var people = await users.AuthorsAsync(http, page.Revisions.Select(r => r.PersonId), ct);
        return TypedResults.Ok(new ArticleRevisionList([.. page.Revisions.Select(r => ArticleRevision.From(r, people))], page.NextPageToken.OrNull()));
    }

    static async Task<Ok<ArticleRevisionText>> Get(Guid id, long number, HttpContext http, RevisionsClient revisions, UsersClient users, CancellationToken ct)
    {
        var answer = await revisions.GetRevisionAsync(new() { ArticleId = id.ToString(), Number = number }, cancellationToken: ct);
        return TypedResults.Ok(new ArticleRevisionText(await ToldAsync(answer.Revision, http, users, ct), ArticleContent.From(answer.Content)));
    }

    static async Task<Ok<ArticleRevision>> Save(Guid id, SaveRevisionInput input, HttpContext http, RevisionsClient revisions, UsersClient users, CancellationToken ct)
    {
        var answer = await revisions.SaveRevisionAsync(new() { ArticleId = id.ToString(), ExpectedRevision = input.Revision, Name = input.Name }, cancellationToken: ct);
        return TypedResults.Ok(await ToldAsync(answer.Revision, http, users, ct));
    }

    static async Task<Ok<ArticleRevision>> Name(Guid id, long number, RevisionNameInput input, HttpContext http, RevisionsClient revisions, UsersClient users, CancellationToken ct)
    {
        var answer = await revisions.NameRevisionAsync(new() { ArticleId = id.ToString(), Number = number, Name = input.Name }, cancellationToken: ct);
        return TypedResults.Ok(await ToldAsync(answer.Revision, http, users, ct));
    }

    static async Task<Ok<RestoredRevision>> Restore(Guid id, long number, RevisionInput input, HttpContext http, RevisionsClient revisions, UsersClient users, CancellationToken ct)
    {
        var answer = await revisions.RestoreRevisionAsync(new() { ArticleId = id.ToString(), Number = number, ExpectedRevision = input.Revision }, cancellationToken: ct);
        return TypedResults.Ok(new RestoredRevision(await ToldAsync(answer.Revision, http, users, ct), answer.ReplacedNumber));
    }

    static async Task<ArticleRevision> ToldAsync(V1.Revision revision, HttpContext http, UsersClient users, CancellationToken ct) =>
        ArticleRevision.From(revision, await users.AuthorsAsync(http, [revision.PersonId], ct));
}
