using Blog.Search.Words;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    const int MostQueries = 5, MostSuggested = 4, MostCompletions = 8;

    /// <summary>Titles that are looked at for a suggestion; where there may be many more, the best standing is soon met: within so many steps, or not at all.</summary>
    const int MostTitles = 200, FarTooManyTitles = 2_000, MostTitleSteps = 1_000;

    /// <summary>Rows of words that an index has in the order of frequency are looked at before all that begin as typed, where it knows fewer letters than were typed.</summary>
    const int MostFrequent = 300;

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
        var letters = typed.EnumerateRunes().ToArray();
        var kept = letters.Length >= 5 && !singleWords ? 5 : Math.Min(letters.Length, 3);
        var single = singleWords ? "and phrase not like '% %'" : "";
        var frequent = $"select phrase from {ServingSchema}.phrases where left(phrase, {kept}) = $1 and docs > 0 {single} order by docs desc, phrase limit";
        if (kept == letters.Length)
            return Statement($"{frequent} {most}", typed);
        // Many begin with these letters: the frequent ones of them hold enough that go on as typed, or few go on so, and those are soon read. Of the characters, none is above the last.
        return Statement(
            $"""
            with fitting as materialized (select phrase from ({frequent} {MostFrequent}) frequent where starts_with(phrase, $2) limit {most})
            select phrase from fitting where (select count(*) from fitting) = {most}
            union all
            (select phrase from {ServingSchema}.phrases
             where (select count(*) from fitting) < {most} and phrase >= $2 and phrase < $3 and docs > 0 {single} order by docs desc, phrase limit {most})
            """, string.Concat(letters.Take(kept)), typed, typed + char.ConvertFromUtf32(0x10FFFF));
    }

    /// <summary>The best standing of articles whose titles have these words, the last one as it may be completed.</summary>
    async Task<IReadOnlyList<FoundArticle>> TitlesAsync(NpgsqlConnection connection, List<Token> words, List<string> completions, IReadOnlyCollection<Guid> hidden, CancellationToken cancel)
    {
        var query = string.Join(" & ", words[..^1].Select(word => Lexemes.Quote(Lexemes.Title(word.Form))).Append($"({string.Join(" | ", completions.Select(word => Lexemes.Quote(Lexemes.Title(word))))})"));
        var titles = await vocabulary.DocsAsync([.. completions.Select(Lexemes.Title), .. words[..^1].Select(word => Lexemes.Title(word.Form))], cancel);
        var atMost = words[..^1].Select(word => titles[Lexemes.Title(word.Form)]).Append(completions.Sum(word => titles[Lexemes.Title(word)])).Min();

        const string fits = "key @@ (select $1::text::tsquery) and author_id <> all($2)", inOrder = "order by standing desc, id desc limit";
        if (atMost > FarTooManyTitles)
        {
            await using var walk = await walking.OpenConnectionAsync(cancel);
            if (await ReadAsync(walk, $"select id, author_id, title from (select * from {ServingSchema}.articles {inOrder} {MostTitleSteps}) best where {fits} limit {MostSuggested}") is { Count: MostSuggested } best)
                return best;
        }
        return await ReadAsync(connection,
            $"""
            with found as materialized (select id, author_id, title, standing from {ServingSchema}.articles where {fits} limit {MostTitles})
            select id, author_id, title from found {inOrder} {MostSuggested}
            """);

        async Task<List<FoundArticle>> ReadAsync(NpgsqlConnection by, string sql)
        {
            await using var command = by.Command(sql, query, hidden.ToArray());
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var articles = new List<FoundArticle>(MostSuggested);
            while (await rows.ReadAsync(cancel))
                articles.Add(new(rows.GetGuid(0), rows.GetGuid(1), Passages.Mark(rows.GetString(2), form => words.Any(word => form.StartsWith(word.Form, StringComparison.Ordinal))), []));
            return articles;
        }
    }
}
