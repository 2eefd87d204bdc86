using System.Diagnostics;
using Blog.SystemTesting;
using Blog.Testing;

namespace Blog.Bench.Writing;

/// <summary>A hundred people who type without a pause: each saves 20 KB every two seconds, through the public entrance.</summary>
static class Autosave
{
    const int People = 100, TextLength = 20_000, AtOnce = 4;
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(2), Warming = TimeSpan.FromSeconds(10), Measured = TimeSpan.FromSeconds(40);

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        // They all come from one address.
        Environment.SetEnvironmentVariable("Blog__RateLimits__SignIn__Burst", "100000");
        await using var blog = await RunningBlog.StartAsync(cancel);
        var writers = new Writer[People];
        await Parallel.ForEachAsync(Enumerable.Range(0, People), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (index, stop) => writers[index] = await Writer.SignUpAsync(blog, $"saver{index}", stop));
        Figures.Say($"{People} people are signed in");
        try
        {
            var from = Stopwatch.GetTimestamp();
            var times = (await Task.WhenAll(writers.Select((writer, index) => Task.Run(() => WriteAsync(writer, index, from, cancel), cancel)))).SelectMany(t => t).Order().ToArray();
            figures.Add("autosave-saves", times.Length / Measured.TotalSeconds, "saves/s");
            figures.Add("autosave-p50", times[times.Length / 2], "ms");
            figures.Add("autosave-p99", times[times.Length * 99 / 100], "ms");
            figures.Add("autosave-worst", times[^1], "ms");
        }
        finally
        {
            foreach (var writer in writers) writer.Dispose();
        }
    }

    static async Task<List<double>> WriteAsync(Writer writer, int index, long from, CancellationToken cancel)
    {
        var (prose, times) = (new Prose(index), new List<double>());
        var article = await writer.CreateAsync($"Draft of {writer.Handle}", prose.Text(TextLength), cancel);
        for (var due = Interval * index / People; due < Warming + Measured; due += Interval)
        {
            if (due - Stopwatch.GetElapsedTime(from) is var early && early > TimeSpan.Zero) await Task.Delay(early, cancel);
            article = await writer.SaveAsync(article, article.Content with { Markdown = prose.Edited(article.Content.Markdown) }, cancel, Guid.NewGuid().ToString());
            // Late is late: the time counts from when it was due.
            if (due >= Warming) times.Add((Stopwatch.GetElapsedTime(from) - due).TotalMilliseconds);
        }
        return times;
    }
}
