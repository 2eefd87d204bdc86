using Blog.Content.Revisions;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    static readonly TimeSpan FurthestSchedule = TimeSpan.FromDays(730);

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.ScheduleArticleResponse> ScheduleArticle(V1.ScheduleArticleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, async (person, cancel) =>
        {
            var now = Now();
            var at = Chosen(request.ScheduleTime, now);
            var article = await MineAsync(person, request.Id, cancel);
            MustBeCurrent(article, request.ExpectedRevision);
            if (article.Status == ArticleStatus.Published)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "Readers have this story already. Publish its changes when they are ready.", "PUBLISHED");
            await RenderedAsync(article, cancel);
            if (article.Schedule(at, person, now))
                PublishDraftChange(article);
            return new V1.ScheduleArticleResponse { Article = ToMessage(article) };
        });

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.CancelScheduleResponse> CancelSchedule(V1.CancelScheduleRequest request, ServerCallContext context) =>
        OnceAsync(request, context, async (person, cancel) =>
        {
            var article = await MineAsync(person, request.Id, cancel);
            MustBeCurrent(article, request.ExpectedRevision);
            if (article.Schedule(null, person, Now()))
                PublishDraftChange(article);
            return new V1.CancelScheduleResponse { Article = ToMessage(article) };
        });

    static DateTimeOffset Chosen(Timestamp? sent, DateTimeOffset now)
    {
        if (sent is null || sent.Seconds < now.ToUnixTimeSeconds())
            throw RpcErrors.InvalidArgument(("schedule_time", "Choose a time that is still to come."));
        return sent.Seconds <= (now + FurthestSchedule).ToUnixTimeSeconds()
            ? ToMicroseconds(sent.ToDateTimeOffset())
            : throw RpcErrors.InvalidArgument(("schedule_time", "Choose a time within the next two years."));
    }

    /// <summary>Adds to the change being made: the article's time has come. It is published, or stays what it is and its authors are told why.</summary>
    internal async Task PublishOnScheduleAsync(Article article, CancellationToken cancel)
    {
        var person = article.ScheduledBy is { } chose && article.IsBy(chose) ? chose : article.AuthorId;
        try
        {
            await PublishAsync(article, null, cancel);
            await revisions.KeepAsync(article, RevisionReason.Published, person, Now(), cancel);
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted)
        {
            article.MissSchedule(refused.Status.Detail, Now());
            db.Publish(ServiceDefaults.Events.Topics.Schedules, article.Id,
                new ScheduleMissed { ArticleId = article.Id.ToString(), AuthorIds = { article.AuthorIds.Select(id => id.ToString()) }, Title = article.Content.Title, Problem = refused.Status.Detail }, time);
        }
        PublishDraftChange(article);
    }
}
