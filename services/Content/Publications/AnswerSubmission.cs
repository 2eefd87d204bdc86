using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Content.Revisions;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Content.V1.AnswerSubmissionRequest.Types;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    const int MaxFeedback = 5_000;

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetSubmissionResponse> GetSubmission(V1.GetSubmissionRequest request, ServerCallContext context)
    {
        var (me, id, cancel) = (Me(context), Id(request.Id), context.CancellationToken);
        var submission = await db.Submissions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancel) ?? throw NoSuchSubmission();
        var article = await db.Articles.AsNoTracking().SingleOrDefaultAsync(a => a.Id == submission.ArticleId, cancel) ?? throw NoSuchSubmission();
        var isEditor = await RoleAsync(submission.PublicationId, me, cancel) <= PublicationRole.Editor;
        // Once it was answered, what the author goes on writing is theirs alone again.
        if (!article.IsBy(me) && !(isEditor && submission.State == SubmissionState.Waiting))
            throw NoSuchSubmission();
        return new V1.GetSubmissionResponse
        {
            Submission = submission.ToMessage(article.Content.Title, article.WordCount),
            CanAnswer = isEditor && submission.State == SubmissionState.Waiting,
            Description = article.Content.Description,
            Html = (await rendering.RenderAsync(article.Content.Markdown, cancel)).Html,
            ArticleRevision = article.Revision,
            Published = article.Status == ArticleStatus.Published,
        };
    }

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.AnswerSubmissionResponse> AnswerSubmission(V1.AnswerSubmissionRequest request, ServerCallContext context)
    {
        var (me, feedback, cancel) = (Me(context), request.Feedback.Trim(), context.CancellationToken);
        if (feedback.Length > MaxFeedback)
            throw RpcErrors.InvalidArgument(("feedback", $"Feedback has at most {MaxFeedback} characters."));
        if (request.Verdict == Verdict.SendBack && feedback.Length == 0)
            throw RpcErrors.InvalidArgument(("feedback", "Say what should change, so that the author can go on."));
        if (request.Verdict is not (Verdict.Accept or Verdict.Publish or Verdict.SendBack))
            throw RpcErrors.InvalidArgument(("verdict", "Accept it, publish it, or send it back."));
        return db.InTransactionAsync(async () =>
        {
            var (submission, article) = await FindAsync(request.Id, cancel);
            if (await RoleAsync(submission.PublicationId, me, cancel) is not <= PublicationRole.Editor)
                throw NoSuchSubmission();
            if (submission.State != SubmissionState.Waiting)
                throw RpcErrors.Create(StatusCode.Aborted, "This submission is answered already.", "LOST_RACE");
            if (request.Verdict != Verdict.SendBack)
            {
                if (article.Revision != request.ArticleRevision)
                    throw RpcErrors.Create(StatusCode.Aborted, "The author changed the story since you opened it. Look at it again.", "CHANGED");
                if (request.Verdict == Verdict.Publish && article.IsDraft)
                {
                    article.Put(submission.PublicationId, articles.Now());
                    await articles.PublishAsync(article, null, cancel);
                    await revisions.KeepAsync(article, RevisionReason.Published, me, articles.Now(), cancel);
                    articles.PublishDraftChange(article);
                }
                else
                    await articles.PutAsync(article, submission.PublicationId, cancel);
            }
            submission.Answer(request.Verdict == Verdict.SendBack ? SubmissionState.SentBack : SubmissionState.Accepted, me, feedback, articles.Now());
            await TellAsync(submission, article.Content.Title, cancel);
            return new V1.AnswerSubmissionResponse { Submission = submission.ToMessage(article.Content.Title, article.WordCount) };
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.TakeOutArticleResponse> TakeOutArticle(V1.TakeOutArticleRequest request, ServerCallContext context)
    {
        var (me, id, cancel) = (Me(context), Id(request.ArticleId), context.CancellationToken);
        return db.InTransactionAsync(async () =>
        {
            await db.LockArticleAsync(id, cancel);
            var article = await db.Articles.SingleOrDefaultAsync(a => a.Id == id, cancel);
            if (article is null || !article.IsBy(me) && (article.PublicationId is not { } publication || await RoleAsync(publication, me, cancel) is not <= PublicationRole.Editor))
                throw RpcErrors.NotFound("There is no such story in a publication of yours.");
            await articles.PutAsync(article, null, cancel);
            return new V1.TakeOutArticleResponse();
        }, cancel);
    }
}
