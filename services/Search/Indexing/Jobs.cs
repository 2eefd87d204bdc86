using Blog.Search.Engines;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>Something that has to be looked at again.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Key">Its id; of a topic: its slug.</param>
/// <param name="Revision">That an event told of; 0: none did.</param>
/// <param name="Owner">Of a draft: its author.</param>
/// <param name="Gone">It is known not to be there any more, so nobody needs to be asked.</param>
readonly record struct Thing(DocumentKind Kind, string Key, long Revision = 0, Guid? Owner = null, bool Gone = false)
{
    public static Thing Article(Guid id, long revision = 0, bool gone = false) => new(DocumentKind.Article, id.ToString(), revision, Gone: gone);
    public static Thing Draft(Guid author, Guid id, long revision = 0, bool gone = false) => new(DocumentKind.Draft, id.ToString(), revision, author, gone);
    public static Thing Person(Guid id, long revision = 0) => new(DocumentKind.Person, id.ToString(), revision);
    public static Thing Publication(Guid id, long revision = 0) => new(DocumentKind.Publication, id.ToString(), revision);
    public static Thing Topic(string slug) => new(DocumentKind.Topic, slug);
}

/// <summary>How urgent it is.</summary>
enum Urgency
{
    /// <summary>Somebody waits for it.</summary>
    Now,

    /// <summary>Nobody waits: after everything else.</summary>
    Bulk,

    /// <summary>As <see cref="Bulk"/>, and only the index that is being rebuilt needs it.</summary>
    Rebuild,
}

/// <summary>Writing jobs. A thing has at most one, so a hundred changes are one look at what it is then.</summary>
static class Jobs
{
    /// <summary>The channel of NOTIFY that wakes workers.</summary>
    public const string Channel = "search_index";

    // In the order of keys, so that two transactions cannot wait for each other. What failed waits for its time, unless it is new that it is gone. What is gone, and what only a new index needs, is not paced.
    // index_pace.until counts on by the pause with each time; one pause ahead is allowed, so that the correction after publishing is found at once as well.
    const string Insert =
        """
        insert into index_jobs as job (kind, key, revision, owner_id, gone, serving, bulk, since, due)
        select thing.kind, thing.key, thing.revision, thing.owner_id, thing.gone, $6, $7, $8,
            case when thing.gone or not $6 then $9 else greatest($10, coalesce((select until - $11 from index_pace pace where pace.kind = thing.kind and pace.key = thing.key), $10)) end
        from unnest($1, $2, $3, $4, $5) as thing (kind, key, revision, owner_id, gone)
        order by thing.kind, thing.key
        on conflict (kind, key) do update set
            revision = greatest(job.revision, excluded.revision), owner_id = excluded.owner_id,
            gone = case when excluded.revision >= job.revision then excluded.gone else job.gone end, serving = job.serving or excluded.serving, bulk = job.bulk and excluded.bulk,
            version = job.version + 1, since = least(job.since, excluded.since),
            due = case
                when job.due = 'infinity' or excluded.gone then excluded.due
                when job.attempts > 0 then job.due
                else least(job.due, excluded.due) end,
            attempts = case when job.due = 'infinity' or excluded.gone then 0 else job.attempts end
        """;

    /// <summary>Adds jobs to the transaction of the connection.</summary>
    /// <param name="since">When the change happened.</param>
    /// <param name="now">The service's clock.</param>
    /// <param name="delay">To gather what follows closely.</param>
    public static async Task QueueAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Thing> things, Urgency urgency, DateTimeOffset since, DateTimeOffset now, TimeSpan delay, TimeSpan pause, CancellationToken cancel)
    {
        if (things.Count == 0)
            return;
        var distinct = things.DistinctBy(thing => (thing.Kind, thing.Key)).ToArray();
        await using var insert = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = distinct.Select(thing => (short)thing.Kind).ToArray() },
                new() { Value = distinct.Select(thing => thing.Key).ToArray() },
                new() { Value = distinct.Select(thing => thing.Revision).ToArray() },
                new() { Value = distinct.Select(thing => thing.Owner).ToArray() },
                new() { Value = distinct.Select(thing => thing.Gone).ToArray() },
                new() { Value = urgency != Urgency.Rebuild },
                new() { Value = urgency != Urgency.Now },
                new() { Value = since.UtcDateTime },
                new() { Value = now.UtcDateTime },
                new() { Value = (now + delay).UtcDateTime },
                new() { Value = pause },
            },
        };
        await insert.ExecuteNonQueryAsync(cancel);
    }
}
