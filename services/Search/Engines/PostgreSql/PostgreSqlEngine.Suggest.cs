using Blog.Search.Words;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    const int MostQueries = 5, MostSuggested = 4;

    /// <summary>Titles that are looked at for a suggestion.</summary>
    const int MostTitles = 200;

    public Task<Suggestions> SuggestAsync(string prefix, IReadOnlyCollection<Guid> hidden, CancellationToken cancel) => GuardAsync(async () =>
    {
        var tokens = NameTokens(prefix);
        if (tokens.Count == 0)
            return new Suggestions([], [], [], [], []);
        var typed = string.Join(' ', PhraseOf(tokens));
        await using var connection = await finding.OpenConnectionAsync(cancel);
        var queries = await PhrasesAsync(connection, typed, cancel);
        // Names of people are many: one letter says nothing.
        var people = typed.Length > 1 ? await NamesAsync(DocumentKind.Person, tokens, hidden, MostSuggested, 0, cancel) : [];
        var topics = await NamesAsync(DocumentKind.Topic, tokens, [], MostSuggested, 0, cancel);
        var publications = typed.Length > 1 ? await NamesAsync(DocumentKind.Publication, tokens, [], MostSuggested, 0, cancel) : [];
        var articles = await TitlesAsync(connection, tokens, hidden, cancel);
        return new([.. queries], articles, [.. people.Select(name => Show(name, tokens))], [.. topics.Select(name => Show(name, tokens))], [.. publications.Select(name => Show(name, tokens))]);
    });

    static IEnumerable<string> PhraseOf(List<Token> tokens)
    {
        var end = 0;
        foreach (var token in tokens)
            if (token.Kind is TokenKind.Word or TokenKind.Whole or TokenKind.Pair && token.Start >= end)
            {
                end = token.End;
                yield return token.Form;
            }
    }

    static async Task<List<string>> PhrasesAsync(NpgsqlConnection connection, string typed, CancellationToken cancel)
    {
        // The longest prefix that an index has in the order of frequency.
        var kept = Math.Min(typed.Length, 3);
        await using var command = connection.Command(
            $"""
            select phrase from {ServingSchema}.phrases where left(phrase, {kept}) = $1 and docs > 0 {(typed.Length > kept ? "and phrase like $2" : "")} order by docs desc, phrase limit {4 * MostQueries}
            """, [typed[..kept], .. typed.Length > kept ? (object[])[typed.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%"] : []]);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var phrases = new List<string>();
        while (await rows.ReadAsync(cancel))
            phrases.Add(rows.GetString(0));
        return [.. phrases.Take(MostQueries)];
    }

    /// <summary>The best standing of articles whose titles have these words, the last one perhaps unfinished.</summary>
    async Task<IReadOnlyList<FoundArticle>> TitlesAsync(NpgsqlConnection connection, List<Token> tokens, IReadOnlyCollection<Guid> hidden, CancellationToken cancel)
    {
        var words = tokens.FindAll(token => token.Kind != TokenKind.Whole);
        var last = words[^1].Form;
        // What the last word may become: few frequent words instead of every word that begins so.
        var completions = new List<string>();
        await using (var complete = connection.Command(
            $"select phrase from {ServingSchema}.phrases where left(phrase, {Math.Min(last.Length, 3)}) = $1 and phrase like $2 and phrase not like '% %' and docs > 0 order by docs desc limit 8",
            last[..Math.Min(last.Length, 3)], last.Replace("_", "\\_", StringComparison.Ordinal) + "%"))
        {
            await using var read = await complete.ExecuteReaderAsync(cancel);
            while (await read.ReadAsync(cancel))
                completions.Add(read.GetString(0));
        }
        if (completions.Count == 0)
            completions.Add(last);
        var query = string.Join(" & ", words[..^1].Select(word => Lexemes.Quote(word.Form) + ":A").Append($"({string.Join(" | ", completions.Select(word => Lexemes.Quote(word) + ":A"))})"));
        var docs = await vocabulary.DocsAsync([.. completions, .. words[..^1].Select(word => word.Form)], cancel);
        var atMost = words[..^1].Select(word => docs[word.Form]).Append(completions.Sum(word => docs[word])).Min();

        await using var own = atMost > MostByWords ? await walking.OpenConnectionAsync(cancel) : null;
        await using var command = (own ?? connection).Command(own is not null
            ? $"select id, author_id, title from {ServingSchema}.articles where key @@ $1::text::tsquery and author_id <> all($2) order by standing desc, id desc limit {MostSuggested}"
            : $"""
              with found as materialized (select id, author_id, title, standing from {ServingSchema}.articles where key @@ $1::text::tsquery and author_id <> all($2) limit {MostTitles})
              select id, author_id, title from found order by standing desc, id desc limit {MostSuggested}
              """, query, hidden.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var articles = new List<FoundArticle>();
        while (await rows.ReadAsync(cancel))
            articles.Add(new(rows.GetGuid(0), rows.GetGuid(1), Passages.Mark(rows.GetString(2), form => words.Any(word => form.StartsWith(word.Form, StringComparison.Ordinal))), []));
        return articles;
    }
}
