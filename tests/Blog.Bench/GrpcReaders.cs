using System.Diagnostics;
using Grpc.Core;

namespace Blog.Bench;

/// <summary>Load by gRPC, each page of somebody else.</summary>
/// <param name="tokens">Authorization headers of people.</param>
/// <param name="connections">Read one page; false: it was not as it should be.</param>
sealed class GrpcReaders(string[] tokens, GrpcReaders.ReadPage[] connections)
{
    public delegate Task<bool> ReadPage(Metadata headers, CancellationToken cancel);

    /// <summary>For so long. Without a rate each connection asks for the next page as soon as it has the last, which keeps the machine full.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="rate">
    /// Pages a second, all connections together. Each is asked for at its time whatever became of the last, and its time counts from when it was due, so that a pause is
    /// counted for everybody whom it would have kept waiting.
    /// </param>
    public async Task<LoadResult> RunAsync(TimeSpan duration, CancellationToken cancel, double? rate = null)
    {
        var from = Stopwatch.GetTimestamp();
        var pause = rate is { } wanted ? TimeSpan.FromSeconds(connections.Length / wanted) : TimeSpan.Zero;
        var rounds = await Task.WhenAll(connections.Select((read, index) => Task.Run(() => ReadAsync(read, index, from, duration, pause, cancel), cancel)));
        var times = rounds.SelectMany(r => r.Times).Order().ToArray();
        return new(times.Length / Stopwatch.GetElapsedTime(from).TotalSeconds, times[times.Length / 2], times[times.Length * 99 / 100], rounds.Sum(r => r.Failed));
    }

    async Task<(List<double> Times, long Failed)> ReadAsync(ReadPage read, int seed, long from, TimeSpan duration, TimeSpan pause, CancellationToken cancel)
    {
        var (random, times, failed) = (new Random(seed), new List<double>(), 0L);
        for (var due = random.NextDouble() * pause; due < duration; due = pause > TimeSpan.Zero ? due + pause : Stopwatch.GetElapsedTime(from))
        {
            if (due - Stopwatch.GetElapsedTime(from) is var early && early > TimeSpan.Zero) await Task.Delay(early, cancel);
            var headers = new Metadata { { "Authorization", tokens[random.Next(tokens.Length)] } };
            try
            {
                if (!await read(headers, cancel)) failed++;
            }
            catch (RpcException)
            {
                failed++;
            }
            times.Add((Stopwatch.GetElapsedTime(from) - due).TotalMilliseconds);
        }
        return (times, failed);
    }
}
