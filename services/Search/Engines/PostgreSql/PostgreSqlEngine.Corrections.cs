using Blog.Search.Queries;
using Blog.Search.Words;

namespace Blog.Search.Engines.PostgreSql;

sealed partial class PostgreSqlEngine
{
    /// <summary>Words corrected in one query, spellings tried for it, and by how much more frequent than a rare word its correction must be.</summary>
    const int MostWrong = 3, MostSpellings = 4, MoreFrequent = 20, Rare = 3;

    /// <summary>Queries that may have been meant, likeliest first: words that no article has (or hardly any) give way to near ones that articles have.</summary>
    async Task<IReadOnlyList<ParsedQuery>> CorrectionsAsync(ParsedQuery query, QueryWords words, CancellationToken cancel)
    {
        var near = new Dictionary<string, List<(string Word, double Likelihood)>>(StringComparer.Ordinal);
        var suspects = words.Words.Where(word => !word.IsOptional && word.Docs <= Rare && Spelling.CanBeWrong(word.Form)).Select(word => (word.Form, word.Docs)).Distinct().Take(MostWrong).ToList();
        foreach (var (form, docs) in suspects)
            if (await NearAsync(form, docs, cancel) is { Count: > 0 } found)
                near[form] = found;
        if (near.Count == 0)
            return [];

        // The likeliest spelling of all, then others of one word at a time.
        var best = near.ToDictionary(word => word.Key, word => word.Value[0].Word);
        List<Dictionary<string, string>> tries = [best];
        foreach (var (form, spelling, _) in near.SelectMany(word => word.Value.Skip(1).Select(other => (word.Key, other.Word, other.Likelihood))).OrderByDescending(other => other.Likelihood).Take(MostSpellings - 1))
            tries.Add(new(best) { [form] = spelling });
        return [.. tries.Select(spellings => query with { Parts = [.. query.Parts.Select(part => part.Excluded ? part : part with { Text = Respelt(part.Text, spellings) })] })];
    }

    static string Respelt(string text, Dictionary<string, string> spellings)
    {
        var (respelt, at) = ("", 0);
        foreach (var token in Tokenizer.Read(text).Where(token => token.Kind == TokenKind.Word))
            if (spellings.TryGetValue(token.Form, out var spelling))
            {
                respelt += text[at..token.Start] + spelling;
                at = token.End;
            }
        return respelt + text[at..];
    }

    async Task<List<(string Word, double Likelihood)>> NearAsync(string form, int docs, CancellationToken cancel)
    {
        await using var connection = await finding.OpenConnectionAsync(cancel);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        await CollectAsync($"select word, docs from {ServingSchema}.vocabulary where word = any($1) and docs > $2", Spelling.Near(form).Distinct().ToArray(), docs);
        // Two slips in a long word.
        if (found.Count == 0 && form.Length >= 5)
            await CollectAsync(
                $"""
                select word, docs from {ServingSchema}.vocabulary where length(word) >= 4 and left(word, 1) <> '^' and word % $1 and docs > $2 and length(word) between length($1) - 2 and length($1) + 2
                order by similarity(word, $1) desc, docs desc limit 40
                """, form, docs);
        var enough = docs == 0 ? 1 : docs * MoreFrequent;
        var most = form.Length >= 8 ? 3 : 2;
        List<(string Word, double Likelihood)> near =
        [
            .. found.Select(word => (word.Key, Docs: word.Value, Distance: Spelling.Distance(form, word.Key, most)))
                .Where(word => word.Docs >= enough && word.Distance <= most && word.Key != form)
                .Select(word => (word.Key, Spelling.Likelihood(form, word.Key, word.Docs, word.Distance))),
        ];

        if (docs == 0 && form.Length >= 6)
        {
            var splits = Spelling.Splits(form).ToList();
            var parts = await vocabulary.DocsAsync([.. splits.SelectMany(split => (string[])[split.First, split.Second]).Distinct()], cancel);
            near.AddRange(splits.Select(split => ($"{split.First} {split.Second}", Fewest: Math.Min(parts[split.First], parts[split.Second])))
                .Where(split => split.Fewest >= 3).Select(split => (split.Item1, Math.Log10(1 + split.Fewest) - 0.5)));
        }
        return [.. near.OrderByDescending(word => word.Likelihood).ThenBy(word => word.Word, StringComparer.Ordinal).Take(MostSpellings)];

        async Task CollectAsync(string sql, params object[] values)
        {
            await using var command = connection.Command(sql, values);
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                if (!rows.GetString(0).Contains(':', StringComparison.Ordinal))
                    found[rows.GetString(0)] = rows.GetInt32(1);
        }
    }
}
