using Blog.Feed.Sources;

namespace Blog.Feed.Spreading;

partial class Turn
{
    const int SpreadsATurn = 20;

    /// <summary>
    /// The next chunk of followers of some articles gets an entry. Jobs with fewer turns go first, so that an author with few followers does not wait for one
    /// with many. Big sources need none, nor do readers who are asleep.
    /// </summary>
    public async Task<int> SpreadAsync() => (int)await ScalarAsync<long>(
        $"""
        with job as materialized (
            select job_id, source_id, article_id, publish_time, cursor from jobs
            where kind = {(short)JobKind.Spread} order by turn, job_id limit {SpreadsATurn} for update skip locked),
        chunk as materialized (
            select job.job_id, job.source_id, job.article_id, job.publish_time, follower.person_id
            from job
            join source_articles present using (source_id, publish_time, article_id)
            left join sources on sources.source_id = job.source_id
            cross join lateral (
                select person_id from follows where source_id = job.source_id and person_id > job.cursor
                order by person_id limit $1 for key share skip locked) follower
            where coalesce(sources.mode, 0) <> {(short)SourceMode.Big}),
        written as (
            insert into entries (person_id, publish_time, article_id, source_id)
            select person_id, publish_time, article_id, source_id from chunk join readers using (person_id) where readers.state in (1, 2)
            order by person_id on conflict do nothing),
        last as (select job_id, count(*) as served, (array_agg(person_id order by person_id desc))[1] as person_id from chunk group by job_id),
        ended as (
            delete from jobs where job_id in (select job_id from job) and job_id not in (select job_id from last where served >= $1)),
        continued as (
            update jobs set turn = turn + 1, cursor = last.person_id from last where jobs.job_id = last.job_id and last.served >= $1)
        select count(*) from job
        """, options.Chunk);
}
