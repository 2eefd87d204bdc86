using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Blog.Chaos;
using Blog.Testing;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Blog.Bench;

/// <summary>
/// The backbone alone, between two services of one table each: commit, outbox, relay, broker, consumer, inbox, effect, commit. PostgreSQL waits for the disk as it is set up by
/// the tests (it does not), everything shares the machine.
/// </summary>
static class EventBenchmarks
{
    const int Keys = 400;

    /// <summary>Events whose effects are committed in a second, from the first commit to the last effect.</summary>
    public static async Task Throughput(Figures figures, CancellationToken cancel)
    {
        await using var world = await World.StartAsync(cancel);
        // Until the runtime has compiled for good what is called often: about this many events.
        await world.RunAsync(20_000, eventsOfCommand: 20, workers: 2, cancel);
        await world.RunAsync(6_000, eventsOfCommand: 1, workers: 8, cancel);
        await world.RunAsync(20_000, eventsOfCommand: 20, workers: 2, cancel);
        var (grouped, single) = (new List<double>(), new List<double>());
        for (var round = 0; round < 5; round++)
        {
            grouped.Add(20_000 / (await world.RunAsync(20_000, eventsOfCommand: 20, workers: 2, cancel)).TotalSeconds);
            single.Add(6_000 / (await world.RunAsync(6_000, eventsOfCommand: 1, workers: 8, cancel)).TotalSeconds);
            Figures.Say($"round {round + 1}: {grouped[^1]:0}/s, one event a command {single[^1]:0}/s");
        }
        figures.AddMedian("events-throughput-rate", grouped, "event/s");
        figures.AddMedian("events-throughput-single", single, "event/s");
    }

    /// <summary>From the change to its committed effect, at 200 commands a second.</summary>
    public static async Task Latency(Figures figures, CancellationToken cancel)
    {
        await using var world = await World.StartAsync(cancel);
        await world.RunAsync(2_000, eventsOfCommand: 1, workers: 4, cancel);
        using var delays = new Delays();
        var commands = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var number = 0; number < 200 * 20; number++)
        {
            var due = TimeSpan.FromMilliseconds(5 * number) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero) await Task.Delay(due, cancel);
            commands.Add(world.CommandAsync(number % Keys, 1, cancel));
        }
        await Task.WhenAll(commands);
        await world.UntilSettledAsync(cancel);
        var sorted = delays.Milliseconds.Order().ToArray();
        figures.Add("events-latency-p50", sorted[sorted.Length / 2], "ms");
        figures.Add("events-latency-p99", sorted[sorted.Length * 99 / 100], "ms");
        figures.Add("events-latency-worst", sorted[^1], "ms");
    }

    /// <summary>What the consumer itself measures: from the time in the event to the commit of its effect.</summary>
    sealed class Delays : IDisposable
    {
        readonly MeterListener listener = new();

        public ConcurrentBag<double> Milliseconds { get; } = [];

        public Delays()
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "blog.events.delay") listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Milliseconds.Add(seconds * 1000));
            listener.Start();
        }

        public void Dispose() => listener.Dispose();
    }

    sealed class World : IAsyncDisposable
    {
        readonly PostgresFixture postgres = new();
        readonly BrokerFixture broker = new();
        readonly Guid[] keys = [.. Enumerable.Range(0, Keys).Select(_ => Guid.CreateVersion7())];
        Ledger ledger = null!;
        WebApplication service = null!, follower = null!;
        NpgsqlDataSource effects = null!;
        long events;

        public static async Task<World> StartAsync(CancellationToken cancel)
        {
            var world = new World();
            await world.postgres.InitializeAsync();
            await world.broker.InitializeAsync();
            world.ledger = new("ledger", "reader", await world.postgres.CreateDatabaseAsync(), await world.postgres.CreateDatabaseAsync(), world.broker.BootstrapServers);
            world.service = await world.ledger.StartServiceAsync(cancel);
            world.follower = await world.ledger.StartFollowerAsync(null, cancel);
            world.effects = NpgsqlDataSource.Create(world.ledger.GroupDatabase);
            return world;
        }

        public async Task<TimeSpan> RunAsync(int count, int eventsOfCommand, int workers, CancellationToken cancel)
        {
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(Enumerable.Range(0, count / eventsOfCommand), new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancel },
                async (number, stop) => await CommandAsync(number * eventsOfCommand % Keys, eventsOfCommand, stop));
            await UntilSettledAsync(cancel);
            return Stopwatch.GetElapsedTime(started);
        }

        public Task CommandAsync(int first, int count, CancellationToken cancel)
        {
            Interlocked.Add(ref events, count);
            return ledger.CountAsync(service, keys.AsMemory(first, count), Guid.CreateVersion7(), cancel);
        }

        public async Task UntilSettledAsync(CancellationToken cancel)
        {
            // The sequence is asked, not the rows: counting them would cost what is measured.
            while (true)
            {
                await using var last = effects.CreateCommand("select coalesce((select max(serial) from entries), 0)");
                if ((long)(await last.ExecuteScalarAsync(cancel))! >= Volatile.Read(ref events)) return;
                await Task.Delay(5, cancel);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await follower.DisposeAsync();
            await service.DisposeAsync();
            await effects.DisposeAsync();
            await broker.DisposeAsync();
            await postgres.DisposeAsync();
        }
    }
}
