using System.Globalization;
using Blog.Recommendations;
using Blog.Recommendations.People;
using Blog.Recommendations.Ranking;
using Blog.Recommendations.Shelves;
using Blog.Recommendations.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Blog.Bench.Recommending;

/// <summary>
/// First pages of "for you" of random people, by gRPC with a token of each. Articles of two years by authors and in topics of a power law; each person follows people and topics and has
/// read some, mostly popular ones; every article has its neighbours. Set BLOG_BENCH_SIZE for fewer than 100,000 of each.
/// </summary>
static class RankedHome
{
    const int Connections = 32, Rounds = 5, Topics = 500, Neighbours = 24, Seed = 23;
    static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(5);
    static readonly int Size = int.Parse(Environment.GetEnvironmentVariable("BLOG_BENCH_SIZE") ?? "100000", CultureInfo.InvariantCulture);
    static readonly DateTime Now = DateTime.UtcNow;

    static Guid Person(int number) => new(number, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static Guid Article(int number) => new(number, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        await using var world = await RecommendationsWorld.StartAsync(TimeProvider.System, connection => FillAsync(connection, cancel), cancel);
        await world.Host.Services.GetRequiredService<Catalogue>().LoadedAsync(cancel);
        var random = new Random(Seed);
        var tokens = Enumerable.Range(0, 5_000).Select(_ => "Bearer " + world.Issuer.PersonToken(Person(random.Next(Size)))).ToArray();
        var readers = new GrpcReaders(tokens, [.. Enumerable.Range(0, Connections).Select(_ => new ForYou.ForYouClient(world.Host.CallInvoker()))
            .Select(client => (GrpcReaders.ReadPage)(async (headers, token) => (await client.ListForYouAsync(new(), headers, cancellationToken: token)).Articles.Count == 20))]);
        await readers.RunAsync(2 * RoundTime, cancel);
        var rounds = new List<LoadResult>();
        var cpu = Environment.CpuUsage.TotalTime;
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add(await readers.RunAsync(RoundTime, cancel));
            Figures.Say($"round {round + 1}: {rounds[^1].RequestsPerSecond:0}/s, p50 {rounds[^1].P50Milliseconds:0.0} ms, p99 {rounds[^1].P99Milliseconds:0.0} ms");
        }
        // Says what a page costs also when others want the processors.
        figures.Add("ranked-home-processor", (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / rounds.Sum(r => r.RequestsPerSecond * RoundTime.TotalSeconds), "ms");
        var (rank, profiles) = (new Ranker(world.Host.Services.GetRequiredService<Catalogue>(), world.Host.Services.GetRequiredService<IOptions<RecommendationsOptions>>()), new List<Profile>());
        for (var i = 0; i < 300; i++) profiles.Add(await world.Host.Services.GetRequiredService<Profiles>().ReadAsync(Person(random.Next(Size)), cancel));
        cpu = Environment.CpuUsage.TotalTime;
        foreach (var profile in profiles) rank.Rank(profile, Formula.Default, DateTime.UtcNow, 1, [], 20);
        figures.Add("ranked-home-processor-of-ranking", (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / profiles.Count, "ms");
        figures.AddMedian("ranked-home-rate", rounds.Select(r => r.RequestsPerSecond), "req/s");
        figures.AddMedian("ranked-home-p50", rounds.Select(r => r.P50Milliseconds), "ms");
        figures.AddMedian("ranked-home-p99", rounds.Select(r => r.P99Milliseconds), "ms");
        var half = await readers.RunAsync(2 * RoundTime, cancel, Figures.Median(rounds.Select(r => r.RequestsPerSecond)) / 2);
        figures.Add("ranked-home-half-load-p99", half.P99Milliseconds, "ms");
        figures.Add("ranked-home-failed", rounds.Sum(r => r.Failed), "requests");
    }

    static async Task FillAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var random = new Random(Seed);
        var ofTopic = Enumerable.Range(0, Topics).Select(_ => new List<int>()).ToArray();
        var topics = new int[Size][];
        for (var number = 0; number < Size; number++)
        {
            topics[number] = [.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Rank(random, Topics, 0.7)).Distinct()];
            foreach (var topic in topics[number]) ofTopic[topic].Add(number);
        }
        await using (var set = new NpgsqlCommand("set synchronous_commit = off", connection)) await set.ExecuteNonQueryAsync(cancel);
        await RecommendationsWorld.CopyAsync(connection, "articles (article_id, author_id, revision, published, publish_time, topics)", Enumerable.Range(0, Size).Select(number => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(Article(number));
            row.Write(Person(Rank(random, Math.Max(1, Size / 5), 0.5)));
            row.Write(1L);
            row.Write(true);
            row.Write(Now.AddDays(-730 * random.NextDouble()), NpgsqlDbType.TimestampTz);
            row.Write(topics[number].Select(topic => $"topic-{topic}").ToArray());
        })), cancel);
        // Numbers are given in order, from 1.
        await RecommendationsWorld.CopyAsync(connection, "audiences (number, readers, finished, popular, trend, co_read, co_score)", Enumerable.Range(0, Size).Select(number => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(number + 1);
            row.Write(1 + Rank(random, 2_000, 0.8));
            row.Write((float)random.NextDouble());
            row.Write(50 + 8 * random.NextDouble());
            row.Write(690 + 12 * random.NextDouble());
            Nearby(row, number);
        })), cancel);
        await RecommendationsWorld.CopyAsync(connection, "similar_texts (number, numbers, scores)", Enumerable.Range(0, Size).Select(number => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(number + 1);
            Nearby(row, number);
        })), cancel);
        Figures.Say($"ranked-home: {Size:N0} articles are in");
        long signals = 0, follows = 0;
        var seen = new HashSet<int>();
        await RecommendationsWorld.CopyAsync(connection, "signals (person_id, number, read_at, fraction, finished, claps, last_at)", Enumerable.Range(0, Size).SelectMany(person =>
        {
            seen.Clear();
            var wanted = Math.Min(300, 8 / Math.Pow(1 - random.NextDouble(), 1 / 1.5));
            for (var tries = 0; seen.Count < wanted && tries < 1_000; tries++) seen.Add(Rank(random, Size, 0.6));
            signals += seen.Count;
            return seen.Select(number => (Action<NpgsqlBinaryImporter>)(row =>
            {
                var at = Now.AddDays(-120 * random.NextDouble());
                row.Write(Person(person));
                row.Write(number + 1);
                row.Write(at, NpgsqlDbType.TimestampTz);
                row.Write(1f);
                row.Write(true);
                row.Write((short)(random.Next(5) == 0 ? 10 : 0));
                row.Write(at, NpgsqlDbType.TimestampTz);
            })).ToArray();
        }), cancel);
        await RecommendationsWorld.CopyAsync(connection, "follows (person_id, kind, target)", Enumerable.Range(0, Size).SelectMany(person =>
        {
            var wished = (int)Math.Min(500, 8 / Math.Pow(1 - random.NextDouble(), 1 / 1.5));
            var followed = Enumerable.Range(0, wished).Select(_ => (Kind: 1, Target: Person(Rank(random, Math.Max(1, Size / 5), 0.5)).ToString()))
                .Concat(Enumerable.Range(0, 3).Select(_ => (Kind: 3, Target: $"topic-{Rank(random, Topics, 0.7)}"))).Distinct().ToArray();
            follows += followed.Length;
            return followed.Select(follow => (Action<NpgsqlBinaryImporter>)(row =>
            {
                row.Write(Person(person));
                row.Write((short)follow.Kind);
                row.Write(follow.Target);
            }));
        }), cancel);
        foreach (var sql in new[] { "analyze", "vacuum signals", "vacuum follows" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
        Figures.Say($"ranked-home: {signals:N0} readings and {follows:N0} follows are in");

        void Nearby(NpgsqlBinaryImporter row, int number)
        {
            var shelf = ofTopic[topics[number][0]];
            row.Write(Enumerable.Range(0, Neighbours).Select(_ => 1 + shelf[random.Next(shelf.Count)]).ToArray());
            row.Write(Enumerable.Range(0, Neighbours).Select(rank => 0.4f / (1 + rank / 4f)).ToArray());
        }
    }

    /// <summary>A rank from 0, by inverse of the continuous power law with this exponent (below 1).</summary>
    static int Rank(Random random, int count, double exponent) => Math.Min(count - 1, (int)(count * Math.Pow(random.NextDouble(), 1 / (1 - exponent))));
}
