using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>One person does something, another one sees it at once.</summary>
public sealed class BellTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task DoAsync(Person person, HttpMethod method, string address, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await person.Writer.Browser.SendAsync(request, Cancel);
        response.IsSuccessStatusCode.ShouldBeTrue($"{method} {address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Cancel)}");
    }

    static async Task<string> IdOfAsync(Person person)
    {
        using var response = await person.Writer.Browser.SendAsync(new(HttpMethod.Get, new Uri("/bff/user", UriKind.Relative)), Cancel);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetString()!;
    }

    static Task FollowAsync(Person person, string id, bool following = true) => DoAsync(person, following ? HttpMethod.Put : HttpMethod.Delete, $"/api/v1/me/following/people/{id}");

    static Task ClapAsync(Person person, string article, int claps) => DoAsync(person, HttpMethod.Put, $"/api/v1/me/claps/{article}", new { claps });

    static ILocator Bell(Window window) => window.Page.Locator(".bell > summary");

    /// <summary>On a page for everyone, where the header knows only from an earlier page that somebody is signed in. What happens before it listens is in the number of the bell, and is not said.</summary>
    static async Task EnterAsync(IPage page, string address)
    {
        await page.AddInitScriptAsync("document.addEventListener('blog:live', () => window.listens = true)");
        await page.GotoAsync("/me/stories");
        await Expect(page.Locator("[data-person]")).ToHaveCountAsync(1);
        await page.GotoAsync(address);
        await Expect(page.Locator("[data-person]")).ToHaveCountAsync(1);
        await page.WaitForFunctionAsync("() => window.listens");
    }

    static async Task<(string Id, string Url)> StoryAsync(Person author, string title)
    {
        var article = await author.Writer.PublishAsync(await author.Writer.CreateAsync(title, "The gauge is right and the clock is not.", Cancel), Cancel);
        return (article.Id, article.Url!);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_others_do_is_at_the_bell_at_once_on_a_public_page_and_in_the_list_of_its_own(Screen screen)
    {
        var (ana, ben, cleo) = (await Site.PersonAsync("ana"), await Site.PersonAsync("ben"), await Site.PersonAsync("cleo"));
        var story = await StoryAsync(ana, "The harbour clock is always wrong");
        var anaId = await IdOfAsync(ana);
        var window = await OpenAsync(screen, ana);
        var page = window.Page;
        await EnterAsync(page, "/");
        await Expect(Bell(window)).ToHaveAccessibleNameAsync("Notifications");

        await FollowAsync(ben, anaId);
        await Expect(Bell(window)).ToHaveAccessibleNameAsync("Notifications, 1 new");
        await Expect(page.Locator("[data-bell-said]")).ToHaveTextAsync($"Person {ben.Writer.Handle} followed you");
        await ClapAsync(ben, story.Id, 3);
        await Expect(Bell(window)).ToHaveAccessibleNameAsync("Notifications, 2 new");
        (await page.TitleAsync()).ShouldStartWith("(2) ");

        await Bell(window).ClickAsync();
        var rows = page.Locator(".bell-list .note");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(rows.First).ToContainTextAsync($"Person {ben.Writer.Handle} clapped for The harbour clock is always wrong");
        await Expect(Bell(window)).ToHaveAccessibleNameAsync("Notifications");
        await window.CheckAsync("bell-panel");

        // While the list is open somebody joins the group, and somebody leaves.
        await ClapAsync(cleo, story.Id, 1);
        await Expect(rows.First).ToContainTextAsync($"Person {cleo.Writer.Handle} and Person {ben.Writer.Handle} clapped for");
        await FollowAsync(ben, anaId, following: false);
        await Expect(rows).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Link, new() { Name = "See all" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Notifications", Level = 1 })).ToBeVisibleAsync();
        var notes = page.Locator("main .note");
        await Expect(notes).ToHaveCountAsync(1);
        await FollowAsync(cleo, anaId);
        await Expect(notes).ToHaveCountAsync(2);
        await Expect(notes.First).ToContainTextAsync("Unread");
        await window.CheckAsync("notifications");

        await page.GetByRole(AriaRole.Button, new() { Name = "Mark all as read" }).ClickAsync();
        await Expect(page.Locator("main .note-new")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Unread" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You have read everything" })).ToBeVisibleAsync();
        await window.CheckAsync("notifications-empty");
    }

    [Fact]
    public async Task A_follower_hears_of_a_new_story_and_reads_it_from_the_list_by_keyboard()
    {
        var (ana, ben) = (await Site.PersonAsync("ana"), await Site.PersonAsync("ben"));
        await FollowAsync(ana, await IdOfAsync(ben));
        var window = await OpenAsync(Screen.Desktop, ana);
        var page = window.Page;
        await EnterAsync(page, "/topics");
        // The follow may reach Notifications after the first story: then the next one brings the news.
        var count = page.Locator("[data-bell-count]:visible");
        for (var part = 1; part <= 5 && await count.CountAsync() == 0; part++)
        {
            await StoryAsync(ben, $"Ovens and tides, part {part}");
            try
            {
                await count.WaitForAsync(new() { Timeout = 5_000 });
            }
            catch (TimeoutException)
            {
                // The next part, then.
            }
        }
        await Expect(count).ToBeVisibleAsync();

        await Bell(window).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".bell-list .note-new")).Not.ToHaveCountAsync(0);
        await page.Locator(".bell-list a.go").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Ovens and tides");
        await page.GotoAsync("/me/notifications");
        await Expect(page.Locator("main .note").First).Not.ToContainTextAsync("Unread");
    }

    [Fact]
    public async Task Two_tabs_share_one_stream_and_the_second_goes_on_when_the_first_is_closed()
    {
        var (ana, ben, cleo) = (await Site.PersonAsync("ana"), await Site.PersonAsync("ben"), await Site.PersonAsync("cleo"));
        var anaId = await IdOfAsync(ana);
        var window = await OpenAsync(Screen.Desktop, ana);
        await EnterAsync(window.Page, "/");
        await FollowAsync(ben, anaId);
        await Expect(window.Page.Locator("[data-bell-count]")).ToHaveTextAsync("1");
        var streams = 0;
        window.Page.Context.Request += (_, request) => streams += request.Url.EndsWith("/api/v1/me/events", StringComparison.Ordinal) ? 1 : 0;
        var second = await window.Page.Context.NewPageAsync();
        await second.GotoAsync("/topics");
        await Expect(second.Locator("[data-bell-count]")).ToHaveTextAsync("1");
        streams.ShouldBe(0, "the second tab has a stream of its own");

        await window.Page.CloseAsync();
        await FollowAsync(cleo, anaId);
        await Expect(second.Locator(".bell > summary")).ToHaveAccessibleNameAsync("Notifications, 1 new");
        await Expect(second.Locator("[data-bell-said]")).ToHaveTextAsync($"Person {cleo.Writer.Handle} and Person {ben.Writer.Handle} followed you");
        streams.ShouldBe(1);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Who_chooses_what_reaches_them_finds_it_again(Screen screen)
    {
        var ana = await Site.PersonAsync("ana");
        var window = await OpenAsync(screen, ana);
        var page = window.Page;
        await page.GotoAsync("/settings/notifications");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Claps, by mail" }).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Once a week" }).CheckAsync();
        await page.GetByLabel("On", new() { Exact = true }).SelectOptionAsync("Friday");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Keep mail and pushes back" }).CheckAsync();
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("23:30");
        await page.GetByLabel("Time zone").SelectOptionAsync("Europe/Lisbon");
        await window.CheckAsync("notification-settings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "Claps, by mail" })).ToBeCheckedAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Once a week" })).ToBeCheckedAsync();
        await Expect(page.GetByLabel("From", new() { Exact = true })).ToHaveValueAsync("23:30");
        await Expect(page.GetByLabel("Time zone")).ToHaveValueAsync("Europe/Lisbon");
        await page.GotoAsync("/me/notifications");
        await Expect(page.GetByText("Quiet from 23:30 to 07:00.")).ToBeVisibleAsync();
    }
}
