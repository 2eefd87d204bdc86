using System.Globalization;
using Blog.Recommendations;
using Blog.Recommendations.Data;
using Blog.Recommendations.People;
using Blog.Recommendations.Ranking;
using Blog.Recommendations.Shelves;
using Blog.Recommendations.Similarity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Blog.Bench.Recommending;

/// <summary>
/// Finds what people will read. The population reads for 106 days, which the service is told; then each person's first 20 recommendations are compared with what that person read in the 14 days
/// after, of what was published before. The service's own workers, candidates and formula do it; the two it is compared with see the same.
/// </summary>
static class Quality
{
    const int First = 20;
    const double FreshDays = 7;
    static readonly DateTime Begin = new(2026, 6, 1, 0, 0, 0, DateTimeKind.Utc);
    static readonly double Split = Population.Days - Population.TestDays;

    static DateTime At(double day) => Begin.AddTicks((long)(day * TimeSpan.TicksPerDay / 10) * 10);
    static Guid Person(int index) => new(index, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    static Guid Author(int index) => Person(1_000_000 + index);

    public static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        var population = new Population();
        var known = Enumerable.Range(0, Population.Articles).Where(i => population.Library[i].Day < Split).ToArray();
        var before = population.Readings.Where(r => r.Day < Split).ToLookup(r => r.Person);
        var after = population.Readings.Where(r => r.Day >= Split && population.Library[r.Article].Day < Split).ToLookup(r => r.Person, r => r.Article);
        var clock = new At106(At(Split));
        await using var world = await RecommendationsWorld.StartAsync(clock, connection => FillAsync(connection, population, known, cancel), cancel);
        await CompareTextsAsync(world.Host.Services, population, known, cancel);
        await MeasuredAsync(world.Host.Services.GetRequiredService<RecommendationsDatabase>(), cancel);
        await world.RestartAsync();
        var services = world.Host.Services;
        await services.GetRequiredService<Catalogue>().LoadedAsync(cancel);
        Figures.Say($"recommendation-quality: {before.Sum(p => p.Count()):N0} readings before, {after.Sum(p => p.Count()):N0} after");

        var people = after.Where(person => person.Count() >= 3 && before[person.Key].Count() >= 5).Select(person => person.Key).Order().ToArray();
        var cold = after.Where(person => person.Count() >= 2 && before[person.Key].Count() is < 5).Select(person => person.Key).Order().ToArray();
        var popularity = before.SelectMany(p => p).Where(r => r.Day > Split - 14).CountBy(r => r.Article).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key).ToArray();
        var everPopular = before.SelectMany(p => p).CountBy(r => r.Article).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Select(c => c.Key).ToArray();
        var newest = known.Reverse().ToArray();

        var ranked = await RankAsync(services, population, people.Concat(cold), Formula.Default, cancel);
        Report("default", person => ranked[person]);
        Report("popular", person => Unread(person, popularity));
        Report("ever-popular", person => Unread(person, everPopular));
        Report("newest", person => Unread(person, newest));
        figures.Add("recommendation-quality-people", people.Length, "people");
        figures.Add("recommendation-quality-against-popular", Recall(people, person => ranked[person]) / Math.Max(Recall(people, p => Unread(p, popularity)), Recall(people, p => Unread(p, everPopular))), "ratio");
        foreach (var left in Enum.GetValues<Feature>().Where(f => f is Feature.Similar or Feature.CoRead or Feature.Popular or Feature.FollowedPerson or Feature.ReadTopic))
        {
            var without = await RankAsync(services, population, people, Formula.From("without", new Dictionary<string, double> { [left.ToString()] = 0 }), cancel);
            figures.Add($"recommendation-quality-without-{left.ToString().ToLowerInvariant()}-recall", Recall(people, person => without[person]), "ratio");
        }

        // Formulas to try: name:Feature=weight,Feature=weight;name:…
        foreach (var tried in (Environment.GetEnvironmentVariable("BLOG_BENCH_FORMULAS") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(':')))
        {
            var formula = Formula.From(tried[0], tried[1].Split(',').Select(weight => weight.Split('=')).ToDictionary(weight => weight[0], weight => double.Parse(weight[1], CultureInfo.InvariantCulture)));
            var by = await RankAsync(services, population, people.Concat(cold), formula, cancel);
            Report(tried[0], person => by[person]);
        }

        int[] Unread(int person, int[] order)
        {
            var read = before[person].Select(r => r.Article).ToHashSet();
            return [.. order.Where(article => !read.Contains(article)).Take(First)];
        }

        double Recall(int[] some, Func<int, int[]> recommended) => some.Average(person => after[person].Intersect(recommended(person)).Count() / (double)after[person].Count());

        void Report(string name, Func<int, int[]> recommended)
        {
            figures.Add($"recommendation-quality-{name}-recall-20", Recall(people, recommended), "ratio");
            figures.Add($"recommendation-quality-{name}-ndcg-20", people.Average(person => Gain(recommended(person), after[person].ToHashSet())), "ratio");
            figures.Add($"recommendation-quality-{name}-cold-recall-20", Recall(cold, recommended), "ratio");
            var shown = people.SelectMany(recommended).ToArray();
            figures.Add($"recommendation-quality-{name}-authors", shown.Select(a => population.Library[a].Author).Distinct().Count() / (double)known.Select(a => population.Library[a].Author).Distinct().Count(), "ratio");
            figures.Add($"recommendation-quality-{name}-fresh", shown.Count(a => population.Library[a].Day > Split - FreshDays) / (double)shown.Length, "ratio");
        }
    }

    /// <summary>nDCG of a list in which each that was read later gains one.</summary>
    static double Gain(int[] recommended, HashSet<int> wanted) =>
        recommended.Select((article, place) => wanted.Contains(article) ? 1 / Math.Log2(place + 2) : 0).Sum() / Enumerable.Range(0, Math.Min(First, wanted.Count)).Sum(place => 1 / Math.Log2(place + 2));

    static async Task<Dictionary<int, int[]>> RankAsync(IServiceProvider services, Population population, IEnumerable<int> people, Formula formula, CancellationToken cancel)
    {
        var ranker = new Ranker(services.GetRequiredService<Catalogue>(), services.GetRequiredService<IOptions<RecommendationsOptions>>());
        var ranked = new Dictionary<int, int[]>();
        foreach (var person in people)
        {
            var profile = await services.GetRequiredService<Profiles>().ReadAsync(Person(person), cancel);
            // Articles are numbered from 1 in the order of the library.
            ranked[person] = [.. ranker.Rank(profile, formula, At(Split), (uint)person, [], First).Select(r => r.Article.Number - 1)];
        }
        return ranked.Values.All(list => list.All(a => a < population.Library.Length)) ? ranked : throw new InvalidOperationException("A number is no article's.");
    }

    static async Task FillAsync(NpgsqlConnection connection, Population population, int[] known, CancellationToken cancel)
    {
        await RecommendationsWorld.CopyAsync(connection, "articles (article_id, author_id, revision, published, publish_time, topics)", known.Select(index => (Action<NpgsqlBinaryImporter>)(row =>
        {
            var article = population.Library[index];
            row.Write(Person(2_000_000 + index));
            row.Write(Author(article.Author));
            row.Write(1L);
            row.Write(true);
            row.Write(At(article.Day), NpgsqlDbType.TimestampTz);
            row.Write(article.Topics.Select(topic => $"topic-{topic}").ToArray());
        })), cancel);
        await RecommendationsWorld.CopyAsync(connection, "signals (person_id, number, read_at, fraction, finished, claps, last_at)", population.Readings.Where(r => r.Day < Split).Select(reading => (Action<NpgsqlBinaryImporter>)(row =>
        {
            row.Write(Person(reading.Person));
            row.Write(reading.Article + 1);
            row.Write(At(reading.Day), NpgsqlDbType.TimestampTz);
            row.Write(reading.Finished ? 1f : 0.5f);
            row.Write(reading.Finished);
            row.Write((short)reading.Claps);
            row.Write(At(reading.Day), NpgsqlDbType.TimestampTz);
        })), cancel);
        await RecommendationsWorld.CopyAsync(connection, "follows (person_id, kind, target)", Enumerable.Range(0, Population.People).SelectMany(person =>
            population.FollowedAuthors[person].Select(author => ((short)FollowKind.Person, Author(author).ToString())).Concat(population.FollowedTopics[person].Select(topic => ((short)FollowKind.Topic, $"topic-{topic}")))
                .Select(follow => (Action<NpgsqlBinaryImporter>)(row =>
                {
                    row.Write(Person(person));
                    row.Write(follow.Item1);
                    row.Write(follow.Item2);
                }))), cancel);
        await using var analyze = new NpgsqlCommand("analyze", connection);
        await analyze.ExecuteNonQueryAsync(cancel);
    }

    static async Task CompareTextsAsync(IServiceProvider services, Population population, int[] known, CancellationToken cancel)
    {
        var worker = services.GetRequiredService<TextWorker>();
        await using var connection = await services.GetRequiredService<RecommendationsDatabase>().Source.OpenConnectionAsync(cancel);
        foreach (var some in known.Chunk(250))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            foreach (var index in some)
                await worker.ReplaceAsync(connection, index + 1, population.WordsOf(index), cancel);
            await transaction.CommitAsync(cancel);
        }
        Figures.Say("recommendation-quality: texts are compared");
    }

    /// <summary>Until every audience is measured, and the weights of words are those of the whole library.</summary>
    static async Task MeasuredAsync(RecommendationsDatabase database, CancellationToken cancel)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        // How near two audiences are depends on the size of both: as if each had been measured before.
        await connection.DoAsync("insert into audiences select number, count(*), 0.5, '-infinity', '-infinity', '{}', '{}' from signals group by number", [], cancel);
        await connection.DoAsync("insert into audience_jobs select number, '2000-01-01' from articles", [], cancel);
        while ((await connection.ListAsync<bool>("select exists (select from audience_jobs) or exists (select from vectors where corpus <= (select count(*) from vectors) / 2)", [], cancel))[0])
            await Task.Delay(100, cancel);
        Figures.Say("recommendation-quality: audiences are measured");
    }

    /// <summary>Stands still.</summary>
    sealed class At106(DateTime now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
