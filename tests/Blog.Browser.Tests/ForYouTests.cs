using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Stories picked for somebody, each with its reason, and what to read after a story.</summary>
[Collection(nameof(Shelf))]
public sealed class ForYouTests(Site site, Shelf shelf) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task PublishAsync(Person author, string title)
    {
        var draft = await author.Writer.CreateAsync(title, $"{title}, and what came of it.", Cancel);
        draft = await author.Writer.SaveAsync(draft, draft.Content with { Topics = ["Kites"], Description = "A few words on it." }, Cancel);
        await author.Writer.PublishAsync(draft, Cancel);
    }

    static ILocator Story(IPage page, string title) => page.Locator("article.story").Filter(new() { Has = page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Each_story_says_why_it_is_there_and_what_is_turned_down_goes_at_once(Screen screen)
    {
        var (author, reader) = (await Site.PersonAsync("kites"), await Site.PersonAsync("chooser"));
        var (first, second) = ($"Kites over {author.Writer.Handle}", $"Strings of {author.Writer.Handle}");
        await PublishAsync(author, first);
        await PublishAsync(author, second);
        var window = await OpenAsync(screen, reader);
        var page = window.Page;

        // Somebody of whom nothing is known is asked for topics.
        await page.GotoAsync("/for-you");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tell us what you like" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Follow Kites" })).ToBeVisibleAsync();
        await window.CheckAsync("for-you-cold");

        (await page.EvaluateAsync<int>(
            """
            async handle => {
                const person = await (await fetch(`/api/v1/people/${handle}`)).json();
                return (await fetch(`/api/v1/me/following/people/${person.id}`, { method: "PUT", headers: { "X-CSRF": "1" } })).status;
            }
            """, author.Writer.Handle)).ShouldBe(200);
        await window.UntilAsync<bool>("async name => (await (await fetch('/api/v1/me/for-you', { headers: { 'X-CSRF': '1' } })).json()).items.filter(({ article, reason }) => article.author.handle === name && reason.name).length === 2", author.Writer.Handle);
        await page.GotoAsync("/for-you");
        await Expect(Story(page, first).Locator(".why a")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^/"));
        await window.CheckAsync("for-you");

        // Less like one; taken back; and nothing of its author.
        await Story(page, first).GetByRole(AriaRole.Group).Locator("summary").ClickAsync();
        await window.CheckAsync("for-you-menu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Less like this" }).Locator("visible=true").ClickAsync();
        await Expect(Story(page, first)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Story(page, first)).ToHaveCountAsync(1);
        await Story(page, first).GetByRole(AriaRole.Group).Locator("summary").ClickAsync();
        var answered = page.WaitForResponseAsync(response => response.Url.Contains("/turned-down/people/", StringComparison.Ordinal) && response.Request.Method == "PUT");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Nothing by ") }).Locator("visible=true").ClickAsync();
        await Expect(Story(page, second)).ToHaveCountAsync(0);
        (await answered).Status.ShouldBe(204);
        await page.ReloadAsync();
        await Expect(page.Locator(".feed [aria-busy]")).ToHaveCountAsync(0);
        await Expect(Story(page, first)).ToHaveCountAsync(0);
        await Expect(Story(page, second)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Stories picked for you" }).GetByRole(AriaRole.Link, new() { Name = "Newest" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(Blog.Origin.ToString());
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "For you" })).ToBeVisibleAsync();
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_was_turned_down_is_listed_and_can_be_taken_back(Screen screen)
    {
        var (author, reader) = (await Site.PersonAsync("loud"), await Site.PersonAsync("quiet"));
        var title = $"Louder with {author.Writer.Handle}";
        await PublishAsync(author, title);
        var window = await OpenAsync(screen, reader);
        var page = window.Page;

        await page.GotoAsync("/for-you");
        await page.GetByRole(AriaRole.Link, new() { Name = "What you turned down" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You have turned down nothing" })).ToBeVisibleAsync();
        await window.CheckAsync("turned-down-nothing");

        // As the menu of a story does; the story is known to recommendations a moment after it was published.
        await window.UntilAsync<bool>(
            """
            async handle => {
                const person = await (await fetch(`/api/v1/people/${handle}`)).json();
                const { items: [story] } = await (await fetch(`/api/v1/people/${handle}/articles`)).json();
                const answers = await Promise.all([`articles/${story?.id}`, `people/${person.id}`, "topics/kites"].map(what =>
                    fetch(`/api/v1/me/turned-down/${what}`, { method: "PUT", headers: { "X-CSRF": "1" } })));
                return answers.every(({ status }) => status === 204);
            }
            """, author.Writer.Handle);
        await page.ReloadAsync();
        var rows = page.Locator(".people .person");
        await Expect(rows).ToHaveCountAsync(3);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = title })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Kites" })).ToHaveAttributeAsync("href", "/topics/kites");
        await window.CheckAsync("turned-down");

        // A wrong click is one click to undo; what was taken back is gone when the page is read again.
        var row = rows.Filter(new() { Has = page.GetByRole(AriaRole.Link, new() { Name = title }) });
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Turn down again") })).ToBeVisibleAsync();
        await row.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Take back") })).ToBeVisibleAsync();
        var answered = page.WaitForResponseAsync(response => response.Url.Contains("/turned-down/articles/", StringComparison.Ordinal) && response.Request.Method == "DELETE");
        await row.GetByRole(AriaRole.Button).ClickAsync();
        (await answered).Status.ShouldBe(204);
        await page.ReloadAsync();
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = title })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_stranger_is_asked_to_sign_in_and_a_list_that_does_not_come_is_tried_again()
    {
        var stranger = await OpenAsync();
        stranger.Expects("401");
        await stranger.Page.GotoAsync("/for-you");
        await Expect(stranger.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToHaveAttributeAsync("href", "/bff/login?returnUrl=%2Ffor-you");
        await stranger.CheckAsync("for-you-stranger");

        var reader = await OpenAsync(Screen.Desktop, await Site.PersonAsync("again"));
        reader.Expects("503");
        await reader.Page.RouteAsync("**/api/v1/me/for-you", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" }));
        await reader.Page.GotoAsync("/for-you");
        await Expect(reader.Alert).ToContainTextAsync("could not be loaded");
        await reader.Page.UnrouteAllAsync();
        await reader.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Tell us what you like" })).ToBeVisibleAsync();
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_story_ends_with_what_to_read_next_also_without_script(Screen screen)
    {
        _ = shelf;
        // A story for each, whose page nobody has asked for before its relations are known.
        var address = $"/@{Shelf.Handle}/letter-{(screen is Screen.Phone ? 21 : 22)}";
        var ready = await OpenAsync();
        await ready.Page.GotoAsync("/topics");
        await ready.UntilAsync<bool>(
            """
            async address => {
                const { id } = await (await fetch(address)).json();
                window.asked = (window.asked ?? 4) % 50 + 1;
                return (await (await fetch(`/api/v1/articles/${id}/related?pageSize=${window.asked}`)).json()).items.length > 0;
            }
            """, $"/api/v1/people/{Shelf.Handle}/articles/{address.Split('/')[^1]}");
        var window = await OpenAsync(screen, javaScript: false);
        await window.Page.GotoAsync(address);
        var next = window.Page.GetByRole(AriaRole.Region, new() { Name = "Read next" });
        await Expect(next.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        await Expect(next.Locator(".why").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^(On something similar|By |In |Also read)"));
        await next.GetByRole(AriaRole.Heading).Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        var shown = await OpenAsync(screen);
        await shown.Page.GotoAsync(address);
        await shown.Page.Locator(".read-next").ScrollIntoViewIfNeededAsync();
        await shown.CheckAsync("read-next");
    }
}
