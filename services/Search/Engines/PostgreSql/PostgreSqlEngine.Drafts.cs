using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    /// <summary>The drafts of one person, alone or with others, are few: they are looked through one by one, last changed first.</summary>
    public Task<DraftPage> SearchDraftsAsync(DraftSearch search, CancellationToken cancel) => GuardAsync(async () =>
    {
        var words = await QueryWords.AnalyseAsync(search.Query, stems, vocabulary, cancel);
        var from = search.Cursor is { } cursor ? Cursor.Read(cursor).Place : (Score: 253_402_300_799, Id: Guid.Empty);
        var fits = words.AllInDrafts();
        await using var connection = await finding.OpenConnectionAsync(cancel);
        await using var command = connection.Command(
            $"""
            select id, title, description, body, update_time, extract(epoch from update_time)::float8 from {ServingSchema}.drafts
            where (owner_id = $1 or words @@ (select $5::text::tsquery)) {(fits is null ? "" : "and words @@ (select $6::text::tsquery)")} and (update_time, id) < (to_timestamp($2), $3) order by update_time desc, id desc limit $4
            """, [search.OwnerId, from.Score, from.Id, search.Size + 1, Lexemes.Quote(Lexemes.AuthorId(search.OwnerId)), .. fits is null ? Array.Empty<object>() : [fits]]);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var (drafts, places) = (new List<FoundDraft>(), new List<double>());
        while (await rows.ReadAsync(cancel))
        {
            places.Add(rows.GetDouble(5));
            drafts.Add(new(rows.GetGuid(0), Passages.Mark(rows.GetString(1), IsFound),
                Passages.Best(rows.GetString(3), IsFound, out _) ?? Passages.Best(rows.GetString(2), IsFound, out _) ?? Passages.Beginning(rows.GetString(2).Length > 0 ? rows.GetString(2) : rows.GetString(3)),
                rows.GetDateTime(4)));
        }
        if (drafts.Count <= search.Size)
            return new DraftPage(drafts, null);
        var next = new Cursor(Mode.Time, DateTimeOffset.UnixEpoch, "", "", [], Cursor.Top, (places[search.Size - 1], drafts[search.Size - 1].Id));
        return new DraftPage(drafts[..search.Size], next.ToString());

        bool IsFound(string form) => words.IsFound(form);
    });
}
