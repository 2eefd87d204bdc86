using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>The last look before a story goes out.</summary>
public sealed class ChecklistTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop, "markdown"), InlineData(Screen.Phone, "rich")]
    public async Task What_is_missing_is_named_leads_to_its_place_and_keeps_nothing_from_going_out(Screen screen, string mode)
    {
        var person = await Site.PersonAsync("checklist");
        var window = await OpenAsync(screen, person);
        var page = window.Page;
        await page.AddInitScriptAsync($"localStorage.setItem('writing-mode', '{mode}')");
        var draft = await person.Writer.CreateAsync("High water", "Once more: TKs stay.\n\nIt rose by TK metres.\n\n![](https://blog.rust-lang.org/tide.png)\n", TestContext.Current.CancellationToken);
        await page.GotoAsync($"/write/{draft.Id}");
        await Expect(mode == "rich" ? window.Story : window.Text).ToBeVisibleAsync();
        var publish = page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true });
        await publish.ClickAsync();
        var list = page.GetByRole(AriaRole.Region, new() { Name = "4 things to look at once more" });
        await Expect(list.GetByRole(AriaRole.Button)).ToHaveCountAsync(4);
        await window.CheckAsync($"checklist-{mode}");

        await list.GetByRole(AriaRole.Button, new() { Name = "It has no cover" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Choose a cover" })).ToBeFocusedAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "Something is still to come" }).ClickAsync();
        await Expect(list).ToBeHiddenAsync();
        await SelectedAsync("TK");
        await publish.ClickAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "A picture is not described" }).ClickAsync();
        if (mode == "rich") await Expect(page.GetByLabel("Describe the picture")).ToBeFocusedAsync();
        else await SelectedAsync("![](https://blog.rust-lang.org/tide.png)");
        await publish.ClickAsync();
        await list.GetByRole(AriaRole.Button, new() { Name = "It has no description" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Description" })).ToBeFocusedAsync();
        await publish.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish now" }).ClickAsync();
        await page.WaitForURLAsync("**/@*/*");

        Task SelectedAsync(string text) => window.UntilAsync<bool>(
            "text => { const field = document.activeElement; return (field instanceof HTMLTextAreaElement ? field.value.slice(field.selectionStart, field.selectionEnd) : getSelection().toString()) === text; }", text);
    }
}
