namespace Blog.Feed.Spreading;

partial class Turn
{
    async Task<(long Job, Guid Person)?> NextReaderAsync(JobKind kind)
    {
        var next = await ListAsync("select job_id, person_id from jobs where kind = $1 order by turn, job_id limit 1 for update skip locked",
            row => (row.GetInt64(0), row.GetGuid(1)), (short)kind);
        return next.Count == 0 ? null : next[0];
    }

    /// <summary>
    /// Collects the newest entries of somebody who reads again. New articles are written to a waking reader already, so what is published during this is not
    /// missed. Unfollowing waits for the locks taken here, or is seen by them. A horizon that was raised meanwhile stays.
    /// </summary>
    public async Task<int> WakeAsync()
    {
        if (await NextReaderAsync(JobKind.Wake) is not var (job, person))
            return 0;
        await ExecuteAsync(
            """
            with followed as materialized (
                select source_id from follows where person_id = $1 order by source_id for key share skip locked),
            small as (
                select source_id from followed where source_id not in (select source_id from big_follows where person_id = $1)),
            newest as (
                select article.* from small cross join lateral (
                    select publish_time, article_id, source_id from source_articles where source_id = small.source_id
                    order by publish_time desc, article_id desc limit $2) article
                order by publish_time desc, article_id desc limit $2),
            written as (insert into entries select $1, publish_time, article_id, source_id from newest on conflict do nothing),
            horizon as (select publish_time, article_id from newest order by publish_time desc, article_id desc offset $2 - 1)
            update readers set state = 2, (horizon_time, horizon_id) = (
                select publish_time, article_id
                from (select * from horizon union all select readers.horizon_time, readers.horizon_id) highest
                where publish_time is not null order by publish_time desc, article_id desc limit 1)
            where person_id = $1
            """, person, options.Entries);
        await ExecuteAsync("delete from jobs where job_id = $1", job);
        return 1;
    }

    /// <summary>
    /// Deletes what was below the horizon already, then raises the horizon to the newest entries that are kept. What is between is deleted next time,
    /// when no page is being read that still counts on it.
    /// </summary>
    public async Task<int> RunAsync()
    {
        if (await NextReaderAsync(JobKind.Trim) is not var (job, person))
            return 0;
        await ExecuteAsync(
            """
            delete from entries using readers
            where entries.person_id = $1 and readers.person_id = $1 and (entries.publish_time, entries.article_id) <= (readers.horizon_time, readers.horizon_id)
            """, person);
        await ExecuteAsync(
            """
            update readers set horizon_time = last.publish_time, horizon_id = last.article_id
            from (select publish_time, article_id from entries where person_id = $1 order by publish_time desc, article_id desc offset $2 limit 1) last
            where person_id = $1 and state = 2 and (horizon_time is null or (last.publish_time, last.article_id) > (horizon_time, horizon_id))
            """, person, options.Entries);
        await ExecuteAsync("delete from jobs where job_id = $1", job);
        return 1;
    }
}
