using Blog.Search.Words;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    const int MostQueries = 5, MostSuggested = 4, MostCompletions = 8;

    /// <summary>Titles that are looked at for a suggestion; where there are so many, the best standing is soon met.</summary>
    const int MostTitles = 200, FarTooManyTitles = 2_000;

    public Task<Suggestions> SuggestAsync(string prefix, IReadOnlyCollection<Guid> hidden, CancellationToken cancel) => GuardAsync(async () =>
    {
        var tokens = NameTokens(prefix);
        if (tokens.Count == 0)
            return new Suggestions([], [], [], [], []);
        var typed = string.Join(' ', PhraseOf(tokens));
        var words = tokens.FindAll(token => token.Kind != TokenKind.Whole);
        await using var connection = await finding.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Completions(typed, singleWords: false, 4 * MostQueries),
                // What the last word may become: few frequent words instead of every word that begins so.
                Completions(words[^1].Form, singleWords: true, MostCompletions),
                Names(DocumentKind.Topic, tokens, [], MostSuggested, 0),
            },
        };
        // Names of people are many: one letter says nothing.
        if (typed.Length > 1)
        {
            batch.BatchCommands.Add(Names(DocumentKind.Person, tokens, hidden, MostSuggested, 0));
            batch.BatchCommands.Add(Names(DocumentKind.Publication, tokens, [], MostSuggested, 0));
        }
        var (queries, completions) = (new List<string>(), new List<string>());
        List<NameRow> topics, people = [], publications = [];
        await using (var rows = await batch.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
                queries.Add(rows.GetString(0));
            await rows.NextResultAsync(cancel);
            while (await rows.ReadAsync(cancel))
                completions.Add(rows.GetString(0));
            await rows.NextResultAsync(cancel);
            topics = await ReadNamesAsync(rows, cancel);
            if (await rows.NextResultAsync(cancel))
                people = await ReadNamesAsync(rows, cancel);
            if (await rows.NextResultAsync(cancel))
                publications = await ReadNamesAsync(rows, cancel);
        }
        var articles = await TitlesAsync(connection, words, completions.Count > 0 ? completions : [words[^1].Form], hidden, cancel);
        return new([.. queries.Take(MostQueries)], articles, [.. people.Select(name => Show(name, tokens))], [.. topics.Select(name => Show(name, tokens))], [.. publications.Select(name => Show(name, tokens))]);
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

    /// <summary>The most frequent rows of words that begin so.</summary>
    static NpgsqlBatchCommand Completions(string typed, bool singleWords, int most)
    {
        // The longest prefix that an index has in the order of frequency.
        var kept = typed.Length >= 5 && !singleWords ? 5 : Math.Min(typed.Length, 3);
        var begins = typed.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        return Statement(
            $"""
            select phrase from {ServingSchema}.phrases
            where left(phrase, {kept}) = $1 and phrase like $2 and docs > 0 {(singleWords ? "and phrase not like '% %'" : "")} order by docs desc, phrase limit {most}
            """, typed[..kept], begins);
    }

    /// <summary>The best standing of articles whose titles have these words, the last one as it may be completed.</summary>
    async Task<IReadOnlyList<FoundArticle>> TitlesAsync(NpgsqlConnection connection, List<Token> words, List<string> completions, IReadOnlyCollection<Guid> hidden, CancellationToken cancel)
    {
        var query = string.Join(" & ", words[..^1].Select(word => Lexemes.Quote(Lexemes.Title(word.Form))).Append($"({string.Join(" | ", completions.Select(word => Lexemes.Quote(Lexemes.Title(word))))})"));
        var titles = await vocabulary.DocsAsync([.. completions.Select(Lexemes.Title), .. words[..^1].Select(word => Lexemes.Title(word.Form))], cancel);
        var atMost = words[..^1].Select(word => titles[Lexemes.Title(word.Form)]).Append(completions.Sum(word => titles[Lexemes.Title(word)])).Min();

        await using var own = atMost > FarTooManyTitles ? await walking.OpenConnectionAsync(cancel) : null;
        await using var command = (own ?? connection).Command(own is not null
            ? $"select id, author_id, title from {ServingSchema}.articles where key @@ (select $1::text::tsquery) and author_id <> all($2) order by standing desc, id desc limit {MostSuggested}"
            : $"""
              with found as materialized (select id, author_id, title, standing from {ServingSchema}.articles where key @@ (select $1::text::tsquery) and author_id <> all($2) limit {MostTitles})
              select id, author_id, title from found order by standing desc, id desc limit {MostSuggested}
              """, query, hidden.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var articles = new List<FoundArticle>();
        while (await rows.ReadAsync(cancel))
            articles.Add(new(rows.GetGuid(0), rows.GetGuid(1), Passages.Mark(rows.GetString(2), form => words.Any(word => form.StartsWith(word.Form, StringComparison.Ordinal))), []));
        return articles;
    }
}
