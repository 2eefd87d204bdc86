using Blog.Events.V1;
using Blog.Recommendations.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Recommendations.People;

/// <summary>Follows users.follows.v1.</summary>
sealed class FollowChangedHandler(RecommendationsDbContext db) : IEventHandler<FollowChanged>
{
    public Task HandleAsync(FollowChanged message, EventContext context, CancellationToken cancel) => ((NpgsqlConnection)db.Database.GetDbConnection()).DoAsync(
        message.Following
            ? "insert into follows (person_id, kind, target) values ($1, $2, $3) on conflict do nothing"
            : "delete from follows where person_id = $1 and kind = $2 and target = $3",
        [Guid.Parse(message.FollowerId), (short)message.Target, message.TargetId], cancel);
}
