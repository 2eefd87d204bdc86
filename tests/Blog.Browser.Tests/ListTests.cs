using System.Text.RegularExpressions;
using Blog.SystemTesting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Saving stories, keeping them in lists, and sharing those.</summary>
public sealed partial class ListTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Somebody who reads, and the published stories of somebody else, the last one newest.</summary>
    async Task<(Person Reader, IReadOnlyList<Writer.Article> Stories)> ReaderAsync(string name, params string[] titles)
    {
        var reader = await Site.PersonAsync(name);
        var author = await Writer.SignUpAsync(Blog, Site.NewHandle("author"), Cancel);
        var stories = new List<Writer.Article>();
        foreach (var title in titles)
            stories.Add(await author.PublishAsync(await author.CreateAsync(title, $"The text of {title}.", Cancel), Cancel));
        return (reader, stories);
    }

    static async Task SaveAsync(Person reader, IEnumerable<Writer.Article> stories)
    {
        foreach (var story in stories)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/me/saved/{story.Id}", UriKind.Relative));
            using var answer = await reader.Writer.Browser.SendAsync(request, Cancel);
            answer.EnsureSuccessStatusCode();
        }
    }

    static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static ILocator Titles(IPage page) => page.Locator(".kept h2");

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_story_is_saved_from_a_card_taken_back_and_put_on_a_new_list_from_its_page(Screen screen)
    {
        var (reader, stories) = await ReaderAsync("saver", "Sardines", "Tidal clocks");
        var window = await OpenAsync(screen, reader);
        var page = window.Page;
        var cards = stories[0].Url![..stories[0].Url!.LastIndexOf('/')];
        await page.GotoAsync(cards);
        await page.EvaluateAsync("() => { window.told = []; document.addEventListener('blog:saved', event => window.told.push(event.detail)); }");

        await Button(page, "Save “Sardines”").ClickAsync();
        await Expect(Button(page, "Saved: “Sardines”. Choose lists")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(page.GetByText("Saved to Reading list")).ToBeVisibleAsync();
        await window.CheckAsync("save-card");
        await Button(page, "Undo").ClickAsync();
        await Expect(page.GetByText("Taken off Reading list")).ToBeVisibleAsync();
        await Expect(Button(page, "Save “Sardines”")).ToHaveAttributeAsync("aria-pressed", "false");
        (await page.EvaluateAsync<string>("() => window.told.map(({ url, saved }) => `${url} ${saved}`).join()")).ShouldBe($"{stories[0].Url} true,{stories[0].Url} false");

        await Button(page, "Save “Sardines”").ClickAsync();
        await Expect(page.GetByText("Saved to Reading list")).ToBeVisibleAsync();
        await page.GotoAsync(stories[0].Url!);
        await Button(page, "Saved: “Sardines”. Choose lists").ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog, new() { Name = "Save to" });
        await Expect(panel.GetByRole(AriaRole.Checkbox, new() { NameRegex = ReadingListName() })).ToBeCheckedAsync();
        await Button(page, "+ New list").ClickAsync();
        await panel.GetByLabel("Name of the new list").FillAsync("Fish");
        await Button(page, "Create and save").ClickAsync();
        await Expect(panel.GetByRole(AriaRole.Checkbox, new() { NameRegex = FishName() })).ToBeCheckedAsync();
        await Expect(panel.GetByText("Only you · 1 story")).ToHaveCountAsync(2);
        await window.CheckAsync("save-panel");
        await Button(page, "Done").ClickAsync();
        await Expect(Button(page, "Saved: “Sardines”. Choose lists")).ToBeFocusedAsync();

        await page.GotoAsync("/me/lists");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Fish", Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("lists");
    }

    [GeneratedRegex("^Reading list")]
    private static partial Regex ReadingListName();

    [GeneratedRegex("^Fish")]
    private static partial Regex FishName();

    [Fact]
    public async Task Whoever_is_not_signed_in_is_invited_and_without_scripts_there_is_no_bookmark()
    {
        var (_, stories) = await ReaderAsync("guest", "Open to all");
        var window = await OpenAsync();
        await window.Page.GotoAsync(stories[0].Url!);
        await Button(window.Page, "Save “Open to all”").ClickAsync();
        await Expect(window.Page.GetByText("Sign in to save stories.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToHaveAttributeAsync("href", ReturnsHere());

        var plain = await OpenAsync(javaScript: false);
        await plain.Page.GotoAsync(stories[0].Url!);
        await Expect(plain.Page.Locator("[data-save]")).ToBeHiddenAsync();
    }

    [GeneratedRegex("^/bff/login\\?returnUrl=%2F%40")]
    private static partial Regex ReturnsHere();

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_list_is_put_in_order_with_the_arrow_keys_noted_and_undone(Screen screen)
    {
        var (reader, stories) = await ReaderAsync("keeper", "One", "Two", "Three");
        await SaveAsync(reader, stories);
        var window = await OpenAsync(screen, reader);
        var page = window.Page;
        await page.GotoAsync("/me/saved");
        await Expect(Titles(page)).ToHaveTextAsync(["Three", "Two", "One"]);

        await Button(page, "Move “Three”, 1 of 3. Use the arrow keys").FocusAsync();
        await page.RunAndWaitForResponseAsync(() => page.Keyboard.PressAsync("ArrowDown"), answer => answer.Url.EndsWith("/move", StringComparison.Ordinal) && answer.Ok);
        await Expect(Titles(page)).ToHaveTextAsync(["Two", "Three", "One"]);
        await Expect(Button(page, "Move “Three”, 2 of 3. Use the arrow keys")).ToBeFocusedAsync();
        await Expect(page.GetByText("“Three” is now 2 of 3")).ToBeAttachedAsync();
        await page.RunAndWaitForResponseAsync(() => Button(page, "Move “One” to the top").ClickAsync(), answer => answer.Url.EndsWith("/move", StringComparison.Ordinal) && answer.Ok);

        await Button(page, "Add a note to “Three”").ClickAsync();
        await page.GetByLabel("Note on “Three”").FillAsync("For the train.");
        await window.CheckAsync("list-note");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator(".list-note")).ToHaveTextAsync("For the train.");

        await Button(page, "Take “Two” off the list").ClickAsync();
        await Expect(Titles(page)).ToHaveTextAsync(["One", "Three"]);
        await Button(page, "Undo").ClickAsync();
        await Expect(Titles(page)).ToHaveTextAsync(["One", "Two", "Three"]);

        await page.ReloadAsync();
        await Expect(Titles(page)).ToHaveTextAsync(["One", "Two", "Three"]);
        await Expect(page.Locator(".list-note")).ToHaveTextAsync("For the train.");
        await window.CheckAsync("list");
    }

    [Fact]
    public async Task A_list_is_put_in_order_by_dragging_and_an_order_changed_elsewhere_is_shown_instead_of_overwritten()
    {
        var (reader, stories) = await ReaderAsync("dragger", "One", "Two", "Three");
        await SaveAsync(reader, stories);
        var (first, second) = (await OpenAsync(person: reader), await OpenAsync(person: reader));
        await first.Page.GotoAsync("/me/saved");
        await second.Page.GotoAsync("/me/saved");
        await Expect(Titles(second.Page)).ToHaveTextAsync(["Three", "Two", "One"]);

        await Button(first.Page, "Move “Three”, 1 of 3. Use the arrow keys").HoverAsync();
        await first.Page.Mouse.DownAsync();
        var below = (await first.Page.Locator(".kept").Last.BoundingBoxAsync())!;
        await first.Page.Mouse.MoveAsync(below.X + 10, below.Y + below.Height - 8, new() { Steps = 12 });
        await first.Page.RunAndWaitForResponseAsync(() => first.Page.Mouse.UpAsync(), answer => answer.Url.EndsWith("/move", StringComparison.Ordinal) && answer.Ok);
        await Expect(Titles(first.Page)).ToHaveTextAsync(["Two", "One", "Three"]);

        second.Expects("409");
        await Button(second.Page, "Move “One”, 3 of 3. Use the arrow keys").PressAsync("ArrowUp");
        await Expect(second.Page.GetByText("The order was changed elsewhere. This is how it is now.")).ToBeVisibleAsync();
        await Expect(Titles(second.Page)).ToHaveTextAsync(["Two", "One", "Three"]);
    }

    [Fact]
    public async Task A_list_is_shared_by_link_until_the_link_is_renewed_and_then_by_its_public_page()
    {
        var (reader, stories) = await ReaderAsync("sharer", "Worth sharing", "Taken down");
        var window = await OpenAsync(person: reader);
        var page = window.Page;
        await page.GotoAsync("/me/lists");
        await Button(page, "New list").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("For friends");
        await page.GetByLabel("Description").FillAsync("What I would read again.");
        await Button(page, "Create list").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "For friends" })).ToBeVisibleAsync();
        var list = page.Url[(page.Url.LastIndexOf('/') + 1)..];
        foreach (var story in stories)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/me/lists/{list}/items/{story.Id}", UriKind.Relative))
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { note = $"Why: {story.Content.Title}" }),
            };
            (await reader.Writer.Browser.SendAsync(request, Cancel)).EnsureSuccessStatusCode();
        }

        await page.ReloadAsync();
        await Button(page, "Edit list").ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = ByLink() }).CheckAsync();
        await Button(page, "Save").ClickAsync();
        var link = page.GetByLabel("Link", new() { Exact = true });
        await Expect(link).ToHaveValueAsync(LinkAddress());
        await window.CheckAsync("list-form");
        var address = await link.InputValueAsync();

        var friend = await OpenAsync(Screen.Phone);
        var answer = (await friend.Page.GotoAsync(address))!;
        (await answer.HeaderValueAsync("cache-control")).ShouldBe("no-store");
        await Expect(friend.Page.Locator("meta[name=robots]")).ToHaveAttributeAsync("content", "noindex");
        await Expect(friend.Page.GetByRole(AriaRole.Link, new() { Name = "Worth sharing" })).ToBeVisibleAsync();
        await Expect(friend.Page.GetByText("Why: Worth sharing")).ToBeVisibleAsync();
        await friend.CheckAsync("list-by-link");

        await Button(page, "Make a new link").ClickAsync();
        await Expect(link).Not.ToHaveValueAsync(address);
        friend.Expects("404");
        await friend.Page.GotoAsync(address);
        await Expect(friend.Page.GetByRole(AriaRole.Heading, new() { Name = "No such list" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Radio, new() { NameRegex = Everybody() }).CheckAsync();
        await Button(page, "Save").ClickAsync();
        await Expect(link).ToHaveValueAsync(PublicAddress());
        var stranger = await OpenAsync(javaScript: false);
        await stranger.Page.GotoAsync(await link.InputValueAsync());
        await Expect(stranger.Page.GetByRole(AriaRole.Heading, new() { Name = "For friends" })).ToBeVisibleAsync();
        await Expect(stranger.Page.Locator(".story")).ToHaveCountAsync(2);
        await stranger.Page.GetByRole(AriaRole.Link, new() { NameRegex = OwnersLists() }).ClickAsync();
        await Expect(stranger.Page.GetByRole(AriaRole.Link, new() { Name = "For friends" })).ToBeVisibleAsync();

        var seeing = await OpenAsync(Screen.Phone);
        await seeing.Page.GotoAsync(await link.InputValueAsync());
        await seeing.CheckAsync("list-public");

        await Button(page, "Delete list").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "For friends was deleted" })).ToBeVisibleAsync();
        await Button(page, "Undo").ClickAsync();
        await Expect(Titles(page)).ToHaveTextAsync(["Taken down", "Worth sharing"]);
    }

    [GeneratedRegex("^Whoever has the link")]
    private static partial Regex ByLink();

    [GeneratedRegex("^Everybody")]
    private static partial Regex Everybody();

    [GeneratedRegex("/lists/[A-Za-z0-9_-]{32}$")]
    private static partial Regex LinkAddress();

    [GeneratedRegex("/@sharer-[0-9a-f]+/lists/for-friends$")]
    private static partial Regex PublicAddress();

    [GeneratedRegex("^Lists by ")]
    private static partial Regex OwnersLists();
}
