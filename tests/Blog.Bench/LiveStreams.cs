using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.SystemTesting;

namespace Blog.Bench;

/// <summary>Browsers that hold the stream of their bell open: what they cost, and how soon they hear of something.</summary>
static class LiveStreams
{
    const int People = 50, StreamsEach = 40, Rounds = 12, WarmRounds = 2;
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        // Fifty people stand for two thousand; and nobody signs up at this rate from one address.
        Environment.SetEnvironmentVariable("Blog__Live__StreamsPerPerson", $"{StreamsEach}");
        Environment.SetEnvironmentVariable("Blog__RateLimits__SignIn__Burst", "100000");
        await using var blog = await RunningBlog.StartAsync(cancel);
        using var author = await SignUpAsync(blog, "author", cancel);
        var authorId = await IdAsync(author, cancel);
        var readers = new ConcurrentBag<Writer>();
        await Parallel.ForEachAsync(Enumerable.Range(0, People), new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancel }, async (number, _) =>
        {
            var reader = await SignUpAsync(blog, $"reader-{number}", cancel);
            readers.Add(reader);
            using var response = await reader.Browser.SendAsync(new(HttpMethod.Put, new Uri($"/api/v1/me/following/people/{authorId}", UriKind.Relative)), cancel);
            response.EnsureSuccessStatusCode();
        });
        Figures.Say($"{People} people follow the author");

        // One stream each first: what the code itself and the first of everything take is not a matter of streams.
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = blog.Origin, Timeout = Timeout.InfiniteTimeSpan };
        var streams = readers.Select(reader => new Listener(http, reader)).ToList();
        await OpenAsync(streams, cancel);
        await AnnounceAsync(author, streams, "Nothing yet", cancel);
        await Task.Delay(Settling, cancel);
        var before = Memory();
        var more = readers.SelectMany(reader => Enumerable.Range(1, StreamsEach - 1).Select(_ => new Listener(http, reader))).ToList();
        await OpenAsync(more, cancel);
        streams.AddRange(more);
        await Task.Delay(Settling, cancel);
        var open = Memory();
        Figures.Say($"{streams.Count} streams are open; entrance and service took {before.Sum:0} MB and take {open.Sum:0} MB");

        var delays = new List<double>();
        var slowest = new List<double>();
        for (var round = 0; round < WarmRounds + Rounds; round++)
        {
            var arrivals = await AnnounceAsync(author, streams, $"Part {round}", cancel);
            if (round < WarmRounds) continue;
            delays.AddRange(arrivals);
            slowest.Add(arrivals.Max());
        }
        var busy = Memory();
        delays.Sort();
        figures.Add("live-streams-open", streams.Count, "streams");
        figures.Add("live-streams-growth-idle", open.Sum - before.Sum, "MB");
        figures.Add("live-streams-growth-busy", busy.Sum - before.Sum, "MB");
        figures.Add("live-streams-bff", busy.Bff, "MB");
        figures.Add("live-streams-notifications", busy.Notifications, "MB");
        figures.Add("live-streams-delay-p50", delays[delays.Count / 2], "ms");
        figures.Add("live-streams-delay-p99", delays[(int)(delays.Count * 0.99)], "ms");
        figures.AddMedian("live-streams-delay-last", slowest, "ms");
        foreach (var listener in streams) listener.Dispose();
        foreach (var reader in readers) reader.Dispose();
    }

    /// <summary>A system that has just been started may let its first guests wait longer than they do; they try again under another name.</summary>
    static async Task<Writer> SignUpAsync(RunningBlog blog, string name, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await Writer.SignUpAsync(blog, $"{name}-{attempt}", cancel);
            }
            catch (TimeoutException) when (attempt < 3)
            {
                Figures.Say($"{name} waited in vain for the mail and tries again");
            }
    }

    static async Task OpenAsync(List<Listener> listeners, CancellationToken cancel)
    {
        await Parallel.ForEachAsync(listeners, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel }, async (listener, _) => await listener.OpenAsync(cancel));
        await Task.WhenAll(listeners.Select(listener => listener.Begun)).WaitAsync(Patience, cancel);
    }

    /// <summary>From the publish request to each stream's event, in milliseconds; every one of them, or it fails.</summary>
    static async Task<double[]> AnnounceAsync(Writer author, List<Listener> listeners, string title, CancellationToken cancel)
    {
        var mark = $"{title} {Guid.NewGuid():N}";
        var article = await author.CreateAsync(mark, "A few words.", cancel);
        var arrivals = listeners.ConvertAll(listener => listener.ExpectAsync(mark));
        var from = Stopwatch.GetTimestamp();
        await author.PublishAsync(article, cancel);
        var times = await Task.WhenAll(arrivals).WaitAsync(Patience, cancel);
        return [.. times.Select(at => Stopwatch.GetElapsedTime(from, at).TotalMilliseconds)];
    }

    static (double Bff, double Notifications, double Sum) Memory()
    {
        var all = ProcessTree.ProportionalMemory(Environment.ProcessId);
        double Of(string name) => all.Where(p => p.Name.Contains(name, StringComparison.Ordinal)).Sum(p => p.Megabytes);
        var (bff, notifications) = (Of("Blog.Bff"), Of("Blog.Notifications"));
        return (bff, notifications, bff + notifications);
    }

    static async Task<string> IdAsync(Writer writer, CancellationToken cancel)
    {
        using var response = await writer.Browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), cancel);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("id").GetString()!;
    }

    /// <summary>One stream, as a tab of a reader holds it.</summary>
    sealed class Listener(HttpClient http, Writer reader) : IDisposable
    {
        readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        HttpResponseMessage? response;
        volatile Expectation? expected;

        public Task Begun => begun.Task;

        public async Task OpenAsync(CancellationToken cancel)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me/events");
            request.Headers.TryAddWithoutValidation("Cookie", reader.Browser.CookieHeader);
            request.Headers.Add("X-CSRF", "1");
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            response.EnsureSuccessStatusCode();
            _ = Task.Run(() => ListenAsync(cancel), cancel);
        }

        public Task<long> ExpectAsync(string mark)
        {
            expected = new(mark, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return expected.Arrival.Task;
        }

        async Task ListenAsync(CancellationToken cancel)
        {
            try
            {
                using var lines = new StreamReader(await response!.Content.ReadAsStreamAsync(cancel));
                while (await lines.ReadLineAsync(cancel) is { } line)
                {
                    if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
                    begun.TrySetResult();
                    if (expected is { } waiting && line.Contains(waiting.Mark, StringComparison.Ordinal)) waiting.Arrival.TrySetResult(Stopwatch.GetTimestamp());
                }
            }
            catch (Exception gone) when (gone is IOException or ObjectDisposedException or OperationCanceledException)
            {
                // The end of the benchmark.
            }
        }

        public void Dispose() => response?.Dispose();

        sealed record Expectation(string Mark, TaskCompletionSource<long> Arrival);
    }
}
