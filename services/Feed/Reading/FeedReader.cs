using Blog.Feed.Data;
using Blog.Feed.Sources;
using Blog.Feed.Spreading;
using Npgsql;

namespace Blog.Feed.Reading;

/// <summary>An article in somebody's feed, with every source for which it is there.</summary>
sealed record FeedArticle(Position Position, Guid AuthorId, IReadOnlyList<FeedRow> Reasons);

/// <param name="Articles">Newest first.</param>
/// <param name="IsLast">There is nothing below.</param>
sealed record FeedPage(IReadOnlyList<FeedArticle> Articles, bool IsLast);

/// <summary>
/// Reads feeds. The usual page is one round trip: what is known of the reader and a piece of the reader's entries, merged with the windows of the big sources that the reader
/// follows; its cost depends on the page, not on how much is followed. What lies deeper than entries or windows, and the first page of somebody who comes back
/// after a long time, is read from all followed sources.
/// </summary>
sealed class FeedReader(FeedDatabase database, BigSources bigSources, TimeProvider time)
{
    // Noting each read would be a write for each read.
    static readonly TimeSpan NoteEvery = TimeSpan.FromHours(1), TrimEvery = TimeSpan.FromDays(1);

    /// <summary>The page of this size below a position.</summary>
    public async Task<FeedPage> ReadAsync(Guid person, Position below, int size, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        // Some articles have several reasons; one more than the page tells whether there is another.
        var piece = size + size / 4 + 8;
        var (reader, entries) = await BeginAsync(connection, person, below, piece, cancel);
        await NoteAsync(connection, person, reader, cancel);

        var articles = new List<FeedArticle>(size + 1);
        for (var position = below; ;)
        {
            var next = await MergedAsync(reader, position, entries, piece, size + 1 - articles.Count, cancel)
                ?? await FromSourcesAsync(connection, person, position, piece, cancel);
            articles.AddRange(next.Articles.Where(article => !reader.Hidden.Contains(article.AuthorId)).Take(size + 1 - articles.Count));
            if (articles.Count > size || next.IsLast)
                return new(articles.Count > size ? articles[..size] : articles, articles.Count <= size);
            position = next.Articles[^1].Position;
            entries = reader.Reaches(position) ? await EntriesAsync(connection, person, position, piece, cancel) : [];
        }
    }

    /// <summary>Whether somebody follows anything at all.</summary>
    public async Task<bool> FollowsNothingAsync(Guid person, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var query = connection.Command("select not exists (select from follows where person_id = $1)", person);
        return (bool)(await query.ExecuteScalarAsync(cancel))!;
    }

    /// <param name="Articles">In order, none between them missing, with all reasons; only the last piece may have none.</param>
    /// <param name="IsLast">There is nothing below.</param>
    readonly record struct Piece(IReadOnlyList<FeedArticle> Articles, bool IsLast);

    sealed record Reader(short State, Position Horizon, DateTime? ReadAt, IReadOnlySet<Guid> Hidden, Guid[] BigSources)
    {
        public bool Reaches(Position below) => State == 2 && below > Horizon;
    }

    const string EntriesBelow =
        """
        select e.publish_time, e.article_id, e.source_id, s.author_id, s.kind, s.name
        from entries e join source_articles s on s.source_id = e.source_id and s.publish_time = e.publish_time and s.article_id = e.article_id
        where e.person_id = $1 and (e.publish_time, e.article_id) < ($2, $3)
        order by e.publish_time desc, e.article_id desc limit $4
        """;

    static async Task<(Reader Reader, List<FeedRow> Entries)> BeginAsync(NpgsqlConnection connection, Guid person, Position below, int piece, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(
                    """
                    select r.state, r.horizon_time, r.horizon_id, r.read_at,
                        array(select other_id from hidden where hidden.person_id = me.person_id),
                        array(select source_id from big_follows where big_follows.person_id = me.person_id)
                    from (select $1::uuid as person_id) me left join readers r on r.person_id = me.person_id
                    """) { Parameters = { new() { Value = person } } },
                new NpgsqlBatchCommand(EntriesBelow) { Parameters = { new() { Value = person }, new() { Value = below.Time }, new() { Value = below.Id }, new() { Value = piece } } },
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        var reader = new Reader(
            rows.IsDBNull(0) ? (short)0 : rows.GetInt16(0),
            rows.IsDBNull(1) ? Position.Bottom : new(rows.GetDateTime(1), rows.GetGuid(2)),
            rows.IsDBNull(3) ? null : rows.GetDateTime(3),
            rows.GetFieldValue<Guid[]>(4).ToHashSet(), rows.GetFieldValue<Guid[]>(5));
        await rows.NextResultAsync(cancel);
        var entries = new List<FeedRow>(piece);
        while (await rows.ReadAsync(cancel))
            entries.Add(FeedRow.Read(rows));
        return (reader, entries);
    }

    static async Task<List<FeedRow>> EntriesAsync(NpgsqlConnection connection, Guid person, Position below, int piece, CancellationToken cancel)
    {
        await using var query = connection.Command(EntriesBelow, person, below.Time, below.Id, piece);
        return await FeedRow.ReadAllAsync(query, piece, cancel);
    }

    /// <summary>Entries and windows together; null where they do not reach.</summary>
    async ValueTask<Piece?> MergedAsync(Reader reader, Position below, List<FeedRow> entries, int piece, int wanted, CancellationToken cancel)
    {
        if (!reader.Reaches(below))
            return null;
        var cursors = new PriorityQueue<(FeedRow[] Rows, int Index), Position>(reader.BigSources.Length + 1, Newest);
        // Above the floor everything is known.
        var floor = reader.Horizon;
        foreach (var source in reader.BigSources)
        {
            var window = await bigSources.GetAsync(source, cancel);
            if (!window.Reaches(below))
                return null;
            if (!window.IsWhole && window.Articles[^1].Position > floor)
                floor = window.Articles[^1].Position;
            if (window.IndexBelow(below) is var index && index < window.Articles.Length)
                cursors.Enqueue((window.Articles, index), window.Articles[index].Position);
        }
        if (entries.Count > 0)
            cursors.Enqueue(([.. entries], 0), entries[0].Position);
        // The article at which the entries were cut may have further reasons.
        if (entries.Count == piece && entries[^1].Position > floor)
            floor = entries[^1].Position;

        // One reader's hidden people may take many: what is left over is read in the next round.
        var articles = new List<FeedArticle>();
        while (cursors.TryPeek(out _, out var position) && position > floor && articles.Count < 2 * wanted)
        {
            var reasons = new List<FeedRow>(1);
            while (cursors.TryPeek(out var cursor, out var same) && same == position)
            {
                reasons.Add(cursor.Rows[cursor.Index]);
                if (cursor.Index + 1 < cursor.Rows.Length)
                    cursors.DequeueEnqueue((cursor.Rows, cursor.Index + 1), cursor.Rows[cursor.Index + 1].Position);
                else
                    cursors.Dequeue();
            }
            articles.Add(ToArticle(reasons));
        }
        var isLast = cursors.Count == 0 && floor == Position.Bottom;
        return articles.Count > 0 || isLast ? new(articles, isLast) : null;
    }

    static readonly Comparer<Position> Newest = Comparer<Position>.Create((one, other) => other.CompareTo(one));

    /// <summary>The newest below a position in everything that is followed, whatever is in entries.</summary>
    static async Task<Piece> FromSourcesAsync(NpgsqlConnection connection, Guid person, Position below, int piece, CancellationToken cancel)
    {
        await using var query = connection.Command(
            """
            select newest.publish_time, newest.article_id, newest.source_id, newest.author_id, newest.kind, newest.name
            from follows cross join lateral (
                select * from source_articles where source_id = follows.source_id and (publish_time, article_id) < ($2, $3)
                order by publish_time desc, article_id desc limit $4) newest
            where follows.person_id = $1
            order by newest.publish_time desc, newest.article_id desc limit $4
            """, person, below.Time, below.Id, piece);
        var rows = await FeedRow.ReadAllAsync(query, piece, cancel);
        var isLast = rows.Count < piece;
        // The article at the cut may have further reasons: it is read again by the next piece. (An article has fewer sources than a piece has rows.)
        var whole = isLast ? rows : rows.TakeWhile(row => row.Position > rows[^1].Position);
        return new([.. whole.GroupBy(row => row.Position).Select(same => ToArticle([.. same]))], isLast);
    }

    static FeedArticle ToArticle(List<FeedRow> reasons) =>
        new(reasons[0].Position, reasons[0].AuthorId, reasons.Count == 1 ? reasons : [.. reasons.DistinctBy(r => r.SourceId).OrderBy(r => r.Kind).ThenBy(r => r.Name, StringComparer.Ordinal)]);

    /// <summary>Wakes who was asleep; notes once in a while that somebody reads.</summary>
    async Task NoteAsync(NpgsqlConnection connection, Guid person, Reader reader, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (reader.State is 1 or 2 && now - reader.ReadAt < NoteEvery)
            return;
        await connection.ExecuteAsync(
            $"""
            with woken as (
                insert into readers (person_id, state, read_at) values ($1, 1, $2)
                on conflict (person_id) do update set state = 1, read_at = $2, horizon_time = null, horizon_id = null where readers.state in (0, 3) returning person_id),
            noted as (update readers set read_at = $2 where person_id = $1 and state in (1, 2))
            insert into jobs (kind, person_id, created_at)
            select {(short)JobKind.Wake}, person_id, $2 from woken
            union all
            select {(short)JobKind.Trim}, $1, $2 where $3
            """, [person, now, reader.State == 2 && now - reader.ReadAt >= TrimEvery], cancel);
    }
}
