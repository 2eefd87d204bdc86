using Blog.Notifications.Bells;
using Blog.Notifications.Data;
using Blog.Notifications.ReadModels;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Deliveries;

/// <summary>
/// The table <c>deliveries</c> as a queue. A claim is committed before anything is sent, and its outcome afterwards: a sender that dies in between
/// leaves a lease that runs out, and the next claim says so (<see cref="DueDeliveries.MayHaveBeenSent"/>).
/// </summary>
sealed class DeliveryQueue(NotificationsDbContext db, TimeProvider time)
{
    /// <summary>How long a sender may be silent before it is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    // "dlvr" in ASCII: the class of advisory locks, one per channel. Claiming takes milliseconds, and a digest must not be split between two.
    const int Locks = 0x646C7672;

    /// <summary>
    /// Everything due to up to <paramref name="people"/> people, theirs alone until the lease ends. What was read in the site or taken back meanwhile is
    /// not needed any more and left out.
    /// </summary>
    public Task<List<DueDeliveries>> ClaimAsync(V1.Channel channel, int people, CancellationToken cancel) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({Locks}, {(int)channel})", cancel);
        var now = time.GetUtcNow();
        var due = db.Set<Delivery>().Where(d => d.Channel == channel
            && ((d.State == DeliveryState.Waiting && d.DueTime <= now) || (d.State == DeliveryState.Sending && d.LeaseUntil < now)));
        var whose = await due.OrderBy(d => d.DueTime).Select(d => d.PersonId).Take(people * 4).ToListAsync(cancel);
        whose = [.. whose.Distinct().Take(people)];
        var rows = await due.Where(d => whose.Contains(d.PersonId)).ToListAsync(cancel);
        var ids = rows.ConvertAll(d => d.NotificationId);
        var notifications = (await db.Set<Notification>().AsNoTracking().Where(n => whose.Contains(n.PersonId) && ids.Contains(n.Id)).ToListAsync(cancel)).ToDictionary(n => n.Id);
        var bells = (await db.Set<Bell>().AsNoTracking().Where(b => whose.Contains(b.PersonId)).ToListAsync(cancel)).ToDictionary(b => b.PersonId);
        var articleIds = notifications.Values.Select(n => n.ArticleId).Distinct().ToList();
        var articles = (await db.Set<KnownArticle>().AsNoTracking().Where(a => articleIds.Contains(a.ArticleId)).ToListAsync(cancel)).ToDictionary(a => a.ArticleId);

        var claims = new List<DueDeliveries>();
        foreach (var own in rows.GroupBy(d => d.PersonId))
        {
            var claim = Guid.CreateVersion7(now);
            var items = new List<(Delivery Delivery, DueItem Item)>();
            var uncertain = false;
            foreach (var delivery in own)
            {
                delivery.UpdateTime = now;
                if (!notifications.TryGetValue(delivery.NotificationId, out var n) || n.IsWithdrawn || (n.InApp && !bells[n.PersonId].IsUnread(n)))
                {
                    delivery.State = DeliveryState.NotNeeded;
                    continue;
                }
                uncertain |= delivery.State is DeliveryState.Sending;
                (delivery.State, delivery.ClaimId, delivery.LeaseUntil, delivery.Attempts) = (DeliveryState.Sending, claim, now + Lease, delivery.Attempts + 1);
                items.Add((delivery, new(n, n.ArticleId is { } article ? articles.GetValueOrDefault(article) : null)));
            }
            if (items.Count > 0)
                claims.Add(new(claim, own.Key, channel, items.Max(i => i.Delivery.Attempts), uncertain, [.. items.Select(i => i.Item).OrderBy(i => i.Notification.UpdateTime)]));
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return claims;
    });

    /// <summary>Records what became of a claim. Nothing happens when the lease had run out and somebody else has it now.</summary>
    public Task RecordAsync(DueDeliveries claim, SendOutcome outcome, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var (state, due, problem) = outcome switch
        {
            SendOutcome.Sent => (DeliveryState.Sent, now, null),
            SendOutcome.Later later => (DeliveryState.Waiting, later.Time, later.Problem),
            SendOutcome.Failed failed => (DeliveryState.Failed, now, failed.Problem),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
        return db.Set<Delivery>().Where(d => d.PersonId == claim.PersonId && d.ClaimId == claim.ClaimId && d.State == DeliveryState.Sending)
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.State, state).SetProperty(x => x.DueTime, due).SetProperty(x => x.Problem, problem)
                .SetProperty(x => x.ClaimId, (Guid?)null).SetProperty(x => x.LeaseUntil, (DateTimeOffset?)null).SetProperty(x => x.UpdateTime, now), cancel);
    }
}
