using Blog.Recommendations.Data;
using Blog.Recommendations.Switches;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Kind = Blog.Recommendations.V1.Outcome.Types.Kind;

namespace Blog.Recommendations.Experiments;

/// <summary>
/// Notes what people did after they were shown a page by a variant: anything they read, clapped for, followed or turned down within the window counts, wherever they found it, so that
/// variants are compared by what comes of them and not by where people click. An event that is told again changes nothing.
/// </summary>
sealed class Outcomes(RecommendationsDbContext db, Switchboard switchboard)
{
    NpgsqlConnection Connection => (NpgsqlConnection)db.Database.GetDbConnection();

    /// <summary>In the transaction of the event's other effects.</summary>
    public async Task NoteAsync(Guid person, DateTimeOffset at, CancellationToken cancel, params Kind[] kinds)
    {
        if (!switchboard.IsCounting)
            return;
        await Connection.DoAsync(
            """
            insert into outcomes (person_id, experiment_id, kind)
            select e.person_id, e.experiment_id, k.kind from exposures e join experiments x on x.id = e.experiment_id cross join unnest($2) as k (kind)
            where e.person_id = $1 and $3 >= e.first_at and $3 < e.first_at + x.time_frame
            on conflict do nothing
            """, [person, kinds.Select(kind => (short)kind).ToArray(), at.UtcDateTime], cancel);
    }

    /// <summary>Somebody let all that they read be forgotten.</summary>
    public Task ForgetReadingsAsync(Guid person, CancellationToken cancel) =>
        Connection.DoAsync("delete from outcomes where person_id = $1 and kind = any($2)", [person, new[] { (short)Kind.Opened, (short)Kind.Finished }], cancel);
}
