using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    const int MaxNote = 2_000, MostListed = 100;

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.SubmitArticleResponse> SubmitArticle(V1.SubmitArticleRequest request, ServerCallContext context)
    {
        var (me, id, cancel) = (Me(context), Id(request.PublicationId), context.CancellationToken);
        if (request.Note.Length > MaxNote)
            throw RpcErrors.InvalidArgument(("note", $"A note has at most {MaxNote} characters."));
        return db.InTransactionAsync(async () =>
        {
            await db.LockArticleAsync(Id(request.ArticleId), cancel);
            var article = await articles.MineAsync(me, request.ArticleId, cancel);
            await PublicationAsync(id, cancel);
            await MustBeAsync(PublicationRole.Writer, id, me, cancel);
            if (article.PublicationId is not null)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "This story is in a publication already. Take it out first.", "IN_PUBLICATION");
            if (article.Missing().Count > 0)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "Give the story a title and a text first.", "EMPTY");
            var submission = await db.Submissions.SingleOrDefaultAsync(s => s.ArticleId == article.Id && s.State == SubmissionState.Waiting, cancel);
            if (submission is not null && submission.PublicationId != id)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "This story waits for the answer of another publication. Withdraw it there first.", "IN_PUBLICATION");
            if (submission is null)
            {
                submission = new Submission
                {
                    Id = Guid.CreateVersion7(), PublicationId = id, ArticleId = article.Id, AuthorId = me, State = SubmissionState.Waiting, Note = request.Note.Trim(), SubmitTime = articles.Now(),
                };
                db.Add(submission);
                await TellAsync(submission, article.Content.Title, cancel);
            }
            return new V1.SubmitArticleResponse { Submission = submission.ToMessage(article.Content.Title, article.WordCount) };
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.WithdrawSubmissionResponse> WithdrawSubmission(V1.WithdrawSubmissionRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        return db.InTransactionAsync(async () =>
        {
            var (submission, article) = await FindAsync(request.Id, cancel);
            if (!article.IsBy(me) || submission.State != SubmissionState.Waiting)
                throw NoSuchSubmission();
            submission.Answer(SubmissionState.Withdrawn, me, "", articles.Now());
            await TellAsync(submission, article.Content.Title, cancel);
            return new V1.WithdrawSubmissionResponse();
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListSubmissionsResponse> ListSubmissions(V1.ListSubmissionsRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var submissions = db.Submissions.AsNoTracking().Where(s => s.AuthorId == me).OrderByDescending(s => s.SubmitTime);
        if (request.PublicationId.Length > 0)
        {
            var id = Id(request.PublicationId);
            await MustBeAsync(PublicationRole.Editor, id, me, cancel);
            submissions = db.Submissions.AsNoTracking().Where(s => s.PublicationId == id && s.State == SubmissionState.Waiting).OrderBy(s => s.SubmitTime);
        }
        var rows = await submissions.Take(MostListed)
            .Join(db.Articles, s => s.ArticleId, a => a.Id, (submission, article) => new { Submission = submission, article.Content.Title, article.WordCount }).ToListAsync(cancel);
        return new V1.ListSubmissionsResponse { Submissions = { rows.OrderBy(r => request.PublicationId.Length > 0 ? r.Submission.SubmitTime.Ticks : -r.Submission.SubmitTime.Ticks).Select(r => r.Submission.ToMessage(r.Title, r.WordCount)) } };
    }

    async Task<(Submission Submission, Article Article)> FindAsync(string id, CancellationToken cancel)
    {
        var wanted = Id(id);
        if (await db.Submissions.SingleOrDefaultAsync(s => s.Id == wanted, cancel) is not { } submission)
            throw NoSuchSubmission();
        await db.LockArticleAsync(submission.ArticleId, cancel);
        return (submission, await db.Articles.SingleOrDefaultAsync(a => a.Id == submission.ArticleId, cancel) ?? throw NoSuchSubmission());
    }

    static RpcException NoSuchSubmission() => RpcErrors.NotFound("There is no such submission.");
}
