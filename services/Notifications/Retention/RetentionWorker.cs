using Blog.Notifications.Bells;
using Blog.Notifications.Data;
using Blog.Notifications.Deliveries;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Retention;

/// <summary>What is older than 90 days goes, and of each person all but the last 1,000; and with them what is known of their sending.</summary>
sealed class RetentionWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<RetentionWorker> log) : PeriodicWorker(Interval, time, log, "Old notifications stay")
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    public const int KeptPerPerson = 1000;
    const int ChunkSize = 1000;
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    public override async Task RunAsync(CancellationToken cancel)
    {
        var oldest = Time.GetUtcNow() - Kept;
        while (await ChunkAsync(async db =>
        {
            var old = await db.Set<Notification>().Where(n => n.UpdateTime < oldest).OrderBy(n => n.UpdateTime).Take(ChunkSize).ToListAsync(cancel);
            return (old.ConvertAll(n => n.PersonId), old.ConvertAll(n => n.Id));
        }, cancel)) ;
        while (await ChunkAsync(async db =>
        {
            var person = await db.Set<Bell>().Where(b => b.Kept > KeptPerPerson).Select(b => b.PersonId).FirstOrDefaultAsync(cancel);
            var excess = await db.Set<Notification>().Where(n => n.PersonId == person).OrderByDescending(n => n.Position).Skip(KeptPerPerson).Take(ChunkSize).Select(n => n.Id).ToListAsync(cancel);
            return ([.. excess.Select(_ => person)], excess);
        }, cancel)) ;
    }

    async Task<bool> ChunkAsync(Func<NotificationsDbContext, Task<(List<Guid> People, List<Guid> Ids)>> choose, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var (people, ids) = await choose(db);
            if (ids.Count == 0)
                return false;
            foreach (var bell in await db.LockBellsAsync(people, cancel))
            {
                var own = await db.Set<Notification>().AsNoTracking().Where(n => n.PersonId == bell.PersonId && ids.Contains(n.Id)).ToListAsync(cancel);
                bell.Kept -= own.Count;
                bell.Unread -= own.Count(bell.CountsUnread);
                bell.Unseen -= own.Count(bell.CountsUnseen);
                bell.Sequence++;
            }
            await db.Set<Delivery>().Where(d => people.Contains(d.PersonId) && ids.Contains(d.NotificationId)).ExecuteDeleteAsync(cancel);
            await db.Set<Notification>().Where(n => people.Contains(n.PersonId) && ids.Contains(n.Id)).ExecuteDeleteAsync(cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        });
    }
}
