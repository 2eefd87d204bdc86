using System.Collections.Concurrent;
using Blog.Search.Engines.PostgreSql;
using Npgsql;

namespace Blog.Search.Words;

/// <param name="Form">The stem, folded; empty: the language uses this word so often that it says nothing.</param>
readonly record struct Stem(string Form)
{
    public bool IsStopWord => Form.Length == 0;
}

/// <summary>
/// Stems of words by PostgreSQL's Snowball dictionaries. The words of a language come again and again, so nearly all are known after a while and cost no round trip.
/// </summary>
sealed class Stems(NpgsqlDataSource database)
{
    const int MostWords = 200_000;

    // By the primary subtag of BCP 47. What is not here has no stemmer in PostgreSQL: its words are found as they are written.
    static readonly Dictionary<string, string> Dictionaries = new()
    {
        ["ar"] = "arabic_stem", ["hy"] = "armenian_stem", ["eu"] = "basque_stem", ["ca"] = "catalan_stem", ["da"] = "danish_stem", ["nl"] = "dutch_stem", ["en"] = "english_stem",
        ["fi"] = "finnish_stem", ["fr"] = "french_stem", ["de"] = "german_stem", ["el"] = "greek_stem", ["hi"] = "hindi_stem", ["hu"] = "hungarian_stem", ["id"] = "indonesian_stem",
        ["ga"] = "irish_stem", ["it"] = "italian_stem", ["lt"] = "lithuanian_stem", ["ne"] = "nepali_stem", ["no"] = "norwegian_stem", ["nb"] = "norwegian_stem", ["nn"] = "norwegian_stem",
        ["pt"] = "portuguese_stem", ["ro"] = "romanian_stem", ["ru"] = "russian_stem", ["sr"] = "serbian_stem", ["es"] = "spanish_stem", ["sv"] = "swedish_stem", ["ta"] = "tamil_stem",
        ["tr"] = "turkish_stem", ["yi"] = "yiddish_stem",
    };

    readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Stem>> known = new();

    public static bool Has(string language) => Dictionaries.ContainsKey(language);

    /// <summary>Makes these words of a language known; words are as <see cref="Folding.Lower"/> gives them.</summary>
    public async Task LearnAsync(string language, IEnumerable<string> words, CancellationToken cancel)
    {
        if (!Dictionaries.TryGetValue(language, out var dictionary))
            return;
        var stems = known.GetOrAdd(language, _ => new(StringComparer.Ordinal));
        var unknown = words.Where(word => !stems.ContainsKey(word)).Distinct().ToArray();
        if (unknown.Length == 0)
            return;
        if (stems.Count > MostWords)
            stems.Clear();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = connection.Command("select word, ts_lexize($1::regdictionary, word) from unnest($2) word", dictionary, unknown);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var lexemes = rows.IsDBNull(1) ? null : rows.GetFieldValue<string[]>(1);
            stems[rows.GetString(0)] = new(lexemes is null ? Folding.Fold(rows.GetString(0)) : lexemes.Length == 0 ? "" : Folding.Fold(lexemes[0]));
        }
    }

    /// <summary>The stem of a word that was learnt; null: the language has no stemmer.</summary>
    public Stem? Of(string language, string word) => known.TryGetValue(language, out var stems) && stems.TryGetValue(word, out var stem) ? stem : null;
}
