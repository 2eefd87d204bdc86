using System.Diagnostics;
using System.Globalization;
using Blog.Search.Engines;
using Blog.Search.Queries;

namespace Blog.Bench.Search;

/// <summary>Searches and suggestions by the engine on generated posts, on 16 connections that ask again as soon as they are answered.</summary>
static class SearchLatency
{
    const int Connections = 16, Rounds = 3;
    static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(8);

    public static Benchmark Benchmark(string[] arguments) =>
        new("searches and suggestions of mixed queries on 100,000 generated posts, 16 connections (--articles N: as many posts)", (figures, cancel) =>
            RunAsync(figures, Array.IndexOf(arguments, "--articles") is >= 0 and var at ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : 100_000, arguments.Contains("--slowest"), cancel));

    static async Task RunAsync(Figures figures, int articles, bool tellSlowest, CancellationToken cancel)
    {
        var posts = new GeneratedPosts(RealPosts.Read(cancel));
        await using var store = await SearchStore.StartAsync(cancel);
        var filling = Stopwatch.StartNew();
        await store.Engine.CreateIndexAsync("generated", cancel);
        await Parallel.ForEachAsync(Enumerable.Range(0, articles).Chunk(500), new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = cancel },
            async (numbers, stop) => await store.Engine.PutAsync("generated", [.. numbers.Select(posts.Post)], stop));
        Figures.Say($"{articles} posts put in {filling.Elapsed.TotalSeconds:0} s");
        await store.Engine.DropAsync(await store.Engine.SwapAsync("generated", cancel), cancel);
        figures.Add("search-latency-fill", filling.Elapsed.TotalSeconds, "s");

        await MeasureAsync("search", async random =>
        {
            var query = posts.Query(random);
            await store.Engine.SearchArticlesAsync(new(QueryParser.Parse(query), ArticleSort.Relevance, 20, null, [], DateTimeOffset.UtcNow), cancel);
            return query;
        });
        await MeasureAsync("suggest", async random =>
        {
            var prefix = posts.Prefix(random);
            await store.Engine.SuggestAsync(prefix, [], cancel);
            return prefix;
        });

        async Task MeasureAsync(string name, Func<Random, Task<string>> ask)
        {
            await RoundAsync(ask, 0, RoundTime);
            var (p50, p99, rates, work) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 1; round <= Rounds; round++)
            {
                var before = ProcessTree.ProcessorSeconds(Environment.ProcessId);
                var asked = await RoundAsync(ask, round, RoundTime);
                var used = ProcessTree.ProcessorSeconds(Environment.ProcessId) - before;
                var times = asked.Select(one => one.Milliseconds).Order().ToArray();
                p50.Add(times[times.Length / 2]);
                p99.Add(times[times.Length * 99 / 100]);
                rates.Add(times.Length / RoundTime.TotalSeconds);
                work.Add(1000 * used / times.Length);
                Figures.Say($"{name} {round}: {rates[^1]:0}/s, p50 {p50[^1]:0.0} ms, p99 {p99[^1]:0.0} ms, {work[^1]:0.00} ms of processor each");
                if (tellSlowest && round == Rounds)
                    foreach (var slow in asked.OrderByDescending(one => one.Milliseconds).Take(25))
                        Figures.Say($"  {slow.Milliseconds:0} ms: {slow.What}");
            }
            figures.AddMedian($"search-latency-{name}-rate", rates, "req/s");
            figures.AddMedian($"search-latency-{name}-p50", p50, "ms");
            figures.AddMedian($"search-latency-{name}-p99", p99, "ms");
            figures.AddMedian($"search-latency-{name}-processor", work, "ms");
        }
    }

    static async Task<List<(double Milliseconds, string What)>> RoundAsync(Func<Random, Task<string>> ask, int round, TimeSpan time)
    {
        var end = Stopwatch.StartNew();
        var all = await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            var (random, times) = (new Random(1_000 * round + connection), new List<(double, string)>());
            while (end.Elapsed < time)
            {
                var from = Stopwatch.GetTimestamp();
                var what = await ask(random);
                times.Add((Stopwatch.GetElapsedTime(from).TotalMilliseconds, what));
            }
            return times;
        })));
        return [.. all.SelectMany(times => times)];
    }
}
