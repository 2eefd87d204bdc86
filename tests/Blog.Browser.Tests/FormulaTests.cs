using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Mathematics, from the keys that write it to a page that draws it.</summary>
public sealed class FormulaTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Formulas_are_written_in_rich_text_seen_while_one_writes_and_drawn_for_readers_without_a_script(Screen screen)
    {
        var person = await Site.PersonAsync("formula");
        var window = await OpenAsync(screen, person);
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await page.AddInitScriptAsync("if (!sessionStorage.getItem('rich')) { sessionStorage.setItem('rich', '1'); localStorage.removeItem('writing-mode'); }");
        await page.GotoAsync("/write");
        await window.Title.FillAsync("Tides");
        await window.Story.ClickAsync();
        await keys.TypeAsync("It costs $5 and rises by $h = a \\cos \\omega t$ at $10 a day.\n/formula");
        await keys.PressAsync("Enter");
        await keys.TypeAsync("\\frac{");
        await Expect(window.Story).ToContainTextAsync("not a formula yet");
        await keys.TypeAsync("g}{2\\pi} \\sum_{n=1}^{\\infty} \\sqrt{\\frac{T^2}{n!}}");
        await Expect(window.Story.Locator(".formula math")).ToBeVisibleAsync();
        var inLine = window.Story.Locator(".formula-look");
        await Expect(inLine.Locator("math")).ToBeVisibleAsync();
        await Expect(window.Story.GetByText("h = a", new() { Exact = false })).ToBeHiddenAsync();
        await window.CheckAsync("formula-rich");
        await inLine.ClickAsync();
        await Expect(inLine).ToHaveCountAsync(0);
        await keys.TypeAsync(" + b");
        await window.CheckAsync("formula-source");
        for (var presses = 0; presses < 4; presses++) await keys.PressAsync("Backspace");
        await keys.PressAsync("Control+Home");
        await Expect(inLine.Locator("math")).ToBeVisibleAsync();
        await window.SavedAsync();
        var draft = await person.Writer.GetAsync(page.Url.Split('/')[^1], TestContext.Current.CancellationToken);
        draft.Content.Markdown.ShouldBe("It costs $5 and rises by $h = a \\cos \\omega t$ at $10 a day.\n\n$$\n\\frac{g}{2\\pi} \\sum_{n=1}^{\\infty} \\sqrt{\\frac{T^2}{n!}}\n$$");

        await page.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        await Expect(page.Locator(".paper math")).ToHaveCountAsync(2);
        draft = await person.Writer.PublishAsync(draft, TestContext.Current.CancellationToken);
        var reader = await OpenAsync(screen);
        await reader.LoadUntilAsync(draft.Url!, read => read.Locator("article math"));
        await Expect(reader.Page.Locator("article math")).ToHaveCountAsync(2);
        await Expect(reader.Page.Locator("article .prose")).ToContainTextAsync("It costs $5 and");
        await reader.CheckAsync("formula-read");
        (await (await reader.Page.GotoAsync(draft.Url!))!.TextAsync()).ShouldContain("<math", customMessage: "drawn before it is sent, with no script");
    }
}
