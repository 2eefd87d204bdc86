using System.Diagnostics;
using System.Net;
using Blog.SystemTesting;

namespace Blog.SystemTests;

/// <summary>PostgreSQL, Redis or the broker is away for 20 seconds while people read and write.</summary>
public sealed class OutageTests(SystemFixture system)
{
    static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    readonly RunningBlog blog = system.Blog;
    readonly CancellationToken cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("postgres")]
    [InlineData("cache")]
    [InlineData("broker")]
    public async Task Reads_go_on_writes_are_kept_or_clearly_refused_and_all_recovers(string resource)
    {
        using var writer = await Writer.SignUpAsync(blog, $"writer-without-{resource}", cancel);
        using var reader = new HttpClient { BaseAddress = blog.Origin, Timeout = TimeSpan.FromSeconds(15) };
        var article = await writer.PublishAsync(await writer.CreateAsync($"Without {resource}", "start", cancel), cancel);
        (await reader.GetStringAsync(article.Url, cancel)).ShouldContain("start");

        await blog.StopAsync(resource, cancel);
        var acknowledged = "start";
        var (saved, refused, reads) = (0, 0, 0);
        var away = Stopwatch.StartNew();
        // Four saves a second: a fast writer, and below the limit per person.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (away.Elapsed < Outage && await pace.WaitForNextTickAsync(cancel))
        {
            using var page = await reader.GetAsync(article.Url, cancel);
            page.StatusCode.ShouldBe(HttpStatusCode.OK, $"a cached page must be readable without {resource}");
            reads++;
            var text = $"text {saved + refused}";
            try
            {
                article = await writer.SaveAsync(article, article.Content with { Markdown = text }, cancel);
                acknowledged = text;
                saved++;
            }
            catch (HttpRequestException clear) when (clear.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                refused++;
            }
        }
        await blog.StartAgainAsync(resource, cancel);

        reads.ShouldBeGreaterThan(0);
        if (resource == "postgres") saved.ShouldBe(0);
        else refused.ShouldBe(0, $"{resource} is not needed to save");

        // By itself: what was acknowledged is there, and a publication reaches an anonymous reader again.
        var stored = await Eventually(async () => await writer.GetAsync(article.Id, cancel));
        if (saved > 0) stored.Content.Markdown.ShouldBe(acknowledged);
        var mark = $"after {resource} came back";
        await Eventually(async () =>
        {
            var current = await writer.GetAsync(article.Id, cancel);
            return await writer.PublishAsync(await writer.SaveAsync(current, current.Content with { Markdown = mark }, cancel), cancel);
        });
        await Eventually(async () =>
        {
            (await reader.GetStringAsync(article.Url, cancel)).ShouldContain(mark);
            return true;
        });
    }

    /// <summary>Repeats until it succeeds, for as long as recovery may take.</summary>
    async Task<T> Eventually<T>(Func<Task<T>> attempt)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception notYet) when (waiting.Elapsed < Recovery && notYet is HttpRequestException or ShouldAssertException)
            {
                await Task.Delay(100, cancel);
            }
        }
    }
}
