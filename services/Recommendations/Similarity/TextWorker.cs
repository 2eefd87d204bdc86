using Blog.Recommendations.Articles;
using Blog.Recommendations.Data;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Blog.Recommendations.Similarity;

/// <summary>
/// Reads changed articles and finds those with similar words. A job is leased, the text fetched from Content, and only then a transaction opened; several instances share the
/// jobs. However often an article is edited, it has one job. As the site grows, what is rare changes: an article's weights are made anew when there are twice as
/// many articles as when they were made.
/// </summary>
sealed class TextWorker(
    RecommendationsDatabase database, Content.V1.Articles.ArticlesClient content, IOptions<RecommendationsOptions> options, TimeProvider time, ILogger<TextWorker> log) : LookingWorker(options, log, "Texts wait")
{
    static readonly TimeSpan Lease = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMinutes(1), CountEvery = TimeSpan.FromSeconds(10);

    (int Articles, DateTimeOffset At) corpus = (0, DateTimeOffset.MinValue);

    protected override async Task LookAsync(CancellationToken cancel)
    {
        while (await TakeTurnAsync(cancel)) ;
        while (await WeighAgainAsync(cancel) && !await TakeTurnAsync(cancel)) ;
    }

    /// <summary>One article's text.</summary>
    /// <returns>False: none is due.</returns>
    async Task<bool> TakeTurnAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        if (await LeaseAsync(connection, cancel) is not { } job)
            return false;
        try
        {
            var counts = await FetchAsync(job.Article, cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var number = await connection.NumberOfAsync(job.Article, cancel);
            await ReplaceAsync(connection, number, counts, cancel);
            await connection.DoAsync("delete from text_jobs where article_id = $1 and change = $2", [job.Article, job.Change], cancel);
            await connection.DoAsync("update text_jobs set due = $2, attempts = 0 where article_id = $1", [job.Article, time.GetUtcNow().UtcDateTime], cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (RpcException away)
        {
            var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 0.25 * Math.Pow(2, Math.Min(job.Attempts, 12))));
            log.LogWarning("The text of {Article} cannot be had ({Status}); next try in {Pause}", job.Article, away.StatusCode, pause);
            await connection.DoAsync("update text_jobs set due = $2 where article_id = $1", [job.Article, (time.GetUtcNow() + pause).UtcDateTime], cancel);
        }
        return true;
    }

    async Task<(Guid Article, int Attempts, long Change)?> LeaseAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var lease = connection.Statement(
            """
            update text_jobs set due = $2, attempts = attempts + 1
            where article_id = (select article_id from text_jobs where due <= $1 order by due limit 1 for update skip locked)
            returning article_id, attempts, change
            """, now.UtcDateTime, (now + Lease).UtcDateTime);
        await using var row = await lease.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetGuid(0), row.GetInt32(1), row.GetInt64(2)) : null;
    }

    async Task<Dictionary<int, float>?> FetchAsync(Guid article, CancellationToken cancel)
    {
        try
        {
            var text = await content.GetPublishedTextAsync(new() { Id = article.ToString() }, cancellationToken: cancel);
            return Words.Count(text.Title, text.Html);
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Puts an article's words in the place of the ones it had; null: it has none any more. Needs a transaction.</summary>
    internal async Task ReplaceAsync(NpgsqlConnection connection, int number, Dictionary<int, float>? counts, CancellationToken cancel)
    {
        await connection.TakeTurnAsync("similar_texts", cancel);
        await connection.DoAsync(
            """
            with gone as (delete from vectors where number = $1 returning terms)
            update terms set articles = articles - 1 where term in (select unnest(terms) from gone)
            """, [number], cancel);
        if (counts is null)
        {
            await connection.DoAsync("delete from postings where number = $1", [number], cancel);
            await KeepAsync(connection, number, Neighbours.None, cancel);
            return;
        }
        var (terms, values) = (counts.Keys.ToArray(), counts.Values.ToArray());
        await connection.DoAsync(
            """
            insert into terms (term, articles) select term, 1 from unnest($1) as t (term)
            on conflict (term) do update set articles = terms.articles + 1
            """, [terms], cancel);
        await WeighAsync(connection, number, terms, values, cancel);
    }

    async Task WeighAsync(NpgsqlConnection connection, int number, int[] terms, float[] counts, CancellationToken cancel)
    {
        var articles = await CorpusAsync(connection, cancel);
        await connection.DoAsync(
            "insert into vectors (number, terms, counts, corpus) values ($1, $2, $3, $4) on conflict (number) do update set corpus = excluded.corpus", [number, terms, counts, articles], cancel);
        var weights = await connection.WeightsAsync(terms, counts, articles, cancel);
        await connection.DoAsync("delete from postings where number = $1", [number], cancel);
        await connection.DoAsync("insert into postings (term, number, weight) select term, $1, weight from unnest($2, $3) as w (term, weight)",
            [number, weights.Select(w => w.Term).ToArray(), weights.Select(w => w.Weight).ToArray()], cancel);
        await KeepAsync(connection, number, await connection.NearestAsync(weights, number, cancel), cancel);
    }

    static async Task KeepAsync(NpgsqlConnection connection, int number, Neighbours found, CancellationToken cancel)
    {
        var before = await connection.ListAsync<int[]>("select numbers from similar_texts where number = $1 for update", [number], cancel);
        await connection.DoAsync(
            "insert into similar_texts (number, numbers, scores) values ($1, $2, $3) on conflict (number) do update set numbers = excluded.numbers, scores = excluded.scores",
            [number, found.Numbers, found.Scores], cancel);
        var changed = await connection.EnterAsync("similar_texts", "numbers", "scores", number, found, before.SelectMany(n => n).Except(found.Numbers), cancel);
        await connection.TellAsync(changed.Append(number), cancel);
    }

    /// <summary>Makes the weights of a few articles anew that were made when there were half as many.</summary>
    /// <returns>False: there are none.</returns>
    async Task<bool> WeighAgainAsync(CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.TakeTurnAsync("similar_texts", cancel);
        var old = new List<(int Number, int[] Terms, float[] Counts)>();
        await using (var look = connection.Statement(
            "select number, terms, counts from vectors where corpus <= $1 order by corpus, number limit 10", await CorpusAsync(connection, cancel) / 2))
        {
            await using var rows = await look.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel))
                old.Add((rows.GetInt32(0), rows.GetFieldValue<int[]>(1), rows.GetFieldValue<float[]>(2)));
        }
        foreach (var (number, terms, counts) in old)
            await WeighAsync(connection, number, terms, counts, cancel);
        await transaction.CommitAsync(cancel);
        return old.Count > 0;
    }

    async Task<int> CorpusAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (now - corpus.At > CountEvery || corpus.Articles < 1_000)
            corpus = (Math.Max(1, (await connection.ListAsync<int>("select count(*)::int from vectors", [], cancel))[0]), now);
        return corpus.Articles;
    }
}
