using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>The home feed of somebody who follows.</summary>
public sealed partial class FollowingTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task PublishAsync(Person author, string title, params string[] topics)
    {
        var draft = await author.Writer.CreateAsync(title, $"{title}, and what came of it.", Cancel);
        if (topics.Length > 0) draft = await author.Writer.SaveAsync(draft, draft.Content with { Topics = topics, Description = "A few words on it." }, Cancel);
        await author.Writer.PublishAsync(draft, Cancel);
    }

    static Task<int> FollowAsync(Window reader, Person author) => reader.Page.EvaluateAsync<int>(
        """
        async handle => {
            const person = await (await fetch(`/api/v1/people/${handle}`)).json();
            return (await fetch(`/api/v1/me/following/people/${person.id}`, { method: "PUT", headers: { "X-CSRF": "1" } })).status;
        }
        """, author.Writer.Handle);

    static async Task ScrollToAsync(ILocator story)
    {
        for (var tries = 0; tries < 100 && await story.CountAsync() == 0; tries++)
        {
            await story.Page.Mouse.WheelAsync(0, 2_000);
            await Task.Delay(50, Cancel);
        }
        await Expect(story).ToBeVisibleAsync();
    }

    static ILocator Story(Window window, string title) => window.Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true });

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_one_person_publishes_another_who_follows_them_is_told_of_and_reads(Screen screen)
    {
        var (author, reader) = (await Site.PersonAsync("author"), await Site.PersonAsync("reader"));
        await PublishAsync(author, "Before anybody followed", "Tides");
        var window = await OpenAsync(screen, reader);
        var page = window.Page;

        // An empty feed offers topics to begin with.
        await page.GotoAsync("/following");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Make this page your own" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Follow Tides" })).ToBeVisibleAsync();
        await window.CheckAsync("following-empty");

        (await FollowAsync(window, author)).ShouldBe(200);
        await window.LoadUntilAsync("/following", p => p.GetByRole(AriaRole.Heading, new() { Name = "Before anybody followed" }));
        await Expect(page.Locator(".why").First).ToContainTextAsync("You follow");

        // News come as a number, and the list stays as it is until it is asked for.
        await PublishAsync(author, "Meanwhile, at the harbour", "Tides");
        var show = page.GetByRole(AriaRole.Button, new() { Name = "Show 1 new story" });
        for (var tries = 0; tries < 60 && await show.CountAsync() == 0; tries++)
        {
            await page.EvaluateAsync("() => dispatchEvent(new Event('focus'))");
            await Task.Delay(100, Cancel);
        }
        await Expect(show).ToBeVisibleAsync();
        await window.CheckAsync("following-news");
        (await Story(window, "Meanwhile, at the harbour").CountAsync()).ShouldBe(0);
        await show.ClickAsync();
        await Expect(page.Locator("article.story h2").First).ToHaveTextAsync("Meanwhile, at the harbour");
        await Expect(show).ToHaveCountAsync(0);

        // Muting takes all of an author's stories away at once, and can be taken back.
        await page.GetByLabel("More about “Meanwhile, at the harbour”").ClickAsync();
        await window.CheckAsync("following-menu");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = Mute() }).ClickAsync();
        await Expect(page.Locator("article.story")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator("article.story")).ToHaveCountAsync(2);

        // Unfollowing too.
        await page.GetByLabel("More about “Meanwhile, at the harbour”").ClickAsync();
        var done = page.WaitForResponseAsync(response => response.Request.Method == "DELETE" && response.Url.Contains("/following/people/", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { NameRegex = StopFollowing() }).ClickAsync();
        await Expect(page.Locator("article.story")).ToHaveCountAsync(0);
        await done;
        await window.LoadUntilAsync("/following", p => p.GetByRole(AriaRole.Heading, new() { Name = "Make this page your own" }));
    }

    [Fact]
    public async Task Older_stories_load_on_the_way_down_the_address_names_the_page_and_back_returns_to_the_same_place()
    {
        var (author, reader) = (await Site.PersonAsync("prolific"), await Site.PersonAsync("scroller"));
        for (var n = 1; n <= 45; n++) await PublishAsync(author, $"Tale {n}");
        var window = await OpenAsync(Screen.Phone, reader);
        var page = window.Page;
        await page.GotoAsync("/following");
        await FollowAsync(window, author);
        await window.LoadUntilAsync("/following", p => p.GetByRole(AriaRole.Heading, new() { Name = "Tale 45", Exact = true }));

        var last = Story(window, "Tale 1");
        await ScrollToAsync(last);
        (await page.Locator("article.story h2").AllTextContentsAsync()).ShouldBe(Enumerable.Range(1, 45).Reverse().Select(n => $"Tale {n}"));
        await last.ScrollIntoViewIfNeededAsync();
        await Expect(page).ToHaveURLAsync(NamesPage());
        var (address, place) = (page.Url, await page.EvaluateAsync<int>("() => scrollY"));

        await last.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tale 1", Exact = true, Level = 1 })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Expect(page.Locator("article.story")).ToHaveCountAsync(45);
        await page.WaitForFunctionAsync("place => Math.abs(scrollY - place) < 200", place);

        // Sent to somebody, or opened again, the address begins with that page.
        await page.GotoAsync("about:blank");
        await page.GotoAsync(address);
        await ScrollToAsync(Story(window, "Tale 1"));
        (await Story(window, "Tale 45").CountAsync()).ShouldBe(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the newest" }).ClickAsync();
        await Expect(Story(window, "Tale 45")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_feed_that_cannot_be_loaded_says_so_and_is_tried_again_and_a_stranger_is_asked_to_sign_in()
    {
        var reader = await OpenAsync(Screen.Desktop, await Site.PersonAsync("patient"));
        reader.Expects("503");
        await reader.Page.RouteAsync("**/api/v1/me/feed", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" }));
        await reader.Page.GotoAsync("/following");
        await Expect(reader.Alert).ToContainTextAsync("could not be loaded");
        await reader.CheckAsync("following-failed");
        await reader.Page.UnrouteAllAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Make this page your own" })).ToBeVisibleAsync();

        var stranger = await OpenAsync();
        stranger.Expects("401");
        await stranger.Page.GotoAsync("/following");
        await Expect(stranger.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToHaveAttributeAsync("href", "/bff/login?returnUrl=%2Ffollowing");
        await stranger.CheckAsync("following-stranger");
        await stranger.Page.GotoAsync("/");
        await Expect(stranger.Page.GetByRole(AriaRole.Link, new() { Name = "Following" })).ToBeHiddenAsync();
    }

    [GeneratedRegex("^Mute ")]
    private static partial Regex Mute();

    [GeneratedRegex("^Stop following ")]
    private static partial Regex StopFollowing();

    [GeneratedRegex(@"/following\?page=")]
    private static partial Regex NamesPage();
}
