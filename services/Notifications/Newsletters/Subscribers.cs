using Blog.Events.V1;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Newsletters;

/// <summary>What authors see of their newsletter.</summary>
sealed partial class NewslettersService
{
    const int DefaultPage = 100, MaxPage = 1000;

    [Authorize(Policies.Person)]
    public override async Task<GetNewsletterResponse> GetNewsletter(GetNewsletterRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Caller(context), context.CancellationToken);
        var counts = await db.Set<Subscription>().Where(s => s.TargetKind == FollowTarget.Person && s.TargetId == me && s.State != SubscriptionState.Ended)
            .GroupBy(s => s.State).Select(group => new { State = group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.State, group => group.Count, cancel);
        var answer = new GetNewsletterResponse
        {
            SubscriberCount = counts.GetValueOrDefault(SubscriptionState.Active),
            PendingCount = counts.GetValueOrDefault(SubscriptionState.Pending),
        };
        var last = await db.Set<Issue>().AsNoTracking().Where(i => i.TargetKind == FollowTarget.Person && i.TargetId == me && (i.State == IssueState.Sending || i.State == IssueState.Done))
            .OrderByDescending(i => i.CreateTime).FirstOrDefaultAsync(cancel);
        if (last is null) return answer;
        var outcome = await db.Set<IssueDelivery>().Where(d => d.ArticleId == last.ArticleId).GroupBy(d => d.State)
            .Select(group => new { State = group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.State, group => group.Count, cancel);
        answer.LastIssue = new()
        {
            ArticleId = last.ArticleId.ToString(),
            Title = last.Subject,
            CreateTime = Timestamp.FromDateTimeOffset(last.CreateTime),
            Done = last.State is IssueState.Done,
            SentCount = outcome.GetValueOrDefault(IssueDeliveryState.Sent),
            RefusedCount = outcome.GetValueOrDefault(IssueDeliveryState.Refused),
        };
        return answer;
    }

    [Authorize(Policies.Person)]
    public override async Task<ListSubscribersResponse> ListSubscribers(ListSubscribersRequest request, ServerCallContext context)
    {
        var me = Caller(context);
        var size = request.PageSize switch
        {
            < 0 => throw RpcErrors.InvalidArgument(("page_size", $"A page has 1 to {MaxPage} entries.")),
            0 => DefaultPage,
            var asked => Math.Min(asked, MaxPage),
        };
        var from = PageToken.Read(request.PageToken);
        var rows = db.Set<Subscription>().AsNoTracking().Where(s => s.TargetKind == FollowTarget.Person && s.TargetId == me && s.State == SubscriptionState.Active);
        if (from is var (afterTime, afterId)) rows = rows.Where(s => s.ConfirmTime > afterTime || (s.ConfirmTime == afterTime && s.Id > afterId));
        var page = await rows.OrderBy(s => s.ConfirmTime).ThenBy(s => s.Id).Take(size + 1).ToListAsync(context.CancellationToken);
        var answer = new ListSubscribersResponse
        {
            Subscribers = { page.Take(size).Select(s => new Subscriber { Email = s.Address, ConfirmTime = Timestamp.FromDateTimeOffset(s.ConfirmTime!.Value) }) },
        };
        if (page.Count > size) answer.NextPageToken = new PageToken(page[size - 1].ConfirmTime!.Value, page[size - 1].Id).ToString();
        return answer;
    }
}
