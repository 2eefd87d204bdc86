using System.Linq.Expressions;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Blog.Users.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Users.Relations;

/// <summary>Beginning and ending follows with all that belongs to it: the budget of the follower, the count of the target, the event.</summary>
sealed class Follows(UsersDbContext db, TimeProvider time)
{
    /// <summary>One transaction, begun again when the database was away for a moment.</summary>
    public Task InTransactionAsync(Func<Task> change, CancellationToken cancel) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await change();
        await transaction.CommitAsync(cancel);
    });

    /// <summary>Until the transaction ends none of these profiles goes away; false when one is not there.</summary>
    public async Task<bool> LockProfilesAsync(Guid[] ids, CancellationToken cancel) =>
        (await db.Database.SqlQuery<Guid>($"select id from profiles where id = any({ids}) order by id for key share").ToListAsync(cancel)).Count == ids.Length;

    /// <summary>What is followed already changes nothing. The profiles of both sides are locked.</summary>
    public async Task BeginAsync(Guid follower, Target target, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"insert into follow_budgets (person_id) values ({follower}) on conflict do nothing", cancel);
        var budget = (await LockBudgetsAsync([follower], cancel))[follower];
        if (await db.Set<Following>().AnyAsync(f => f.FollowerId == follower && f.Kind == target.Kind && f.TargetId == target.Id, cancel))
            return;

        var now = time.GetUtcNow();
        budget.Begin(target.Kind, now);
        db.Add(new Following { FollowerId = follower, Kind = target.Kind, TargetId = target.Id, Id = Guid.CreateVersion7(now), FollowTime = now });
        Publish(follower, target, following: true);
        await db.SaveChangesAsync(cancel);
        await FollowerCount.AddAsync(db, target, follower, 1, cancel);
    }

    /// <summary>Ends those that <paramref name="which"/> names; all of them are of these followers.</summary>
    public async Task EndAsync(Guid[] followers, Expression<Func<Following, bool>> which, CancellationToken cancel)
    {
        var budgets = await LockBudgetsAsync(followers, cancel);
        var ended = await db.Set<Following>().Where(which).ToListAsync(cancel);
        foreach (var following in ended)
        {
            db.Remove(following);
            budgets[following.FollowerId].End(following.Kind);
            Publish(following.FollowerId, following.Target, following: false);
        }
        await db.SaveChangesAsync(cancel);
        foreach (var following in ended.OrderBy(f => f.Kind).ThenBy(f => f.TargetId, StringComparer.Ordinal).ThenBy(f => f.FollowerId))
            await FollowerCount.AddAsync(db, following.Target, following.FollowerId, -1, cancel);
    }

    Task<Dictionary<Guid, FollowBudget>> LockBudgetsAsync(Guid[] people, CancellationToken cancel) => db.Set<FollowBudget>()
        .FromSql($"select * from follow_budgets where person_id = any({people}) order by person_id for update").ToDictionaryAsync(budget => budget.PersonId, cancel);

    void Publish(Guid follower, Target target, bool following) => db.Publish(Topics.Follows, follower,
        new FollowChanged { FollowerId = follower.ToString(), Target = target.Kind, TargetId = target.Id, Following = following }, time);
}
