using System.IO.Compression;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>What cannot be accepted is refused in words that name the reason, and the text stays.</summary>
public sealed class RefusalTests(Site site) : BrowserTest(site)
{
    [Fact]
    public async Task A_text_of_6_MB_is_refused_by_name_and_stays()
    {
        var window = await OpenAsync(person: await Site.PersonAsync("long"));
        await window.Page.GotoAsync("/write");
        await window.Title.FillAsync("Everything at once");
        // Typing six million characters takes the browser minutes; this is what a paste does.
        await window.Text.EvaluateAsync(
            """
            (field, line) => {
              field.setRangeText(line.repeat(60_000));
              field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
            }
            """, new string('x', 99) + "\n" + new string(' ', 4));
        await Expect(window.Alert).ToContainTextAsync("a story can have 5 MB");
        await Expect(window.State).ToHaveTextAsync("Not saved");
        (await window.Text.EvaluateAsync<int>("field => field.value.length")).ShouldBe(104 * 60_000);
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Without_a_title_nothing_is_published_and_it_says_so(Screen screen)
    {
        var window = await OpenAsync(screen, await Site.PersonAsync("untitled"));
        window.Expects("status of 4");
        await window.Page.GotoAsync("/write");
        await window.Text.FillAsync("A text without a name.");
        await window.SavedAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Publish now" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("title", new() { IgnoreCase = true });
        await window.CheckAsync("publish-refused");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(window.Text).ToHaveValueAsync("A text without a name.");
    }

    [Fact]
    public async Task A_title_of_300_characters_is_refused_with_its_limit_and_stays()
    {
        var window = await OpenAsync(person: await Site.PersonAsync("title"));
        window.Expects("status of 4");
        await window.Page.GotoAsync("/write");
        await window.Title.FillAsync(new string('a', 300));
        await Expect(window.Page.GetByText("A title has at most 200 characters; this one has 300.").First).ToBeVisibleAsync();
        await Expect(window.State).ToHaveTextAsync("Not saved");
        await Expect(window.Title).ToHaveValueAsync(new string('a', 300));
        await window.CheckAsync("write-refused");
    }

    [Fact]
    public async Task A_file_that_only_calls_itself_a_picture_is_refused_and_the_text_stays()
    {
        var window = await OpenAsync(person: await Site.PersonAsync("zip"));
        window.Expects("status of 4");
        await window.Page.GotoAsync("/write");
        await window.Text.FillAsync("Before the picture.");
        await window.Page.Locator("input[type=file][aria-label='Insert a picture']").SetInputFilesAsync(new FilePayload { Name = "holiday.png", MimeType = "image/png", Buffer = Zip() });
        await Expect(window.Alert).ToContainTextAsync("holiday.png was not uploaded");
        await Expect(window.Alert).ToContainTextAsync("PNG");
        await Expect(window.Text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex(@"^Before the picture\.\s*$"));
        await window.CheckAsync("upload-refused");
    }

    [Fact]
    public async Task A_picture_of_25_MB_is_refused_with_its_size_and_the_limit()
    {
        var window = await OpenAsync(person: await Site.PersonAsync("large"));
        await window.Page.GotoAsync("/write");
        await window.Text.FillAsync("Before the picture.");
        byte[] large = [.. Drawing.Png(8, 8), .. new byte[25 * 1024 * 1024]];
        await window.Page.Locator("input[type=file][aria-label='Insert a picture']").SetInputFilesAsync(new FilePayload { Name = "poster.png", MimeType = "image/png", Buffer = large });
        await Expect(window.Alert).ToContainTextAsync("It has 25.0 MB; a picture can have 20 MB.");
        await Expect(window.Text).ToHaveValueAsync("Before the picture.");
    }

    static byte[] Zip()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        using (var entry = zip.CreateEntry("holiday.txt").Open())
            entry.Write("not a picture"u8);
        return file.ToArray();
    }
}
