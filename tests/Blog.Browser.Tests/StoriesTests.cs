using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>What somebody has written, in one list.</summary>
public sealed class StoriesTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Stories_are_listed_by_where_they_stand_taken_back_and_deleted_only_when_asked(Screen screen)
    {
        var person = await Site.PersonAsync("list");
        var cancel = TestContext.Current.CancellationToken;
        await person.Writer.CreateAsync("Still a draft", "Not yet.", cancel);
        await person.Writer.PublishAsync(await person.Writer.CreateAsync("Out in the world", "There.", cancel), cancel);
        var window = await OpenAsync(screen, person);
        var page = window.Page;
        await page.GotoAsync("/me/stories");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Still a draft", Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("stories-drafts");

        await page.GetByRole(AriaRole.Button, new() { Name = "Delete: Still a draft" }).ClickAsync();
        await window.CheckAsync("stories-delete");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete: Still a draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No drafts" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Published", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Unpublish: Out in the world" })).ToBeVisibleAsync();
        await window.CheckAsync("stories-published");
        await page.GetByRole(AriaRole.Button, new() { Name = "Unpublish: Out in the world" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Unpublish", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing published yet" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Unpublished “Out in the world”")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Unpublished", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Out in the world", Exact = true })).ToBeVisibleAsync();
    }
}
