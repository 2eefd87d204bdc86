using Blog.Feed.Sources;

namespace Blog.Feed.Spreading;

partial class Turn
{
    const int FollowsATurn = 200;

    /// <summary>Counts new and former followers, brings the new ones what there is, and moves sources that became big or small.</summary>
    public async Task<int> FollowAsync()
    {
        var jobs = await ListAsync(
            $"""
            delete from jobs where job_id in
                (select job_id from jobs where kind = {(short)JobKind.Follow} order by turn, job_id limit {FollowsATurn} for update skip locked)
            returning source_id, person_id, delta
            """, row => (Source: row.GetGuid(0), Person: row.GetGuid(1), Delta: row.GetInt16(2)));
        if (jobs.Count == 0)
            return 0;

        // In the order of ids, so that two workers cannot wait for each other.
        var counts = jobs.GroupBy(job => job.Source, (source, all) => (Source: source, Change: (long)all.Sum(job => job.Delta))).OrderBy(count => count.Source).ToArray();
        var sources = await ListAsync(
            """
            insert into sources as known (source_id, followers) select source_id, change from unnest($1, $2) as counts (source_id, change) order by source_id
            on conflict (source_id) do update set followers = known.followers + excluded.followers
            returning source_id, followers, mode
            """, row => (Id: row.GetGuid(0), Followers: row.GetInt64(1), Mode: (SourceMode)row.GetInt16(2)),
            counts.Select(c => c.Source).ToArray(), counts.Select(c => c.Change).ToArray());

        foreach (var source in sources)
        {
            if (source.Mode is SourceMode.Small or SourceMode.Shrinking && source.Followers > options.BigSource)
                await MoveAsync(source.Id, SourceMode.Growing, JobKind.Grow);
            else if (source.Mode is SourceMode.Big or SourceMode.Growing && source.Followers < options.BigSource * 4L / 5)
                await MoveAsync(source.Id, SourceMode.Shrinking, JobKind.Shrink);
        }

        var joined = jobs.Where(job => job.Delta > 0).Distinct().OrderBy(job => job.Person).ToArray();
        if (joined.Length > 0)
            await BringAsync([.. joined.Select(j => j.Person)], [.. joined.Select(j => j.Source)]);
        return jobs.Count;
    }

    async Task MoveAsync(Guid source, SourceMode mode, JobKind job)
    {
        await ExecuteAsync("update sources set mode = $2 where source_id = $1", source, (short)mode);
        await ExecuteAsync("insert into jobs (kind, source_id, created_at) values ($1, $2, $3)", (short)job, source, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>
    /// The articles of these sources for those of these people who still follow them: noted where the source is big, written out where it is not. Of a source with
    /// more articles than are kept the newest are written, and the reader's horizon is raised to where they end.
    /// </summary>
    async Task BringAsync(Guid[] people, Guid[] sources)
    {
        await ExecuteAsync(
            $"""
            insert into big_follows (person_id, source_id)
            select follows.person_id, follows.source_id
            from unnest($1, $2) with ordinality as pair (person_id, source_id, place)
            join follows on follows.person_id = pair.person_id and follows.source_id = pair.source_id
            join sources on sources.source_id = pair.source_id and sources.mode in ({(short)SourceMode.Growing}, {(short)SourceMode.Big})
            order by place for key share of follows skip locked
            on conflict do nothing
            """, people, sources);
        await ExecuteAsync(
            $"""
            with follower as materialized (
                select follows.person_id, follows.source_id
                from unnest($1, $2) with ordinality as pair (person_id, source_id, place)
                join follows on follows.person_id = pair.person_id and follows.source_id = pair.source_id
                join sources on sources.source_id = pair.source_id and sources.mode <> {(short)SourceMode.Big}
                join readers on readers.person_id = pair.person_id and readers.state in (1, 2)
                order by place for key share of follows skip locked),
            newest as materialized (
                select follower.person_id, newest.publish_time, newest.article_id, follower.source_id
                from follower cross join lateral (
                    select publish_time, article_id from source_articles where source_id = follower.source_id
                    order by publish_time desc, article_id desc limit $3) newest),
            written as (insert into entries (person_id, publish_time, article_id, source_id) select * from newest on conflict do nothing),
            cut as (
                select distinct on (person_id) person_id, publish_time, article_id
                from (
                    select *, count(*) over source as brought, row_number() over (source order by publish_time, article_id) as place
                    from newest window source as (partition by person_id, source_id)) all_newest
                where brought = $3 and place = 1
                order by person_id, publish_time desc, article_id desc)
            update readers set horizon_time = cut.publish_time, horizon_id = cut.article_id
            from cut where readers.person_id = cut.person_id
                and (readers.horizon_time is null or (readers.horizon_time, readers.horizon_id) < (cut.publish_time, cut.article_id))
            """, people, sources, options.Entries);
    }
}
