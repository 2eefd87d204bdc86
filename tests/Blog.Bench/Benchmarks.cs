using System.Diagnostics;
using System.Net;
using System.Text;
using Blog.SystemTesting;

namespace Blog.Bench;

/// <summary>A benchmark: starts what it needs, warms up, measures several rounds.</summary>
sealed record Benchmark(string Description, Func<Figures, CancellationToken, Task> Run);

/// <summary>The benchmarks by name.</summary>
static class Benchmarks
{
    const int Rounds = 5;
    static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(5);

    public static readonly SortedDictionary<string, Benchmark> All = new(StringComparer.Ordinal)
    {
        ["article-cached"] = new("anonymous article page from the output cache against a bare Kestrel endpoint, 64 connections", ArticleCached),
        ["article-ssr"] = new("the same page rendered by the site each time, 16 connections and 1", ArticleRendered),
        ["followers"] = FollowerPages.Benchmark,
        ["events-throughput"] = new("events from commit to committed effect: outbox, relay, broker, consumer, inbox", EventBenchmarks.Throughput),
        ["events-latency"] = new("from the change to its committed effect, at 200 events/s", EventBenchmarks.Latency),
        ["newsletter"] = new("a story by e-mail to 10,000 subscribers: rate, and what a kill -9 half-way does", NewsletterBench.RunAsync),
        ["publish-visible"] = new("from the publish request to the changed page for an anonymous reader", PublishVisible),
        ["highlight-anchoring"] = new("highlights on real posts found again after a fifth of the paragraphs was edited, and the time it takes", HighlightAnchoring.Run),
        ["markdown-roundtrip"] = new("Markdown through the rich editor and back, rendered by the server before and after: specifications and real posts (--misses: tell which differ)", MarkdownRoundtrip.RunAsync),
        ["index-rebuild"] = new("a new index of 100,000 articles through the whole pipeline until it serves (BLOG_BENCH_ARTICLES says how many)", Search.SearchBenchmarks.Rebuild),
        ["index-lag"] = new("from publishing to found, and from unpublishing to gone, beside 100,000 articles", Search.SearchBenchmarks.Lag),
        ["search-latency"] = new("mixed searches and suggestions on 100,000 articles of real paragraphs, 16 connections", Search.SearchBenchmarks.Latency),
        ["idle-memory"] = new("proportional memory of every process of the system, idle", IdleMemory),
        ["live-streams"] = new("2,000 open streams of bells: memory of entrance and service, and from publishing to each stream", LiveStreams.RunAsync),
        ["search-relevance"] = Search.SearchRelevance.Benchmark(Environment.GetCommandLineArgs()),
        ["typing-latency"] = new("from a key to the frame that shows it, in the rich editor on a story of 10,000 words", TypingLatency.RunAsync),
        ["up-warm"] = new("./blog up on a built repository until everything is healthy", UpWarm),
        ["feed-read"] = new("home feed by gRPC, 64 connections, on 100,000 people and 5,000,000 follows", Feed.FeedBenchmarks.Read),
        ["fan-out"] = new("publish by authors with 10,000 and 1,000,000 followers until all see it, on the same graph", Feed.FeedBenchmarks.FanOut),
        ["ranked-home"] = new("“for you” by gRPC, 32 connections, on 100,000 articles and 100,000 people", Recommending.RankedHome.RunAsync),
        ["recommendation-quality"] = new("what a generated population reads next, found among the first 20, against popularity and newest first", Recommending.Quality.RunAsync),
        ["revision-size"] = new("what a thousand saves of a 20 KB article, all kept as revisions, take of the database", Writing.RevisionSize.RunAsync),
        ["autosave"] = new("a hundred people autosaving 20 KB every two seconds through the public entrance", Writing.Autosave.RunAsync),
        ["import-large"] = new("archives with 2 GB of text, read: time and memory", Writing.ImportLarge.RunAsync),
        ["import"] = new("./blog import of ../shared/data/rust-blog/content into an empty system", Import),
    };

    static async Task ArticleCached(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        var page = new Uri(blog.Origin, await ImportArticle(blog, cancel));
        var (body, headers) = await Fetch(page, cancel);
        Figures.Say($"the page: {body.Length} bytes on the wire");
        await using var bare = await BareKestrel.StartAsync(body, headers, cancel);

        await LoadGenerator.RunAsync(page, 64, RoundTime, cancel);
        await LoadGenerator.RunAsync(bare.Address, 64, RoundTime, cancel);
        var cached = new List<LoadResult>();
        var yardstick = new List<LoadResult>();
        for (var round = 0; round < Rounds; round++)
        {
            yardstick.Add(await LoadGenerator.RunAsync(bare.Address, 64, RoundTime, cancel));
            cached.Add(await LoadGenerator.RunAsync(page, 64, RoundTime, cancel));
            Figures.Say($"round {round + 1}: cached {cached[^1].RequestsPerSecond:0}/s, bare {yardstick[^1].RequestsPerSecond:0}/s");
        }
        figures.AddMedian("article-cached-rate", cached.Select(r => r.RequestsPerSecond), "req/s");
        figures.AddMedian("article-cached-bare-rate", yardstick.Select(r => r.RequestsPerSecond), "req/s");
        figures.AddMedian("article-cached-ratio", cached.Zip(yardstick, (c, b) => c.RequestsPerSecond / b.RequestsPerSecond), "ratio");
        figures.AddMedian("article-cached-p99", cached.Select(r => r.P99Milliseconds), "ms");
        figures.Add("article-cached-failed", cached.Sum(r => r.Failed), "requests");
    }

    static async Task ArticleRendered(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        // The site itself, past the BFF's cache of pages; the JSON it asks for comes from the BFF.
        var page = new Uri(blog.Endpoint("site", "http"), await ImportArticle(blog, cancel));
        for (var warm = 0; warm < 3; warm++) await LoadGenerator.RunAsync(page, 16, RoundTime, cancel);
        var loaded = new List<LoadResult>();
        for (var round = 0; round < Rounds; round++) loaded.Add(await LoadGenerator.RunAsync(page, 16, RoundTime, cancel));
        figures.AddMedian("article-ssr-rate", loaded.Select(r => r.RequestsPerSecond), "req/s");
        figures.AddMedian("article-ssr-p99", loaded.Select(r => r.P99Milliseconds), "ms");
        figures.Add("article-ssr-failed", loaded.Sum(r => r.Failed), "requests");

        using var http = new HttpClient();
        var firstBytes = new List<double>();
        for (var request = 0; request < 220; request++)
        {
            var from = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync(page, HttpCompletionOption.ResponseHeadersRead, cancel);
            var elapsed = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
            await response.Content.CopyToAsync(Stream.Null, cancel);
            if (request >= 20) firstBytes.Add(elapsed);
        }
        figures.AddMedian("article-ssr-first-byte", firstBytes, "ms");
    }

    static async Task PublishVisible(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        using var writer = await Writer.SignUpAsync(blog, "bench", cancel);
        using var anonymous = new HttpClient { BaseAddress = blog.Origin };
        var article = await writer.CreateAsync("A clock by the sea", "The first text.", cancel);
        article = await writer.PublishAsync(article, cancel);
        var times = new List<double>();
        for (var round = 0; round < 25; round++)
        {
            var mark = $"Mark {Guid.NewGuid():N}";
            await anonymous.GetStringAsync(article.Url, cancel);
            article = await writer.SaveAsync(article, article.Content with { Markdown = $"{Text(2_000)}\n\n{mark}" }, cancel);
            var from = Stopwatch.GetTimestamp();
            article = await writer.PublishAsync(article, cancel);
            while (!(await anonymous.GetStringAsync(article.Url, cancel)).Contains(mark, StringComparison.Ordinal)) await Task.Delay(5, cancel);
            if (round >= 5) times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
        figures.AddMedian("publish-visible", times, "ms");
        figures.Add("publish-visible-worst", times.Max(), "ms");
    }

    static async Task IdleMemory(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        using (var http = new HttpClient { BaseAddress = blog.Origin })
            for (var request = 0; request < 20; request++) await http.GetStringAsync("/", cancel);
        await Task.Delay(TimeSpan.FromSeconds(20), cancel);
        var byProcess = ProcessTree.ProportionalMemory(Environment.ProcessId);
        foreach (var (name, megabytes) in byProcess.OrderByDescending(p => p.Megabytes).Take(12)) Figures.Say($"{megabytes,7:0.0} MB  {name}");
        figures.Add("idle-memory", byProcess.Sum(p => p.Megabytes), "MB");
    }

    static async Task UpWarm(Figures figures, CancellationToken cancel)
    {
        var times = new List<double>();
        await Blog("build", cancel);
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            await Blog("up --detach", cancel);
            times.Add(watch.Elapsed.TotalSeconds);
            await Blog("down", cancel);
        }
        figures.AddMedian("up-warm", times, "s");
    }

    static async Task Import(Figures figures, CancellationToken cancel)
    {
        var folder = Path.GetFullPath("../shared/data/rust-blog/content", RunningBlog.RepositoryRoot);
        if (!Directory.Exists(folder))
        {
            Figures.Say($"import: skipped, there is no {folder}");
            return;
        }
        await using var blog = await RunningBlog.StartAsync(cancel);
        var watch = Stopwatch.StartNew();
        var (code, output) = await blog.ImportAsync(folder, null, cancel);
        figures.Add("import", watch.Elapsed.TotalSeconds, "s");
        Figures.Say(output.TrimEnd().Split('\n')[^1]);
        if (code != 0) throw new InvalidOperationException("The import failed.");
    }

    /// <summary>Imports one article of about 20 KB and returns its path.</summary>
    static async Task<string> ImportArticle(RunningBlog blog, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("blog-bench-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "tides.md"),
                $"---\ntitle: The harbour clock\nauthors: [Ines Marrow]\ndate: 2026-01-02\ntags: [tides]\n---\n\n{Text(20_000)}", cancel);
            var (code, output) = await blog.ImportAsync(folder.FullName, null, cancel);
            return code == 0 ? "/@ines-marrow/tides" : throw new InvalidOperationException($"The import failed:\n{output}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Prose with headings, lists, code and a table, of about so many bytes; the same at every call.</summary>
    static string Text(int bytes)
    {
        string[] words = ["tide", "clock", "water", "harbour", "moon", "arithmetic", "weather", "promise", "mussel", "gauge", "notebook", "quiet", "wrong", "useful", "hand", "hour", "the", "of", "and", "in"];
        var random = new Random(17);
        var text = new StringBuilder();
        for (var part = 1; text.Length < bytes; part++)
        {
            text.Append("## Part ").Append(part).Append(", ").Append(words[random.Next(words.Length)]).Append("\n\n");
            for (var paragraph = 0; paragraph < 3; paragraph++)
                text.AppendJoin(' ', Enumerable.Range(0, 90).Select(_ => words[random.Next(words.Length)])).Append(".\n\n");
            text.Append("- **one** thing\n- [another](https://example.org/)\n\n```rust\nfn main() { println!(\"{}\", 42); } // the lag\n```\n\n| tone | hours |\n|---|---|\n| M2 | 12.42 |\n\n");
        }
        return text.ToString();
    }

    static async Task<(byte[] Body, KeyValuePair<string, string>[] Headers)> Fetch(Uri page, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None });
        using var request = new HttpRequestMessage(HttpMethod.Get, page);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br, gzip");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var response = await http.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsByteArrayAsync(cancel),
            [.. response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Date" or "Content-Length" or "Transfer-Encoding"))
                .Select(h => KeyValuePair.Create(h.Key, string.Join(", ", h.Value)))]);
    }

    static async Task Blog(string arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(RunningBlog.RepositoryRoot, "blog"), arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0) throw new InvalidOperationException($"./blog {arguments} failed:\n{output}");
    }
}
