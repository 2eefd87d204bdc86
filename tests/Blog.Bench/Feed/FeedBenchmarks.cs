using System.Diagnostics;

namespace Blog.Bench.Feed;

/// <summary>Reading and spreading on 100,000 people and 5,000,000 follows.</summary>
static class FeedBenchmarks
{
    const int Connections = 64, Rounds = 5;
    static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(5);

    public static async Task Read(Figures figures, CancellationToken cancel)
    {
        var world = await FeedWorld.GetAsync(cancel);
        var readers = world.Readers(Connections, seed: 1);
        await readers.RunAsync(4 * RoundTime, cancel);
        // First as much as the machine gives, then half of that: what a reader waits for on a machine that is busy but not drowned.
        var full = await RoundsAsync(rate: null);
        await RoundsAsync(full.Order().ElementAt(Rounds / 2) / 2);
        figures.AddMedian("feed-read-rate", full, "req/s");

        async Task<List<double>> RoundsAsync(double? rate)
        {
            var rounds = new List<LoadResult>();
            for (var round = 0; round < Rounds; round++)
            {
                rounds.Add(await readers.RunAsync(RoundTime, cancel, rate));
                Figures.Say($"round {round + 1}: {rounds[^1].RequestsPerSecond:0}/s, p50 {rounds[^1].P50Milliseconds:0.0} ms, p99 {rounds[^1].P99Milliseconds:0.0} ms");
            }
            var load = rate is null ? "full" : "half";
            figures.AddMedian($"feed-read-{load}-p50", rounds.Select(r => r.P50Milliseconds), "ms");
            figures.AddMedian($"feed-read-{load}-p99", rounds.Select(r => r.P99Milliseconds), "ms");
            figures.Add($"feed-read-{load}-failed", rounds.Sum(r => r.Failed), "requests");
            return [.. rounds.Select(r => r.RequestsPerSecond)];
        }
    }

    public static async Task FanOut(Figures figures, CancellationToken cancel)
    {
        var world = await FeedWorld.GetAsync(cancel);
        // Chunks go in the order of ids: the last follower is the last to get it.
        var ofTen = Sample(FeedGraph.FollowersOfTenThousand).Select(world.As).ToArray();
        var ofAMillion = Sample(FeedGraph.FollowersOfAMillion).Select(world.As).ToArray();
        await RoundAsync();

        var (ten, million) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var times = await RoundAsync();
            ten.Add(times.Ten);
            million.Add(times.Million);
            Figures.Say($"round {round + 1}: 10,000 followers {times.Ten:0} ms, 1,000,000 followers {times.Million:0} ms");
        }
        figures.AddMedian("fan-out-10000-visible", ten, "ms");
        figures.Add("fan-out-10000-visible-worst", ten.Max(), "ms");
        figures.AddMedian("fan-out-1000000-visible", million, "ms");
        figures.Add("fan-out-1000000-visible-worst", million.Max(), "ms");

        // The same while others read, a little slower than the machine could.
        var readers = world.Readers(8, seed: 2);
        var quiet = await readers.RunAsync(2 * RoundTime, cancel);
        var reading = readers.RunAsync(2 * RoundTime, cancel);
        (ten, million) = ([], []);
        while (!reading.IsCompleted)
        {
            var times = await RoundAsync();
            ten.Add(times.Ten);
            million.Add(times.Million);
        }
        var busy = await reading;
        figures.AddMedian("fan-out-10000-visible-under-load", ten, "ms");
        figures.AddMedian("fan-out-1000000-visible-under-load", million, "ms");
        figures.Add("fan-out-read-p99-without", quiet.P99Milliseconds, "ms");
        figures.Add("fan-out-read-p99-during", busy.P99Milliseconds, "ms");
        figures.Add("fan-out-read-failed", quiet.Failed + busy.Failed, "requests");

        async Task<(double Ten, double Million)> RoundAsync()
        {
            var from = Stopwatch.GetTimestamp();
            var article = await world.PublishAsync(FeedGraph.WithTenThousand, cancel);
            var forTen = await world.VisibleToAllAsync(article, ofTen, from, cancel);
            if (await world.EntriesOfAsync(article, cancel) is var entries && entries != FeedGraph.People / 10)
                throw new InvalidOperationException($"The last follower has it, but only {entries:N0} entries are written.");
            from = Stopwatch.GetTimestamp();
            article = await world.PublishAsync(FeedGraph.WithAMillion, cancel);
            var forAMillion = await world.VisibleToAllAsync(article, ofAMillion, from, cancel);
            return (forTen.TotalMilliseconds, forAMillion.TotalMilliseconds);
        }
    }

    /// <summary>The last, then the first and some between.</summary>
    static IEnumerable<Guid> Sample(IEnumerable<int> followers)
    {
        var all = followers.ToArray();
        var random = new Random(3);
        return new[] { all[^1], all[0] }.Concat(Enumerable.Range(0, 30).Select(_ => all[random.Next(all.Length)])).Select(FeedGraph.Person);
    }
}
