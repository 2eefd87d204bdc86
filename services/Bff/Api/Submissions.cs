using Blog.Bff.Cache;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using PublicationsClient = Blog.Content.V1.Publications.PublicationsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;
using V1 = Blog.Content.V1;

namespace Blog.Bff.Api;

/// <param name="By">Who submitted it.</param>
/// <param name="Note">To the editors.</param>
/// <param name="Feedback">Their answer.</param>
/// <param name="AnsweredBy">Null while it waits, and when it was withdrawn.</param>
public sealed record SubmissionItem(
    string Id, PublicationName Publication, string ArticleId, string Title, int WordCount, Author By, SubmissionState State, string Note, string Feedback, Author? AnsweredBy,
    DateTime SubmittedAt, DateTime? AnsweredAt)
{
    public static SubmissionItem From(Submission submission, PublicationName publication, Author by, Author? answeredBy) => new(
        submission.Id, publication, submission.ArticleId, submission.Title, submission.WordCount, by, (SubmissionState)submission.State, submission.Note, submission.Feedback, answeredBy,
        submission.SubmitTime.Utc(), submission.AnswerTime.UtcOrNull());
}

public sealed record SubmissionList(IReadOnlyList<SubmissionItem> Items);

/// <param name="CanAnswer">It waits for an answer, and I may give it.</param>
/// <param name="Html">Of the story as it is now; sanitised.</param>
/// <param name="Revision">Of that text; an answer names it.</param>
/// <param name="Published">Readers have the story already.</param>
public sealed record SubmissionPage(SubmissionItem Submission, bool CanAnswer, string Description, string Html, long Revision, bool Published);

public sealed record SubmitInput(Guid PublicationId, string Note = "");

public sealed record AnswerInput(SubmissionVerdict Verdict, long Revision, string Feedback = "");

/// <summary>Offering a story to a publication, and answering what is offered.</summary>
static class SubmissionEndpoints
{
    public static void MapSubmissions(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/submissions").WithTags("My publications");
        group.MapGet("", List).WithName("listMySubmissions").WithSummary("What I submitted, newest first.");
        var one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", Get).WithName("getSubmission").WithSummary("One submission with the text as it is now: for its authors, and for editors while it waits.");
        one.MapDelete("", Withdraw).WithName("withdrawSubmission").WithSummary("Takes it back while it waits.");
        one.MapPost("/answer", Answer).WithName("answerSubmission").WithSummary("An editor's answer. 409 CHANGED: the author changed the text meanwhile.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        var article = me.MapGroup("/articles/{id}").WithTags("My publications").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        article.MapPost("/submissions", Submit).WithName("submitArticle").WithSummary("Offers a story of mine to a publication; again while it waits is the same submission.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        article.MapDelete("/publication", TakeOut).WithName("takeOutArticle").WithSummary("Takes a story out of its publication. It stays at its address.");
    }

    static async Task<Ok<SubmissionList>> List(HttpContext http, PublicationsClient publications, UsersClient users, CancellationToken ct)
    {
        var answer = await publications.ListSubmissionsAsync(new(), cancellationToken: ct);
        return TypedResults.Ok(new SubmissionList(await ItemsAsync(http, users, answer.Submissions, ct)));
    }

    static async Task<Ok<SubmissionPage>> Get(Guid id, HttpContext http, PublicationsClient publications, UsersClient users, CancellationToken ct)
    {
        var answer = await publications.GetSubmissionAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        var items = await ItemsAsync(http, users, [answer.Submission], ct);
        return TypedResults.Ok(new SubmissionPage(items[0], answer.CanAnswer, answer.Description, answer.Html, answer.ArticleRevision, answer.Published));
    }

    static async Task<Ok<SubmissionItem>> Submit(Guid id, SubmitInput input, HttpContext http, PublicationsClient publications, UsersClient users, CancellationToken ct)
    {
        var answer = await publications.SubmitArticleAsync(new() { ArticleId = id.ToString(), PublicationId = input.PublicationId.ToString(), Note = input.Note }, cancellationToken: ct);
        return TypedResults.Ok((await ItemsAsync(http, users, [answer.Submission], ct))[0]);
    }

    static async Task<NoContent> Withdraw(Guid id, PublicationsClient publications, CancellationToken ct)
    {
        await publications.WithdrawSubmissionAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<Ok<SubmissionItem>> Answer(Guid id, AnswerInput input, HttpContext http, PublicationsClient publications, UsersClient users, PageCache cache, CancellationToken ct)
    {
        var answered = (await publications.AnswerSubmissionAsync(new()
        {
            Id = id.ToString(), Verdict = (V1.AnswerSubmissionRequest.Types.Verdict)input.Verdict, Feedback = input.Feedback, ArticleRevision = input.Revision,
        }, cancellationToken: ct)).Submission;
        if (input.Verdict != SubmissionVerdict.SendBack)
        {
            cache.ArticleChanged(answered.ArticleId, [answered.AuthorId], []);
            cache.PublicationChanged(answered.PublicationId, []);
        }
        return TypedResults.Ok((await ItemsAsync(http, users, [answered], ct))[0]);
    }

    static async Task<NoContent> TakeOut(Guid id, PublicationsClient publications, PageCache cache, CancellationToken ct)
    {
        await publications.TakeOutArticleAsync(new() { ArticleId = id.ToString() }, cancellationToken: ct);
        cache.ArticleChanged(id.ToString(), [], []);
        return TypedResults.NoContent();
    }

    static async Task<IReadOnlyList<SubmissionItem>> ItemsAsync(HttpContext http, UsersClient users, IReadOnlyCollection<Submission> submissions, CancellationToken ct)
    {
        var people = await users.AuthorsAsync(http, submissions.SelectMany(s => (string[])[s.AuthorId, s.AnsweredBy]), ct);
        var names = await PublicationEndpoints.NamesAsync(http, submissions.Select(s => s.PublicationId), ct);
        return
        [
            .. submissions.Where(s => people.ContainsKey(s.AuthorId) && names.ContainsKey(s.PublicationId))
                .Select(s => SubmissionItem.From(s, names[s.PublicationId], people[s.AuthorId], people.GetValueOrDefault(s.AnsweredBy))),
        ];
    }
}
