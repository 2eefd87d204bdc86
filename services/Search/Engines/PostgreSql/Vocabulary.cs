using System.Collections.Concurrent;
using Npgsql;

namespace Blog.Search.Engines.PostgreSql;

/// <summary>What the serving index knows of words: in how many articles each is, and which languages there are. Kept for a few seconds: counts weigh words, nothing depends on their being exact.</summary>
sealed class Vocabulary(NpgsqlDataSource database, TimeProvider time)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    const int MostWords = 100_000;

    readonly ConcurrentDictionary<string, (int Docs, long At)> known = new(StringComparer.Ordinal);
    volatile IReadOnlyList<string>? languages;
    long languagesAt;

    /// <summary>Languages of articles in the index that have a stemmer.</summary>
    public async ValueTask<IReadOnlyList<string>> LanguagesAsync(CancellationToken cancel)
    {
        if (languages is { } held && time.GetElapsedTime(Interlocked.Read(ref languagesAt)) < Fresh)
            return held;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var query = connection.Command("select substr(word, 6) from index_serving.vocabulary where word >= 'lang:' and word < 'lang;' and docs > 0");
        await using var rows = await query.ExecuteReaderAsync(cancel);
        var found = new List<string>();
        while (await rows.ReadAsync(cancel))
            if (Words.Stems.Has(rows.GetString(0)))
                found.Add(rows.GetString(0));
        Interlocked.Exchange(ref languagesAt, time.GetTimestamp());
        return languages = found;
    }

    /// <summary>Articles in these languages were put: what was not held before is asked for anew.</summary>
    public void Hold(IEnumerable<string> put)
    {
        if (languages is { } held && put.Any(language => !held.Contains(language)))
            languages = null;
    }

    public void Forget()
    {
        known.Clear();
        languages = null;
    }

    /// <summary>In how many articles each word is.</summary>
    public async ValueTask<IReadOnlyDictionary<string, int>> DocsAsync(IReadOnlyCollection<string> words, CancellationToken cancel)
    {
        var docs = new Dictionary<string, int>(words.Count, StringComparer.Ordinal);
        List<string>? unknown = null;
        foreach (var word in words)
            if (known.TryGetValue(word, out var entry) && time.GetElapsedTime(entry.At) < Fresh)
                docs[word] = entry.Docs;
            else
                (unknown ??= []).Add(word);
        if (unknown is null)
            return docs;
        if (known.Count > MostWords)
            known.Clear();
        foreach (var word in unknown)
            docs[word] = 0;
        await using (var connection = await database.OpenConnectionAsync(cancel))
        {
            await using var query = connection.Command("select word, docs from index_serving.vocabulary where word = any($1)", (object)unknown.ToArray());
            await using var rows = await query.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                docs[rows.GetString(0)] = rows.GetInt32(1);
        }
        var now = time.GetTimestamp();
        foreach (var word in unknown)
            known[word] = (docs[word], now);
        return docs;
    }

    /// <summary>Frequent words that contain this one, where a compound may: a German "Dampfschiff" within "Donaudampfschifffahrt".</summary>
    public async Task<IReadOnlyList<string>> CompoundsAsync(string part, CancellationToken cancel)
    {
        const int fewestBefore = 3, longestEnding = 2, most = 20;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var query = connection.Command(
            "select word from index_serving.vocabulary where compound and docs > 0 and word like '%' || $1 || '%' and word <> $1 order by docs desc limit 60", part);
        await using var rows = await query.ExecuteReaderAsync(cancel);
        var found = new List<string>();
        while (await rows.ReadAsync(cancel) && found.Count < most)
        {
            var word = rows.GetString(0);
            var before = word.IndexOf(part, StringComparison.Ordinal);
            // "Schiff" is no part of "beschiffen": what stands before it is a word itself. A short ending makes no compound.
            if (before is 0 or >= fewestBefore && word.Length - part.Length > longestEnding)
                found.Add(word);
        }
        return found;
    }
}
