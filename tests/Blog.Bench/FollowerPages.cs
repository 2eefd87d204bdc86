using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.ServiceDefaults.Grpc;
using Blog.SystemTesting;
using Npgsql;

namespace Blog.Bench;

/// <summary>A person with a million followers: any page of them costs what the first one does.</summary>
static class FollowerPages
{
    const int Followers = 1_000_000, PageSize = 100, Requests = 300;
    const string Handle = "star";

    public static readonly Benchmark Benchmark = new($"pages of {PageSize} out of {Followers:N0} followers through the API, at the beginning, in the middle and at the end", RunAsync);

    static async Task RunAsync(Figures figures, CancellationToken cancel)
    {
        await using var blog = await RunningBlog.StartAsync(cancel);
        await using var users = NpgsqlDataSource.Create(await blog.ConnectionStringAsync("users-database", cancel));
        var watch = Stopwatch.StartNew();
        await SeedAsync(users, cancel);
        Figures.Say($"{Followers:N0} people and follows generated in {watch.Elapsed.TotalSeconds:0} s");

        using var http = new HttpClient { BaseAddress = blog.Origin };
        var places = new (string Name, int Offset)[] { ("first", 0), ("middle", Followers / 2), ("last", Followers - (Requests + 1) * PageSize) };
        var tokens = new Dictionary<string, string>();
        foreach (var (name, offset) in places) tokens[name] = await TokenAtAsync(users, offset, cancel);
        var times = places.ToDictionary(place => place.Name, _ => new List<double>());
        foreach (var (name, _) in places) await WalkAsync(http, tokens[name], 20, [], cancel);
        // One page of each place in turn, so that whatever else the machine does meets all three.
        for (var request = 0; request < Requests; request++)
            foreach (var (name, _) in places) tokens[name] = await WalkAsync(http, tokens[name], 1, times[name], cancel);

        foreach (var (name, _) in places)
        {
            figures.AddMedian($"followers-{name}-p50", times[name], "ms");
            figures.Add($"followers-{name}-p99", times[name].Order().ElementAt(Requests * 99 / 100), "ms");
        }
        figures.Add("followers-last-to-first", Figures.Median(times["last"]) / Figures.Median(times["first"]), "ratio");
    }

    /// <summary>Reads pages in a row; none of them was asked for before, so none comes from a cache.</summary>
    static async Task<string> WalkAsync(HttpClient http, string token, int pages, List<double> times, CancellationToken cancel)
    {
        for (var page = 0; page < pages; page++)
        {
            var from = Stopwatch.GetTimestamp();
            var answer = await http.GetFromJsonAsync<JsonElement>($"/api/v1/people/{Handle}/followers?pageSize={PageSize}&pageToken={token}", cancel);
            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            if (answer.GetProperty("items").GetArrayLength() != PageSize) throw new InvalidOperationException("A page is not full.");
            token = answer.GetProperty("nextPageToken").GetString()!;
        }
        return token;
    }

    /// <summary>The token with which the page after this many followers begins.</summary>
    static async Task<string> TokenAtAsync(NpgsqlDataSource users, int offset, CancellationToken cancel)
    {
        await using var command = users.CreateCommand("select follow_time, id from follows where kind = 1 order by follow_time desc, id desc offset $1 limit 1");
        command.Parameters.Add(new() { Value = offset });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new PageToken(reader.GetFieldValue<DateTimeOffset>(0), reader.GetGuid(1)).ToString();
    }

    static async Task SeedAsync(NpgsqlDataSource users, CancellationToken cancel)
    {
        await using var batch = users.CreateBatch();
        batch.Timeout = 600;
        foreach (var sql in new[]
        {
            "create temporary table fans as select gen_random_uuid() as id, n from generate_series(0, " + Followers.ToString(CultureInfo.InvariantCulture) + ") n",
            $"insert into profiles (id, handle, name, bio, create_time, revision) select id, case n when 0 then '{Handle}' else 'fan-' || n end, 'Fan ' || n, 'Reads about tides and engines.', now(), 1 from fans",
            "insert into handles (handle, profile_id, taken_time) select handle, id, now() from profiles",
            "insert into follow_budgets (person_id, people) select id, 1 from fans where n > 0",
            """
            insert into follows (follower_id, kind, target_id, id, follow_time)
            select id, 1, (select id::text from fans where n = 0), gen_random_uuid(), now() - n * interval '7 seconds' from fans where n > 0 order by random()
            """,
            "insert into follower_counts (kind, target_id, shard, followers) select 1, target_id, get_byte(uuid_send(follower_id), 15) % 16, count(*) from follows group by 2, 3",
            "analyze",
        })
            batch.BatchCommands.Add(new(sql));
        await batch.ExecuteNonQueryAsync(cancel);
    }
}
