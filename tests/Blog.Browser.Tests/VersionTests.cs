using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>What a story was can be seen, compared, named and brought back.</summary>
public sealed class VersionTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_writer_looks_at_what_changed_names_a_version_restores_it_and_takes_that_back(Screen screen)
    {
        var cancel = TestContext.Current.CancellationToken;
        var person = await Site.PersonAsync("versions");
        var draft = await person.Writer.CreateAsync("The harbour clock", "The old clock stands by the sea, as it always did.\n\nIt is seldom right, and proud of it.\n\nNobody minds.\n\nThe ferry leaves at six.", cancel);
        draft = await person.Writer.PublishAsync(draft, cancel);
        draft = await person.Writer.SaveAsync(draft, draft.Content with { Markdown = "The new clock stands by the sea, as it always did.\n\nNobody minds.\n\nThe ferry leaves at six.\n\nIt is seldom right, and proud of it." }, cancel);
        await person.Writer.KeepAsync(draft, "", cancel);
        var window = await OpenAsync(screen, person);
        var page = window.Page;

        await page.GotoAsync($"/write/{draft.Id}/history");
        var list = page.GetByRole(AriaRole.Navigation, new() { Name = "Versions" });
        await Expect(list.GetByRole(AriaRole.Button)).ToHaveCountAsync(2);
        await Expect(list.GetByRole(AriaRole.Button).Last).ToContainTextAsync("Readers have this");
        await window.CheckAsync("history-list");

        // By the keyboard alone, down and up again.
        await list.GetByRole(AriaRole.Button).First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(list.GetByRole(AriaRole.Button).Last).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        var shown = page.Locator(".difference");
        await Expect(shown.Locator("del").Filter(new() { HasText = "old" })).ToBeVisibleAsync();
        await Expect(shown.Locator("ins").Filter(new() { HasText = "new" })).ToBeVisibleAsync();
        await Expect(shown.Locator(".moved")).ToHaveCountAsync(2);
        await window.CheckAsync("history-difference");
        if (screen is Screen.Desktop)
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Side by side" }).ClickAsync();
            await Expect(page.Locator(".difference.split")).ToBeVisibleAsync();
            await window.CheckAsync("history-side-by-side");
        }
        else
            await page.GetByRole(AriaRole.Button, new() { Name = "All versions" }).ClickAsync();

        await list.GetByRole(AriaRole.Button).Last.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Name it" }).ClickAsync();
        await page.GetByLabel("Name of this version").FillAsync("As it went out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the name" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "As it went out" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Restore this version" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Restore this version" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Restored", Exact = true })).ToBeVisibleAsync();
        (await person.Writer.GetAsync(draft.Id, cancel)).Content.Markdown.ShouldStartWith("The old clock");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Undone" })).ToBeVisibleAsync();
        (await person.Writer.GetAsync(draft.Id, cancel)).Content.Markdown.ShouldStartWith("The new clock");
    }
}
