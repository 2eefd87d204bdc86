using Blog.Events.V1;
using Blog.Recommendations.Data;
using Blog.Recommendations.Experiments;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Kind = Blog.Recommendations.V1.Outcome.Types.Kind;

namespace Blog.Recommendations.People;

/// <summary>Follows users.follows.v1.</summary>
sealed class FollowChangedHandler(RecommendationsDbContext db, Outcomes outcomes) : IEventHandler<FollowChanged>
{
    public async Task HandleAsync(FollowChanged message, EventContext context, CancellationToken cancel)
    {
        var follower = Guid.Parse(message.FollowerId);
        await ((NpgsqlConnection)db.Database.GetDbConnection()).DoAsync(
            message.Following
                ? "insert into follows (person_id, kind, target) values ($1, $2, $3) on conflict do nothing"
                : "delete from follows where person_id = $1 and kind = $2 and target = $3",
            [follower, (short)message.Target, message.TargetId], cancel);
        if (message.Following)
            await outcomes.NoteAsync(follower, context.Time, cancel, Kind.Followed);
    }
}
