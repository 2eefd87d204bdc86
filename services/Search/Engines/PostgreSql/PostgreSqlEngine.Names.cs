using System.Globalization;
using Blog.Search.Words;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    /// <summary>Names that are put in order; of more, any.</summary>
    const int MostNames = 1_000;

    public Task<NamePage> SearchNamesAsync(DocumentKind kind, NameSearch search, CancellationToken cancel) => GuardAsync(async () =>
    {
        var from = 0;
        if (search.Cursor is { } cursor && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out from) || from > MostNames)
            throw new BadCursorException();
        var tokens = NameTokens(search.Text);
        if (tokens.Count == 0)
            return new NamePage([], null);
        var names = await NamesAsync(kind, tokens, search.Hidden, search.Size + 1, from, cancel);
        if (names.Count == 0 && from == 0)
            names = await SimilarNamesAsync(kind, string.Join(' ', tokens.Select(token => token.Form)), search.Hidden, search.Size, cancel);
        var page = names.Take(search.Size).ToList();
        return new([.. page.Select(name => Show(name, tokens))], names.Count > search.Size ? (from + page.Count).ToString(CultureInfo.InvariantCulture) : null);
    });

    sealed record NameRow(string Id, string Name, int Articles);

    // "@ada" and "#rust" are typed as they are seen.
    static List<Token> NameTokens(string text) => [.. Tokenizer.Read(text.Length > 200 ? text[..200] : text).Where(token => token.Kind != TokenKind.Last).DefaultIfEmpty().Where(token => token.Form is not null).Take(8)];

    static string NameQuery(DocumentKind kind, List<Token> tokens) =>
        string.Join(" & ", tokens.Where(token => token.Kind != TokenKind.Whole).Select((token, i) => $"{Lexemes.Quote(NameLexeme(kind, token.Form))}:*"));

    /// <summary>Names with words that begin with all of these: those that are the words exactly before others, then by weight.</summary>
    async Task<List<NameRow>> NamesAsync(DocumentKind kind, List<Token> tokens, IReadOnlyCollection<Guid> hidden, int size, int from, CancellationToken cancel)
    {
        await using var connection = await finding.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Names(kind, tokens, hidden, size, from) } };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        return await ReadNamesAsync(rows, cancel);
    }

    static NpgsqlBatchCommand Names(DocumentKind kind, List<Token> tokens, IReadOnlyCollection<Guid> hidden, int size, int from) => Statement(
        $"""
        with found as materialized (select * from {ServingSchema}.names where key @@ (select $1::text::tsquery) and kind = $2 and id <> all($3) limit {MostNames})
        select id, name, articles from found order by folded = $4 desc, folded like $4 || ' %' desc, weight desc, folded, id limit $5 offset $6
        """, NameQuery(kind, tokens), (short)kind, hidden.Select(id => id.ToString()).ToArray(), string.Join(' ', tokens.Select(token => token.Form)), size, from);

    /// <summary>Names that look alike, for those that were typed wrongly.</summary>
    async Task<List<NameRow>> SimilarNamesAsync(DocumentKind kind, string typed, IReadOnlyCollection<Guid> hidden, int size, CancellationToken cancel)
    {
        await using var connection = await finding.OpenConnectionAsync(cancel);
        await using var command = connection.Command(
            $"""
            with found as materialized (select * from {ServingSchema}.names where $1 <% folded and kind = $2 and id <> all($3) limit {MostNames})
            select id, name, articles from found order by word_similarity($1, folded) desc, weight desc, id limit $4
            """, typed, (short)kind, hidden.Select(id => id.ToString()).ToArray(), size);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await ReadNamesAsync(rows, cancel);
    }

    static async Task<List<NameRow>> ReadNamesAsync(NpgsqlDataReader rows, CancellationToken cancel)
    {
        var names = new List<NameRow>();
        while (await rows.ReadAsync(cancel))
            names.Add(new(rows.GetString(0), rows.GetString(1), rows.GetInt32(2)));
        return names;
    }

    static FoundName Show(NameRow name, List<Token> tokens) =>
        new(name.Id, Passages.Mark(name.Name, form => tokens.Any(token => form.StartsWith(token.Form, StringComparison.Ordinal))), name.Articles);
}
