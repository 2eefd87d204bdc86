using Blog.Search.Engines;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>A job in the hands of a worker.</summary>
/// <param name="Version">Grows with each change that is noted: what came while a worker looked is not lost.</param>
/// <param name="Serving">The index that is searched needs it; else only one that is being rebuilt.</param>
/// <param name="Since">Of the first change that is not in the index.</param>
sealed record Job(DocumentKind Kind, string Key, long Revision, Guid? Owner, bool Gone, bool Serving, long Version, DateTime Since, int Attempts);

/// <summary>
/// The workers' side of the table of jobs. A job is leased, not locked: handlers of events go on noting changes on it. As long as its lease holds, nobody else works on it, so what
/// is put into an index for one thing is put in order.
/// </summary>
sealed class JobQueue(IndexingDatabase database, TimeProvider time)
{
    DateTime Now => time.GetUtcNow().UtcDateTime;

    public async Task<IReadOnlyList<Job>> LeaseAsync(bool bulk, int count, TimeSpan lease, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            """
            update index_jobs job set leased_until = $4
            from (
                select kind, key from index_jobs where bulk = $1 and due <= $2 and (leased_until is null or leased_until <= $2)
                order by due, kind, key limit $3 for update skip locked) next
            where job.kind = next.kind and job.key = next.key
            returning job.kind, job.key, job.revision, job.owner_id, job.gone, job.serving, job.version, job.since, job.attempts
            """);
        var now = Now;
        Add(command, bulk, now, count, now + lease);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var jobs = new List<Job>();
        while (await row.ReadAsync(cancel))
            jobs.Add(new((DocumentKind)row.GetInt16(0), row.GetString(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.GetBoolean(4), row.GetBoolean(5), row.GetInt64(6),
                row.GetDateTime(7), row.GetInt32(8)));
        return jobs;
    }

    /// <summary>These are in the index as they were looked at. What has changed since stays, and is paced.</summary>
    /// <param name="alsoBuilding">An index that is being rebuilt still needs them: that is left to the workers in bulk.</param>
    public async Task DoneAsync(IReadOnlyList<Job> jobs, bool alsoBuilding, TimeSpan pause, CancellationToken cancel)
    {
        if (jobs.Count == 0)
            return;
        await using var batch = database.Source.CreateBatch();
        var paced = jobs.Where(job => job.Serving && !job.Gone).ToArray();
        // In the order of keys, so that two workers cannot wait for each other.
        batch.BatchCommands.Add(Command(
            """
            insert into index_pace as pace (kind, key, until) select kind, key, $3 + $4 from unnest($1, $2) as done (kind, key) order by kind, key
            on conflict (kind, key) do update set until = greatest(pace.until, $3) + $4
            """, Kinds(paced), Keys(paced), Now, pause));
        batch.BatchCommands.Add(Command(
            alsoBuilding
                ? "update index_jobs job set serving = false, bulk = true from unnest($1, $2, $3) as done (kind, key, version) where job.kind = done.kind and job.key = done.key and job.version = done.version"
                : "delete from index_jobs job using unnest($1, $2, $3) as done (kind, key, version) where job.kind = done.kind and job.key = done.key and job.version = done.version",
            Kinds(jobs), Keys(jobs), jobs.Select(job => job.Version).ToArray()));
        batch.BatchCommands.Add(Command(
            """
            update index_jobs job set leased_until = null, attempts = 0, error = null, since = case when serving then $3 else since end,
                due = case when gone or not serving then $3 else greatest($3, coalesce((select until - $4 from index_pace pace where pace.kind = job.kind and pace.key = job.key), $3)) end
            from unnest($1, $2) as done (kind, key) where job.kind = done.kind and job.key = done.key
            """, Kinds(jobs), Keys(jobs), Now, pause));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Nobody looked at these: they are due as before.</summary>
    public Task ReleaseAsync(IReadOnlyList<Job> jobs, CancellationToken cancel) => ExecuteAsync(
        "update index_jobs job set leased_until = null from unnest($1, $2) as given (kind, key) where job.kind = given.kind and job.key = given.key", cancel, Kinds(jobs), Keys(jobs));

    /// <summary>The index that was being rebuilt was there no more when these came to it. It may serve by now, so they are put into the one that does.</summary>
    public Task AgainAsync(IReadOnlyList<Job> jobs, CancellationToken cancel) => ExecuteAsync(
        "update index_jobs job set serving = true, leased_until = null, due = $3 from unnest($1, $2) as given (kind, key) where job.kind = given.kind and job.key = given.key", cancel,
        Kinds(jobs), Keys(jobs), Now + TimeSpan.FromMilliseconds(200));

    /// <summary>It cannot be put into the index as it is. Tried again later each time, then put aside until it changes.</summary>
    public Task FailedAsync(Job job, string error, int attempts, CancellationToken cancel) => ExecuteAsync(
        "update index_jobs set leased_until = null, attempts = attempts + 1, error = $3, due = case when attempts + 1 >= $4 then 'infinity' else $5 end where kind = $1 and key = $2", cancel,
        (short)job.Kind, job.Key, error.Replace('\0', '\uFFFD'), attempts, Now + TimeSpan.FromSeconds(Math.Pow(2, Math.Min(job.Attempts, 10))));

    /// <summary>Forgets what was indexed long enough ago.</summary>
    public Task SweepAsync(CancellationToken cancel) => ExecuteAsync("delete from index_pace where until < $1", cancel, Now);

    async Task ExecuteAsync(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = database.Source.CreateCommand(sql);
        Add(command, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
    }

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    static short[] Kinds(IReadOnlyCollection<Job> jobs) => [.. jobs.Select(job => (short)job.Kind)];
    static string[] Keys(IReadOnlyCollection<Job> jobs) => [.. jobs.Select(job => job.Key)];
}
