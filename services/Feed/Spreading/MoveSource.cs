using Blog.Feed.Sources;

namespace Blog.Feed.Spreading;

partial class Turn
{
    sealed record Move(long Job, Guid Source, Guid Cursor, SourceMode Mode);

    async Task<Move?> NextMoveAsync(JobKind kind)
    {
        var next = await ListAsync(
            """
            select job_id, jobs.source_id, cursor, mode from jobs join sources on sources.source_id = jobs.source_id
            where kind = $1 order by turn, job_id limit 1 for update of jobs skip locked
            """, row => new Move(row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), (SourceMode)row.GetInt16(3)), (short)kind);
        return next.Count == 0 ? null : next[0];
    }

    /// <summary>
    /// A source becomes big: the next chunk of its followers will find it by <c>big_follows</c>. Until all do, its articles are still written out;
    /// what came both ways is one article to the reader.
    /// </summary>
    public async Task<int> GrowAsync()
    {
        if (await NextMoveAsync(JobKind.Grow) is not { } move)
            return 0;
        var served = move.Mode != SourceMode.Growing ? [] : await ListAsync(
            """
            with follower as materialized (
                select person_id from follows where source_id = $1 and person_id > $2 order by person_id limit $3 for key share skip locked),
            noted as (insert into big_follows select person_id, $1 from follower on conflict do nothing)
            select person_id from follower order by person_id
            """, row => row.GetGuid(0), move.Source, move.Cursor, options.Chunk);
        await GoOnAsync(move, served, SourceMode.Growing, SourceMode.Big);
        return 1;
    }

    /// <summary>A source is small again: what it published is written out to the next chunk of its followers, who need not look for it any more.</summary>
    public async Task<int> ShrinkAsync()
    {
        if (await NextMoveAsync(JobKind.Shrink) is not { } move)
            return 0;
        var served = move.Mode != SourceMode.Shrinking ? [] : await ListAsync(
            """
            select person_id from follows where source_id = $1 and person_id > $2 order by person_id limit $3 for key share skip locked
            """, row => row.GetGuid(0), move.Source, move.Cursor, Math.Max(1, options.Chunk / 10));
        if (served.Count > 0)
        {
            await BringAsync([.. served], [.. served.Select(_ => move.Source)]);
            await ExecuteAsync("delete from big_follows where source_id = $1 and person_id = any($2)", move.Source, served.ToArray());
        }
        await GoOnAsync(move, served, SourceMode.Shrinking, SourceMode.Small);
        return 1;
    }

    async Task GoOnAsync(Move move, List<Guid> served, SourceMode during, SourceMode after)
    {
        if (served.Count > 0)
        {
            await ExecuteAsync("update jobs set turn = turn + 1, cursor = $2 where job_id = $1", move.Job, served[^1]);
            return;
        }
        await ExecuteAsync("delete from jobs where job_id = $1", move.Job);
        // A source that turned twice has another job that began later: that one has seen everybody.
        await ExecuteAsync(
            """
            update sources set mode = $3 where source_id = $1 and mode = $2
                and not exists (select from jobs where kind in (3, 4) and jobs.source_id = $1)
            """, move.Source, (short)during, (short)after);
    }
}
