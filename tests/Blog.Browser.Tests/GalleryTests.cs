using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Pictures side by side and wider than the text, from the chooser to the reader.</summary>
public sealed partial class GalleryTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Pictures_chosen_together_stand_side_by_side_and_the_keyboard_makes_them_wide(Screen screen)
    {
        var person = await Site.PersonAsync("gallery");
        var window = await OpenAsync(screen, person);
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await page.AddInitScriptAsync("if (!sessionStorage.getItem('rich')) { sessionStorage.setItem('rich', '1'); localStorage.removeItem('writing-mode'); }");
        await page.GotoAsync("/write");
        await window.Title.FillAsync("Three views");
        await window.Story.ClickAsync();
        await keys.TypeAsync("Before.\n/gallery");
        var option = page.GetByRole(AriaRole.Option, new() { Name = "Gallery" });
        await Expect(option).ToHaveAttributeAsync("aria-selected", "true");
        FilePayload[] pictures = [Picture("Harbour", 600, 400), Picture("Tower", 400, 600), Picture("Strand", 800, 400)];
        if (screen is Screen.Desktop)
        {
            // A busy Chromium does not always tell of a chooser that a key opened.
            await keys.PressAsync("Enter");
            await Expect(option).ToHaveCountAsync(0);
            await page.GetByLabel("Picture", new() { Exact = true }).First.SetInputFilesAsync(pictures);
        }
        else
        {
            await (await page.RunAndWaitForFileChooserAsync(() => option.ClickAsync())).SetFilesAsync(pictures);
        }
        var gallery = window.Story.GetByRole(AriaRole.Group, new() { Name = "Gallery of 3 pictures" });
        await Expect(gallery.GetByLabel("Caption")).ToHaveCountAsync(3);
        await Expect(gallery.GetByLabel("Caption").First).ToBeVisibleAsync();
        await Expect(gallery.GetByLabel("Describe the picture").Last).ToHaveValueAsync("Strand");
        await gallery.GetByLabel("Caption").Nth(1).FillAsync("At noon");
        await gallery.GetByLabel("Caption").Nth(1).PressAsync("Enter");

        await gallery.Locator("img").First.ClickAsync();
        await keys.PressAsync("Alt+F10");
        var tools = page.GetByRole(AriaRole.Toolbar, new() { Name = "Picture" });
        await Expect(tools.GetByRole(AriaRole.Button, new() { Name = "As wide as the text" })).ToBeFocusedAsync();
        await keys.PressAsync("ArrowRight");
        await keys.PressAsync("Enter");
        await Expect(tools.GetByRole(AriaRole.Button, new() { Name = "Wide, beyond the sides of the text" })).ToHaveAttributeAsync("aria-pressed", "true");
        await tools.GetByRole(AriaRole.Button, new() { Name = "Later in the gallery" }).ClickAsync();
        await window.CheckAsync("gallery-rich");
        await window.SavedAsync();

        var draft = await person.Writer.GetAsync(page.Url.Split('/')[^1], TestContext.Current.CancellationToken);
        Address().Replace(draft.Content.Markdown, "ID").ShouldBe("Before.\n\n![Tower](/media/ID#wide \"At noon\")\n![Harbour](/media/ID#wide)\n![Strand](/media/ID#wide)");
        draft = await person.Writer.PublishAsync(draft, TestContext.Current.CancellationToken);

        var reader = await OpenAsync(screen);
        await reader.LoadUntilAsync(draft.Url!, read => read.Locator(".gallery img"));
        await Expect(reader.Page.Locator(".gallery figcaption")).ToHaveTextAsync("At noon");
        // All that stand in one line are of one height, and no picture is cut by more than its shape is rounded.
        var misfits = await reader.UntilAsync<string>(
            """
            () => {
              const pictures = [...document.querySelectorAll('.gallery img')];
              pictures.forEach(picture => picture.loading = 'eager');
              if (!pictures.every(picture => picture.complete && picture.naturalWidth > 0)) return null;
              const boxes = pictures.map(picture => picture.getBoundingClientRect());
              const uneven = boxes.some(one => boxes.some(other => one.top === other.top && Math.abs(one.height - other.height) > 1));
              const cut = boxes.some(({ width, height }, at) => Math.abs(width / height / (pictures[at].width ? pictures[at].getAttribute('width') / pictures[at].getAttribute('height') : 1) - 1) > 0.035);
              return uneven ? 'uneven' : cut ? 'cut' : 'none';
            }
            """);
        misfits.ShouldBe("none");
        (await reader.Page.Locator(".gallery").BoundingBoxAsync())!.Width.ShouldBe(screen is Screen.Desktop ? 960 : 390, 1);
        await reader.CheckAsync("gallery-read");
    }

    static FilePayload Picture(string name, int width, int height) => new() { Name = $"{name}.png", MimeType = "image/png", Buffer = Drawing.Png(width, height) };

    [GeneratedRegex("(?<=/media/)[0-9a-f-]{36}")]
    private static partial Regex Address();
}
