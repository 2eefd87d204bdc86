using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Diagrams, from the words that are drawn to a page that draws them for readers.</summary>
public sealed class DiagramTests(Site site) : BrowserTest(site)
{
    [Fact]
    public async Task A_diagram_is_drawn_while_one_writes_tells_what_is_wrong_and_is_drawn_for_readers_in_a_frame_without_rights()
    {
        var person = await Site.PersonAsync("diagram");
        var window = await OpenAsync(Screen.Desktop, person);
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await page.AddInitScriptAsync("if (window === top && !sessionStorage.getItem('rich')) { sessionStorage.setItem('rich', '1'); localStorage.removeItem('writing-mode'); }");
        var draft = await person.Writer.CreateAsync("How it flows", "Before.\n\n```mermaid\nflowchart LR\n  idea --> draft --> story\n```\n\nAfter.", TestContext.Current.CancellationToken);
        await page.GotoAsync($"/write/{draft.Id}");
        var drawn = window.Story.FrameLocator("iframe").Locator("svg");
        await Expect(drawn).ToBeVisibleAsync();
        await window.CheckAsync("diagram-rich");
        // What is drawn stands for its source until the caret is in it.
        var source = window.Story.Locator("figure.code pre");
        await Expect(source).ToHaveCSSAsync("opacity", "0");
        await window.Story.Locator("figure.code .diagram").ClickAsync();
        await Expect(source).ToHaveCSSAsync("opacity", "1");
        await keys.PressAsync("End");
        await keys.TypeAsync(" -->");
        await Expect(window.Story.Locator(".diagram-problem")).ToContainTextAsync("not a diagram yet");
        await keys.TypeAsync(" reader");
        await Expect(window.Story.Locator(".diagram-problem")).ToBeEmptyAsync();
        await window.SavedAsync();

        // Beside Markdown, what was not touched stays as it is drawn.
        await page.GetByRole(AriaRole.Button, new() { Name = "Write in Markdown" }).ClickAsync();
        var preview = page.GetByLabel("Preview", new() { Exact = true }).And(page.Locator("section"));
        await Expect(preview.FrameLocator("iframe").Locator("svg")).ToContainTextAsync("reader");
        await preview.Locator("iframe").EvaluateAsync("frame => frame.dataset.same = 'yes'");
        await window.Text.PressAsync("Control+End");
        await keys.TypeAsync(" And more.");
        await Expect(preview).ToContainTextAsync("After. And more.");
        await Expect(preview.Locator("iframe[data-same]")).ToHaveCountAsync(1);
        await window.SavedAsync();
        draft = await person.Writer.PublishAsync(await person.Writer.GetAsync(draft.Id, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        var reader = await OpenAsync(Screen.Phone);
        await reader.LoadUntilAsync(draft.Url!, read => read.Locator("figure.diagram"));
        var frame = reader.Page.Locator("figure.diagram iframe");
        await Expect(frame).ToHaveAttributeAsync("title", "Diagram: flowchart LR");
        await Expect(frame).ToHaveAttributeAsync("sandbox", "allow-scripts");
        await Expect(reader.Page.FrameLocator("figure.diagram iframe").Locator("svg")).ToContainTextAsync("reader");
        await reader.Page.GetByText("Source of the diagram").ClickAsync();
        await Expect(reader.Page.GetByText("idea --> draft --> story --> reader")).ToBeVisibleAsync();
        await reader.CheckAsync("diagram-read");

        var plain = await OpenAsync(javaScript: false);
        await plain.Page.GotoAsync(draft.Url!);
        await Expect(plain.Page.GetByText("idea --> draft --> story --> reader")).ToBeVisibleAsync();
    }
}
