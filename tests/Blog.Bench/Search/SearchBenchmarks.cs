using System.Diagnostics;
using Blog.Content.V1;
using Blog.Search.V1;
using Grpc.Core;

namespace Blog.Bench.Search;

/// <summary>Searching, suggesting, rebuilding and keeping up, on articles made of real paragraphs (<see cref="Corpus"/>).</summary>
static class SearchBenchmarks
{
    const int Connections = 16, Rounds = 5, Publications = 60;
    static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(6);

    public static async Task Latency(Figures figures, CancellationToken cancel)
    {
        if (await WorldAsync(cancel) is not { } world)
            return;
        await world.FilledAsync(cancel);
        var finders = Enumerable.Range(0, Connections).Select(_ => world.Finder()).ToArray();
        await SearchAsync(world, finders, seed: 0, RoundTime, cancel);
        await SuggestAsync(world, finders, seed: 0, RoundTime / 2, cancel);
        var (searches, suggestions) = (new List<Load>(), new List<Load>());
        for (var round = 1; round <= Rounds; round++)
        {
            searches.Add(await SearchAsync(world, finders, round, RoundTime, cancel));
            suggestions.Add(await SuggestAsync(world, finders, round, RoundTime / 2, cancel));
            Figures.Say($"round {round}: searches {searches[^1]}; suggestions {suggestions[^1]}");
        }
        // Slowest kinds of queries tell where to look.
        foreach (var kind in searches.SelectMany(load => load.Times).GroupBy(time => time.Kind, time => time.Milliseconds).OrderByDescending(kind => Percentile(kind, 0.99)))
            Figures.Say($"  {kind.Key,-14} p50 {Percentile(kind, 0.5),6:0.0} ms, p99 {Percentile(kind, 0.99),6:0.0} ms, {kind.Count():N0} queries");
        figures.Add("search-latency-articles", Corpus.Size, "articles");
        figures.AddMedian("search-latency-rate", searches.Select(load => load.Rate), "req/s");
        figures.AddMedian("search-latency-p50", searches.Select(load => load.P50), "ms");
        figures.AddMedian("search-latency-p99", searches.Select(load => load.P99), "ms");
        figures.AddMedian("search-latency-suggest-p50", suggestions.Select(load => load.P50), "ms");
        figures.AddMedian("search-latency-suggest-p99", suggestions.Select(load => load.P99), "ms");
        figures.Add("search-latency-found", searches.Average(load => load.Found), "share with results");
        figures.Add("search-latency-failed", searches.Concat(suggestions).Sum(load => load.Failed), "requests");
        // The same connections at half of what the machine can do: nobody runs a site at the limit.
        var (half, halfSuggesting) = (searches.Select(load => load.Rate).Order().ElementAt(Rounds / 2) / 2, suggestions.Select(load => load.Rate).Order().ElementAt(Rounds / 2) / 2);
        var (halfSearches, halfSuggestions) = (new List<Load>(), new List<Load>());
        for (var round = 1; round <= Rounds; round++)
        {
            halfSearches.Add(await SearchAsync(world, finders, 50 + round, RoundTime, cancel, half));
            halfSuggestions.Add(await SuggestAsync(world, finders, 50 + round, RoundTime / 2, cancel, halfSuggesting));
            Figures.Say($"half load, round {round}: searches {halfSearches[^1]}; suggestions {halfSuggestions[^1]}");
        }
        figures.AddMedian("search-latency-half-rate", halfSearches.Select(load => load.Rate), "req/s");
        figures.AddMedian("search-latency-half-p50", halfSearches.Select(load => load.P50), "ms");
        figures.AddMedian("search-latency-half-p99", halfSearches.Select(load => load.P99), "ms");
        figures.AddMedian("search-latency-half-suggest-p50", halfSuggestions.Select(load => load.P50), "ms");
        figures.AddMedian("search-latency-half-suggest-p99", halfSuggestions.Select(load => load.P99), "ms");
        // One at a time, as most searches on a small site are.
        var alone = await SearchAsync(world, finders[..1], seed: 99, RoundTime, cancel);
        figures.Add("search-latency-alone-p50", alone.P50, "ms");
        figures.Add("search-latency-alone-p99", alone.P99, "ms");
    }

    public static async Task Rebuild(Figures figures, CancellationToken cancel)
    {
        if (await WorldAsync(cancel) is not { } world)
            return;
        var first = await world.FilledAsync(cancel);
        figures.Add("index-rebuild-articles", Corpus.Size, "articles");
        figures.Add("index-rebuild", first.TotalSeconds, "s");
        figures.Add("index-rebuild-rate", Corpus.Size / first.TotalSeconds, "articles/s");
    }

    public static async Task Lag(Figures figures, CancellationToken cancel)
    {
        if (await WorldAsync(cancel) is not { } world)
            return;
        await world.FilledAsync(cancel);
        var finder = world.Finder();
        var (found, gone) = (new List<double>(), new List<double>());
        for (var round = 0; round < Publications + 5; round++)
        {
            var writer = world.WriterAs(Corpus.Author(round));
            var mark = "mark" + string.Concat(Guid.NewGuid().ToString("N").Where(char.IsLetter));
            var draft = (await writer.CreateArticleAsync(new() { Content = new ArticleContent { Title = $"About {mark} {round}", Markdown = string.Join("\n\n", world.Corpus[round].Paragraphs) } }, cancellationToken: cancel)).Article;
            var from = Stopwatch.GetTimestamp();
            var article = (await writer.PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = draft.Revision }, cancellationToken: cancel)).Article;
            await UntilAsync(finder, mark, 1, cancel);
            var until = Stopwatch.GetElapsedTime(from);
            from = Stopwatch.GetTimestamp();
            await writer.UnpublishArticleAsync(new() { Id = article.Id, ExpectedRevision = article.Revision }, cancellationToken: cancel);
            await UntilAsync(finder, mark, 0, cancel);
            if (round < 5)
                continue;
            found.Add(until.TotalMilliseconds);
            gone.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
        figures.AddMedian("index-lag", found, "ms");
        figures.Add("index-lag-worst", found.Max(), "ms");
        figures.AddMedian("index-lag-gone", gone, "ms");
        figures.Add("index-lag-gone-worst", gone.Max(), "ms");
    }

    static async Task UntilAsync(Finder.FinderClient finder, string mark, int hits, CancellationToken cancel)
    {
        while ((await finder.SearchArticlesAsync(new() { Query = $"\"about {mark}\"" }, cancellationToken: cancel)).Hits.Count(hit => string.Concat(hit.Title.Select(piece => piece.Text)).Contains(mark, StringComparison.OrdinalIgnoreCase)) != hits)
            await Task.Delay(5, cancel);
    }

    static async Task<SearchWorld?> WorldAsync(CancellationToken cancel)
    {
        var world = await SearchWorld.GetAsync(cancel);
        if (world is null)
            Figures.Say("skipped: the shared posts, of whose paragraphs articles are made, are not there");
        return world;
    }

    /// <summary>What readers ask for, in about the shares in which they do.</summary>
    static (string Kind, SearchArticlesRequest Request) Query(Corpus corpus, Random random)
    {
        var word = () => corpus.Words(random, 1);
        return random.Next(100) switch
        {
            < 25 => ("one word", new() { Query = word() }),
            < 50 => ("two words", new() { Query = corpus.Words(random, 2) }),
            < 60 => ("three words", new() { Query = corpus.Words(random, 3) }),
            < 70 => ("known title", new() { Query = corpus[random.Next(Corpus.Size)].Title }),
            < 76 => ("phrase", new() { Query = $"\"{corpus.Phrase(random)}\"" }),
            < 82 => ("misspelling", new() { Query = Misspelt(corpus.Words(random, 2), random) }),
            < 87 => ("exclusion", new() { Query = $"{word()} -{word()}" }),
            < 92 => ("topic filter", new() { Query = $"{word()} topic:topic-{random.Next(20)}" }),
            < 95 => ("newest", new() { Query = word(), Sort = Sort.Newest }),
            < 98 => ("author", new() { Query = $"{word()} author:author-{random.Next(Corpus.Authors)}" }),
            _ => ("common words", new() { Query = "the language and how to use it" }),
        };
    }

    static string Misspelt(string words, Random random)
    {
        var at = random.Next(1, words.Length - 1);
        return random.Next(2) == 0 ? words.Remove(at, 1) : words[..at] + words[at] + words[at..];
    }

    static Task<Load> SearchAsync(SearchWorld world, Finder.FinderClient[] finders, int seed, TimeSpan duration, CancellationToken cancel, double? rate = null) => RunAsync(finders, seed, duration, async (finder, random) =>
    {
        var (kind, request) = Query(world.Corpus, random);
        return (kind, (Func<Task<bool>>)(async () => (await finder.SearchArticlesAsync(request, cancellationToken: cancel)).Hits.Count > 0));
    }, cancel, rate);

    static Task<Load> SuggestAsync(SearchWorld world, Finder.FinderClient[] finders, int seed, TimeSpan duration, CancellationToken cancel, double? rate = null) => RunAsync(finders, seed + 1_000, duration, async (finder, random) =>
    {
        var words = world.Corpus.Words(random, random.Next(1, 3));
        var typed = words[..random.Next(2, Math.Max(3, words.Length))];
        return ("suggestion", async () =>
        {
            var answer = await finder.SuggestAsync(new() { Prefix = typed }, cancellationToken: cancel);
            return answer.Queries.Count + answer.Articles.Count > 0;
        });
    }, cancel, rate);

    /// <param name="rate">Requests a second, all connections together, each asked when it is due and timed from then; without, each connection asks as soon as it has the last answer.</param>
    static async Task<Load> RunAsync(
        Finder.FinderClient[] finders, int seed, TimeSpan duration, Func<Finder.FinderClient, Random, Task<(string Kind, Func<Task<bool>> Ask)>> next, CancellationToken cancel, double? rate = null)
    {
        var from = Stopwatch.GetTimestamp();
        var pause = rate is { } wanted ? TimeSpan.FromSeconds(finders.Length / wanted) : TimeSpan.Zero;
        var readers = await Task.WhenAll(finders.Select((finder, number) => Task.Run(async () =>
        {
            var (random, times, found, failed) = (new Random(seed * 100 + number), new List<(string, double)>(), 0, 0);
            for (var due = random.NextDouble() * pause; due < duration; due = pause > TimeSpan.Zero ? due + pause : Stopwatch.GetElapsedTime(from))
            {
                if (due - Stopwatch.GetElapsedTime(from) is var early && early > TimeSpan.Zero)
                    await Task.Delay(early, cancel);
                var (kind, ask) = await next(finder, random);
                try
                {
                    if (await ask())
                        found++;
                }
                catch (RpcException)
                {
                    failed++;
                }
                times.Add((kind, (Stopwatch.GetElapsedTime(from) - due).TotalMilliseconds));
            }
            return (Times: times, Found: found, Failed: failed);
        }, cancel)));
        var all = readers.SelectMany(reader => reader.Times).ToArray();
        return new(all, all.Length / Stopwatch.GetElapsedTime(from).TotalSeconds, readers.Sum(reader => reader.Found) / (double)Math.Max(1, all.Length), readers.Sum(reader => reader.Failed));
    }

    static double Percentile(IEnumerable<double> times, double share)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    sealed record Load((string Kind, double Milliseconds)[] Times, double Rate, double Found, int Failed)
    {
        public double P50 { get; } = Percentile(Times.Select(time => time.Milliseconds), 0.5);
        public double P99 { get; } = Percentile(Times.Select(time => time.Milliseconds), 0.99);

        public override string ToString() => $"{Rate:0}/s, p50 {P50:0.0} ms, p99 {P99:0.0} ms";
    }
}
