using Blog.Events.V1;
using Blog.Feed.Data;
using Blog.Feed.Sources;
using Blog.Feed.Spreading;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Feed.People;

/// <summary>
/// Follows users.follows.v1. Unfollowing takes effect here and now. What is already published by someone newly followed is brought by a worker: it looks after this
/// transaction, so that nothing published meanwhile is missed.
/// </summary>
sealed class FollowChangedHandler(FeedDbContext db) : IEventHandler<FollowChanged>
{
    public async Task HandleAsync(FollowChanged message, EventContext context, CancellationToken cancel)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var person = Guid.Parse(message.FollowerId);
        var source = Source.Of(message.Target, message.TargetId).Id;
        if (message.Following)
        {
            if (await connection.ExecuteAsync("insert into follows values ($1, $2) on conflict do nothing", [person, source], cancel) == 0)
                return;
        }
        else
        {
            // Waits for a worker who is writing to this follower; whatever it wrote is seen by the next statement.
            if (await connection.ExecuteAsync("delete from follows where person_id = $1 and source_id = $2", [person, source], cancel) == 0)
                return;
            await connection.ExecuteAsync("delete from big_follows where person_id = $1 and source_id = $2", [person, source], cancel);
            await connection.ExecuteAsync("delete from entries where person_id = $1 and source_id = $2", [person, source], cancel);
        }
        await connection.ExecuteAsync("insert into jobs (kind, source_id, person_id, delta, created_at) values ($1, $2, $3, $4, $5)",
            [(short)JobKind.Follow, source, person, (short)(message.Following ? 1 : -1), context.Time.UtcDateTime], cancel);
    }
}
