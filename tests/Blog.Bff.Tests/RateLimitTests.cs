using System.Net;
using Blog.Bff.Tests.World;
using Blog.Testing;

namespace Blog.Bff.Tests;

public sealed class RateLimitTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Addresses are counted in Redis, and all tests come from the same one: those that count by address have a Redis of their own.</summary>
    static async Task<RedisFixture> OwnRedis()
    {
        var own = new RedisFixture();
        await own.InitializeAsync();
        return own;
    }

    static (string, string)[] Few(string bucket) => [($"Blog:RateLimits:{bucket}:Burst", "3"), ($"Blog:RateLimits:{bucket}:PerSecond", "0.01")];

    [Fact]
    public async Task An_address_that_asks_too_much_is_told_when_to_come_back_while_known_pages_go_on()
    {
        await using var own = await OwnRedis();
        await using var world = await BffWorld.StartAsync(own, null, Few("Reads"));
        world.Site.Page("/", () => "home", "list");
        world.Site.Page("/write", () => "editor");

        await world.Client.GetAsync("/", Cancel);
        await world.Client.GetAsync("/write", Cancel);
        (await world.Client.GetAsync("/write", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await world.Client.GetAsync("/write", Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(100));
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await world.Client.GetStringAsync("/", Cancel)).ShouldBe("home");
        (await world.Client.GetAsync("/health", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_person_in_a_browser_gets_a_page_that_says_so()
    {
        await using var own = await OwnRedis();
        await using var world = await BffWorld.StartAsync(own, null, Few("Reads"));
        world.Client.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        for (var i = 0; i < 3; i++) await world.Client.GetAsync("/write", Cancel);
        var refused = await world.Client.GetAsync("/write", Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await refused.Content.ReadAsStringAsync(Cancel)).ShouldContain("<h1>A little slower, please</h1>");
    }

    [Fact]
    public async Task Searching_is_counted_apart_so_that_reading_goes_on()
    {
        await using var own = await OwnRedis();
        await using var world = await BffWorld.StartAsync(own, null, Few("Search"));
        world.Site.Page("/search", () => "results");
        world.Site.Page("/write", () => "editor");

        for (var i = 0; i < 3; i++) (await world.Client.GetAsync($"/search?q={i}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await world.Client.GetAsync("/search?q=4", Cancel)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await world.Client.GetAsync("/write", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Instances_count_together()
    {
        await using var own = await OwnRedis();
        await using var world = await BffWorld.StartAsync(own, null, Few("Reads"));
        using var elsewhere = world.NewBrowser(world.StartAnother());

        await world.Client.GetAsync("/write", Cancel);
        await elsewhere.GetAsync("/write", Cancel);
        await world.Client.GetAsync("/write", Cancel);

        (await elsewhere.GetAsync("/write", Cancel)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Without_Redis_each_instance_counts_for_itself()
    {
        await using var own = await OwnRedis();
        await using var world = await BffWorld.StartAsync(own, null, Few("Reads"));
        world.Site.Page("/write", () => "editor");
        await own.StopAsync();

        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++) answers.Add((await world.Client.GetAsync("/write", Cancel)).StatusCode);

        answers.ShouldBe([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task A_person_is_counted_apart_from_the_address_and_writing_apart_from_reading()
    {
        await using var world = await BffWorld.StartAsync(redis, null, Few("PersonWrites"));
        var author = await world.SignInAsync();
        Task<HttpResponseMessage> Save() => author.PostAsync("/api/v1/me/articles", new StringContent("{}", null, "application/json"), Cancel);

        for (var i = 0; i < 3; i++) (await Save()).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Save()).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        (await author.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Identity.Subject = Guid.CreateVersion7().ToString();
        var other = await world.SignInAsync("grace");
        (await other.PostAsync("/api/v1/me/articles", new StringContent("{}", null, "application/json"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Guessing_passwords_is_slow_and_a_forged_address_does_not_help()
    {
        await using var own = await OwnRedis();
        await using var world = await BffWorld.StartAsync(own, null, Few("SignIn"));
        HttpResponseMessage? last = null;

        for (var i = 0; i < 4; i++)
        {
            using var guess = new HttpRequestMessage(HttpMethod.Post, "/account/login") { Headers = { { "X-Forwarded-For", $"203.0.113.{i}" } } };
            last = await world.Client.SendAsync(guess, Cancel);
        }

        last!.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }
}
