using Blog.Events.V1;
using Blog.Feed.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;

namespace Blog.Feed.People;

/// <summary>Follows users.relations.v1: who mutes or blocks does not see the other; who is blocked does not see the one who blocked.</summary>
sealed class RelationChangedHandler(FeedDbContext db) : IEventHandler<RelationChanged>
{
    const short Own = 0, OfTheOther = 1;

    public async Task HandleAsync(RelationChanged message, EventContext context, CancellationToken cancel)
    {
        var (person, other) = (Guid.Parse(message.PersonId), Guid.Parse(message.OtherId));
        await HideAsync(person, other, Own, message.Muted || message.Blocked, cancel);
        await HideAsync(other, person, OfTheOther, message.Blocked, cancel);
    }

    Task<int> HideAsync(Guid from, Guid whom, short why, bool hide, CancellationToken cancel) => hide
        ? db.Database.ExecuteSqlAsync($"insert into hidden values ({from}, {whom}, {why}) on conflict do nothing", cancel)
        : db.Database.ExecuteSqlAsync($"delete from hidden where person_id = {from} and other_id = {whom} and why = {why}", cancel);
}
