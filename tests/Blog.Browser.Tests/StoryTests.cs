using System.Net;
using System.Text.RegularExpressions;
using Blog.SystemTesting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>What the platform is for, from the first visit to signing out.</summary>
public sealed partial class StoryTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_person_signs_up_writes_and_publishes_and_strangers_read_it(Screen screen)
    {
        var handle = Site.NewHandle("mara");
        var window = await OpenAsync(screen);
        var page = window.Page;

        await SignUpAsync(window, handle);
        await WriteAsync(window, "A harbour in the evening");
        var address = await PublishAsync(window, handle);
        address.ShouldBe($"/@{handle}/a-harbour-in-the-evening");

        // Signed out, and without any script: the page comes from the server as it is.
        foreach (var javaScript in new[] { true, false })
        {
            var reader = await OpenAsync(screen, javaScript: javaScript);
            await reader.Page.GotoAsync(address);
            await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("A harbour in the evening");
            await Expect(reader.Page.GetByText("The ferries were late")).ToBeVisibleAsync();
            await PictureLoadsAsync(reader.Page.Locator(".prose img"));
            await PictureLoadsAsync(reader.Page.Locator(".cover img"));
            if (javaScript) await reader.CheckAsync("article");
        }

        var moved = await RenameAsync(window, address);
        moved.ShouldBe($"/@{handle}/the-harbour-at-dusk");
        var visitor = await OpenAsync(screen);
        var arrival = await visitor.Page.GotoAsync(address);
        new Uri(visitor.Page.Url).AbsolutePath.ShouldBe(moved);
        (await arrival!.Request.RedirectedFrom!.ResponseAsync())!.Status.ShouldBe((int)HttpStatusCode.MovedPermanently);
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The harbour at dusk");
        await visitor.LoadUntilAsync("/", home => home.GetByRole(AriaRole.Link, new() { Name = "The harbour at dusk" }));

        await page.Locator("details.session > summary").Filter(new() { HasText = "Your account" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true })).ToBeVisibleAsync();
        window.Expects("status of 401");
        await page.GotoAsync("/write");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in to write" })).ToBeVisibleAsync();
    }

    async Task SignUpAsync(Window window, string handle)
    {
        var page = window.Page;
        window.Expects("status of 401"); // asking who is there is answered so when nobody is
        await page.GotoAsync("/write");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in to write" })).ToBeVisibleAsync();
        await window.CheckAsync("sign-in-to-write");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create an account" }).ClickAsync();
        await page.GetByLabel("E-mail").FillAsync($"{handle}@example.org");
        await page.GetByLabel("Password").FillAsync("nine brown ferries at dusk");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mara Lind");
        await page.GetByLabel("Handle").FillAsync(handle);
        await window.CheckAsync("sign-up");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Check your inbox" })).ToBeVisibleAsync();
        await window.CheckAsync("check-your-inbox");

        var mail = await Blog.Mailbox.WaitForAsync($"{handle}@example.org", "confirm", TestContext.Current.CancellationToken);
        await page.GotoAsync(Mailbox.LinkIn(mail).ToString());
        await Expect(page.GetByText("Your address is confirmed")).ToBeVisibleAsync();
        await window.CheckAsync("sign-in");
        await window.SignInAsync($"{handle}@example.org", "nine brown ferries at dusk");
        await page.WaitForURLAsync("**/write");
        await Expect(window.Title).ToBeVisibleAsync();
    }

    static async Task WriteAsync(Window window, string title)
    {
        var page = window.Page;
        await window.CheckAsync("write-empty");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write in Markdown" }).ClickAsync();
        await window.Title.FillAsync(title);
        await page.GetByLabel("Description", new() { Exact = true }).FillAsync("What the water does when the last boat is in.");
        await window.Text.FillAsync("The ferries were late, so I drew the water instead.\n\n## What I had\n\nA pencil and `twelve` minutes.\n\n");
        await page.Locator("input[type=file][aria-label='Insert a picture']").SetInputFilesAsync(Picture("harbour-at-seven.png"));
        await Expect(window.Text).ToHaveValueAsync(Inserted());
        await window.SavedAsync();
        await page.WaitForURLAsync(new Regex("/write/[0-9a-f-]{36}$"));
        if (window.Screen is Screen.Phone) await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await PictureLoadsAsync(page.GetByLabel("Preview", new() { Exact = true }).And(page.Locator("section")).Locator(".prose img"));
        await window.SavedAsync();
        await window.CheckAsync("write");
    }

    static async Task<string> PublishAsync(Window window, string handle)
    {
        var page = window.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.Locator("input[type=file]").SetInputFilesAsync(Picture("cover.png"));
        await panel.GetByLabel("Describe the cover").FillAsync("Evening light over still water");
        await panel.GetByPlaceholder("Add a topic").FillAsync("Drawing");
        await panel.GetByPlaceholder("Add a topic").PressAsync("Enter");
        await PictureLoadsAsync(panel.Locator(".card img"));
        await window.CheckAsync("publish");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Publish now" }).ClickAsync();
        await page.WaitForURLAsync($"**/@{handle}/*");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("A harbour in the evening");
        return new Uri(page.Url).AbsolutePath;
    }

    static async Task<string> RenameAsync(Window window, string address)
    {
        var page = window.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit", Exact = true }).ClickAsync();
        await window.Title.FillAsync("The harbour at dusk");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish changes" }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        await panel.GetByText("Address, language, original").ClickAsync();
        await panel.GetByLabel("Address").FillAsync("the-harbour-at-dusk");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Publish changes" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/@", StringComparison.Ordinal) && !url.EndsWith(address, StringComparison.Ordinal));
        return new Uri(page.Url).AbsolutePath;
    }

    static FilePayload Picture(string name) => new() { Name = name, MimeType = "image/png", Buffer = Drawing.Png(1200, 750) };

    /// <summary>Not only an element: its bytes came and are a picture.</summary>
    static async Task PictureLoadsAsync(ILocator picture)
    {
        await Expect(picture).ToBeVisibleAsync();
        await picture.ScrollIntoViewIfNeededAsync();
        await picture.EvaluateAsync("image => image.decode()");
        (await picture.EvaluateAsync<int>("image => image.naturalWidth")).ShouldBeGreaterThan(0);
    }

    [GeneratedRegex(@"!\[harbour at seven\]\(/media/[0-9a-f-]{36}\)")]
    private static partial Regex Inserted();
}
