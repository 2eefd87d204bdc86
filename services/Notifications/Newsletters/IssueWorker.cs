using System.Diagnostics.Metrics;
using Blog.Content.V1;
using Blog.Notifications.Data;
using Blog.Notifications.Mail;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Mail;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Notifications.Newsletters;

/// <summary>
/// Brings issues to their recipients, in steps each of which is one transaction: write the mail, list the recipients a chunk at a time, claim some of them, send, record each
/// outcome as soon as it is known. Any number of instances work side by side; one that dies leaves claims that run out, and another goes on. What it had sent without recording
/// (one message per connection at most) is sent again under the same Message-ID (docs/decisions/0011).
/// </summary>
sealed partial class IssueWorker(IServiceScopeFactory scopes, IMailSender sender, MailTokens tokens, MailLinks links, TimeProvider time, ILogger<IssueWorker> log) : BackgroundService
{
    const int ListAtOnce = 5_000, ClaimAtOnce = 64, Connections = 8, MaxAttempts = 12;

    /// <summary>Longer than a message may take (<see cref="SmtpMailSender.Patience"/>), with room for those of a claim that wait for a connection.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    static readonly TimeSpan Look = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(15), Tidy = TimeSpan.FromHours(1);

    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Delivered = Meter.CreateCounter<long>("blog.newsletter.deliveries", "{message}", "Newsletter messages by outcome.");

    DateTimeOffset tidied;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                while (await StepAsync(stoppingToken))
                {
                }
                await TidyAsync(stoppingToken);
                await Task.Delay(Look, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                LogWaits(problem);
                await Task.Delay(Look, time, stoppingToken);
            }
    }

    /// <summary>One step of one issue, and a round of sending; false when there is nothing to do now.</summary>
    async Task<bool> StepAsync(CancellationToken cancel) => await AdvanceAsync(cancel) | await SendRoundAsync(cancel);

    async Task<bool> AdvanceAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var now = time.GetUtcNow();
            var due = await db.Set<Issue>().FromSql($"select * from newsletter_issues where state in (1, 2, 3) and due_time <= {now} order by due_time limit 1 for update skip locked").ToListAsync(cancel);
            if (due is not [var issue]) return false;
            switch (issue.State)
            {
                case IssueState.ToBeWritten: await WriteAsync(issue, scope.ServiceProvider, now, cancel); break;
                case IssueState.Listing: await ListAsync(issue, db, now, cancel); break;
                default:
                    // Somebody looks after it until the last one is through.
                    if (await db.Set<IssueDelivery>().AnyAsync(d => d.ArticleId == issue.ArticleId && (d.State == IssueDeliveryState.Waiting || d.State == IssueDeliveryState.Sending), cancel)) issue.DueTime = now + Look;
                    else issue.State = IssueState.Done;
                    break;
            }
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        });
    }

    async Task WriteAsync(Issue issue, IServiceProvider services, DateTimeOffset now, CancellationToken cancel)
    {
        try
        {
            var author = (await services.GetRequiredService<UsersClient>().GetProfileAsync(new() { Id = issue.AuthorId.ToString() }, cancellationToken: cancel)).Profile;
            var articles = services.GetRequiredService<Articles.ArticlesClient>();
            var answer = await articles.GetPublishedArticleAsync(new() { AuthorId = author.Id, Slug = issue.Slug }, cancellationToken: cancel);
            if (answer.MovedToSlug.Length > 0) answer = await articles.GetPublishedArticleAsync(new() { AuthorId = author.Id, Slug = answer.MovedToSlug }, cancellationToken: cancel);
            WriteIssue.Write(issue, answer.Article, author, links);
            issue.State = IssueState.Listing;
        }
        catch (RpcException problem) when (problem.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            issue.State = IssueState.CalledOff;
        }
        catch (RpcException problem)
        {
            issue.DueTime = now + Pause(++issue.Attempts);
            LogNotWritten(issue.ArticleId, problem.StatusCode, issue.Attempts);
        }
    }

    /// <summary>The next chunk of those who are subscribed now.</summary>
    static async Task ListAsync(Issue issue, NotificationsDbContext db, DateTimeOffset now, CancellationToken cancel)
    {
        var chunk = await db.Set<Subscription>().Where(s => s.TargetKind == issue.TargetKind && s.TargetId == issue.TargetId && s.State == SubscriptionState.Active && s.Id > issue.Cursor)
            .OrderBy(s => s.Id).Take(ListAtOnce).Select(s => s.Id).ToListAsync(cancel);
        if (chunk.Count > 0)
        {
            await db.Database.ExecuteSqlAsync($"""
                insert into newsletter_deliveries (article_id, subscription_id, state, due_time, attempts)
                select {issue.ArticleId}, id, {(short)IssueDeliveryState.Waiting}, {now}, 0 from unnest({chunk}) as id on conflict do nothing
                """, cancel);
            issue.Cursor = chunk[^1];
        }
        if (chunk.Count < ListAtOnce) issue.State = IssueState.Sending;
    }

    sealed record Claimed(Guid ArticleId, Guid SubscriptionId, int Attempts);

    async Task<bool> SendRoundAsync(CancellationToken cancel)
    {
        List<Claimed> claims;
        Dictionary<Guid, Issue> issues;
        Dictionary<Guid, Subscription> subscriptions;
        HashSet<string> dead;
        var until = time.GetUtcNow() + Lease;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
            var now = time.GetUtcNow();
            claims = await db.Database.SqlQuery<Claimed>($"""
                update newsletter_deliveries set state = {(short)IssueDeliveryState.Sending}, due_time = {until}, attempts = attempts + 1
                where (article_id, subscription_id) in (
                    select article_id, subscription_id from newsletter_deliveries where state in (1, 2) and due_time <= {now} order by due_time limit {ClaimAtOnce} for update skip locked)
                returning article_id as "ArticleId", subscription_id as "SubscriptionId", attempts as "Attempts"
                """).ToListAsync(cancel);
            if (claims.Count == 0) return false;
            var articleIds = claims.Select(c => c.ArticleId).Distinct().ToList();
            var subscriptionIds = claims.ConvertAll(c => c.SubscriptionId);
            issues = await db.Set<Issue>().AsNoTracking().Where(i => articleIds.Contains(i.ArticleId)).ToDictionaryAsync(i => i.ArticleId, cancel);
            subscriptions = await db.Set<Subscription>().AsNoTracking().Where(s => subscriptionIds.Contains(s.Id) && s.State == SubscriptionState.Active).ToDictionaryAsync(s => s.Id, cancel);
            var hashes = subscriptions.Values.Select(s => EmailAddress.Hash(s.Address)).ToList();
            dead = [.. (await db.Set<DeadAddress>().Where(d => hashes.Contains(d.AddressHash)).Select(d => d.AddressHash).ToListAsync(cancel)).Select(Convert.ToHexString)];
        }

        await Parallel.ForEachAsync(claims, new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancel }, async (claim, stop) =>
        {
            // What could not be begun in time is left to the next claim, so that no two ever send the same.
            if (time.GetUtcNow() + SmtpMailSender.Patience > until) return;
            var wanted = subscriptions.TryGetValue(claim.SubscriptionId, out var subscription) && !dead.Contains(Convert.ToHexString(EmailAddress.Hash(subscription.Address)));
            var outcome = wanted ? await SendAsync(issues[claim.ArticleId], subscription!, claim, stop) : new(IssueDeliveryState.NotWanted);
            // Recorded even when the service is being stopped: it was sent.
            await RecordAsync(claim, outcome, subscription, CancellationToken.None);
            Delivered.Add(1, new KeyValuePair<string, object?>("outcome", outcome.State.ToString()));
        });
        return true;
    }

    sealed record Outcome(IssueDeliveryState State, DateTimeOffset? Again = null, string? Status = null, bool IsDead = false);

    async Task<Outcome> SendAsync(Issue issue, Subscription subscription, Claimed claim, CancellationToken cancel)
    {
        var token = tokens.Write(new(MailTokenPurpose.ManageNewsletter, subscription.Id));
        var mark = issue.Mark.ToString("N");
        var mail = new OutgoingMail($"{issue.ArticleId:N}.{subscription.Id:N}", subscription.Address, issue.Subject,
            issue.TextBody.Replace(mark, token, StringComparison.Ordinal), issue.HtmlBody.Replace(mark, token, StringComparison.Ordinal), issue.CreateTime)
        {
            SenderName = issue.SenderName,
            UnsubscribeUrl = links.Unsubscribe(token),
            ListId = $"{issue.TargetId:N}.newsletter.{links.Host}",
        };
        try
        {
            await sender.SendAsync(mail, cancel);
            return new(IssueDeliveryState.Sent);
        }
        catch (MailRefusedException refusal) when (refusal.IsPermanent)
        {
            return new(IssueDeliveryState.Refused, Status: refusal.EnhancedCode ?? $"{refusal.Code}", IsDead: refusal.IsHardBounce);
        }
        catch (Exception problem) when (problem is MailRefusedException or IOException && !cancel.IsCancellationRequested)
        {
            return claim.Attempts >= MaxAttempts ? new(IssueDeliveryState.Refused, Status: problem.Message) : new(IssueDeliveryState.Waiting, time.GetUtcNow() + Pause(claim.Attempts), problem.Message);
        }
    }

    async Task RecordAsync(Claimed claim, Outcome outcome, Subscription? subscription, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var now = time.GetUtcNow();
        var due = outcome.Again ?? now;
        await db.Set<IssueDelivery>().Where(d => d.ArticleId == claim.ArticleId && d.SubscriptionId == claim.SubscriptionId && d.State == IssueDeliveryState.Sending)
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.State, outcome.State).SetProperty(x => x.DueTime, due).SetProperty(x => x.Status, outcome.Status), cancel);
        if (outcome.IsDead) await db.BuryAsync(subscription!.Address, outcome.Status!, now, cancel);
    }

    static TimeSpan Pause(int attempt) => TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 1 << Math.Min(attempt, 16)));

    /// <summary>Forgets addresses that were never confirmed, or left.</summary>
    async Task TidyAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now - tidied < Tidy) return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        var (unconfirmed, left) = (now - Subscription.ConfirmWithin, now - Subscription.KeptAfterEnd);
        await db.Set<Subscription>().Where(s => (s.State == SubscriptionState.Pending && s.CreateTime < unconfirmed) || (s.State == SubscriptionState.Ended && s.EndTime < left)).ExecuteDeleteAsync(cancel);
        tidied = now;
    }

    [LoggerMessage(LogLevel.Warning, "Newsletters wait")]
    partial void LogWaits(Exception problem);

    [LoggerMessage(LogLevel.Warning, "The newsletter of article {ArticleId} cannot be written now ({Status}, attempt {Attempt})")]
    partial void LogNotWritten(Guid articleId, StatusCode status, int attempt);
}
