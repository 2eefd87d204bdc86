using Blog.Notifications.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Devices;

/// <summary>Where people are told. A person is reachable by push from the first target to the last; both are written in one transaction.</summary>
sealed class PushTargets(NotificationsDbContext db)
{
    public const int PerPerson = 20;

    public Task<List<PushTarget>> OfAsync(Guid person, CancellationToken cancel) =>
        db.Set<PushTarget>().AsNoTracking().Where(t => t.PersonId == person).OrderByDescending(t => t.CreateTime).ToListAsync(cancel);

    /// <summary>Idempotent by address, which belongs to whoever said so last: a browser that several people use.</summary>
    public Task PutAsync(PushTarget target, CancellationToken cancel) => InTransactionAsync(async () =>
    {
        var former = await db.Set<PushTarget>().Where(t => t.AddressHash == target.AddressHash).Select(t => t.PersonId).ToListAsync(cancel);
        await db.Set<PushTarget>().Where(t => t.AddressHash == target.AddressHash).ExecuteDeleteAsync(cancel);
        db.Add(target);
        await db.SaveChangesAsync(cancel);
        var surplus = await db.Set<PushTarget>().Where(t => t.PersonId == target.PersonId).OrderByDescending(t => t.CreateTime).Skip(PerPerson).Select(t => t.Id).ToListAsync(cancel);
        if (surplus.Count > 0) await db.Set<PushTarget>().Where(t => t.PersonId == target.PersonId && surplus.Contains(t.Id)).ExecuteDeleteAsync(cancel);
        foreach (var person in former.Append(target.PersonId).Distinct()) await NoteAsync(person, cancel);
    }, cancel);

    public Task RemoveAsync(Guid person, IReadOnlyCollection<Guid> ids, CancellationToken cancel) => InTransactionAsync(async () =>
    {
        await db.Set<PushTarget>().Where(t => t.PersonId == person && ids.Contains(t.Id)).ExecuteDeleteAsync(cancel);
        await NoteAsync(person, cancel);
    }, cancel);

    public Task RemoveAsync(Guid person, string address, CancellationToken cancel) => InTransactionAsync(async () =>
    {
        var hash = PushTarget.HashOf(address);
        await db.Set<PushTarget>().Where(t => t.PersonId == person && t.AddressHash == hash).ExecuteDeleteAsync(cancel);
        await NoteAsync(person, cancel);
    }, cancel);

    Task<int> NoteAsync(Guid person, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        with targets as (select exists (select 1 from push_targets where person_id = {person}) as any),
        gone as (delete from reachable where person_id = {person} and channel = {(short)V1.Channel.Push} and not (select "any" from targets))
        insert into reachable (person_id, channel) select {person}, {(short)V1.Channel.Push} from targets where "any" on conflict do nothing
        """, cancel);

    Task InTransactionAsync(Func<Task> work, CancellationToken cancel) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await work();
        await transaction.CommitAsync(cancel);
    });
}
