using System.IO.Compression;
using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class ImportTests(Site site) : BrowserTest(site)
{
    const string Ghost = """
        {"db":[{"meta":{"version":"5.0.0"},"data":{
          "posts":[
            {"id":"1","title":"A night at the lighthouse","slug":"lighthouse","status":"published","published_at":"2021-03-04T05:06:07.000Z","html":"<p>The lamp turns <strong>slowly</strong>.</p><p><img src=\"https://elsewhere.invalid/lamp.png\" alt=\"The lamp\"></p>"},
            {"id":"2","title":"Not yet told","slug":"not-yet","status":"draft","html":"<p>Half a story.</p>"}],
          "posts_tags":[],"tags":[],"users":[],"posts_authors":[]}}]}
        """;

    static ILocator Button(Window window, string name) => window.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static Task ChooseAsync(Window window, string name, string text) =>
        window.Page.GetByLabel("Archive", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = Encoding.UTF8.GetBytes(text) });

    [Theory]
    [InlineData(Screen.Desktop)]
    [InlineData(Screen.Phone)]
    public async Task Stories_from_elsewhere_are_shown_before_they_come_and_can_be_taken_along(Screen screen)
    {
        var window = await OpenAsync(screen, await Site.PersonAsync("mover"));
        await window.Page.GotoAsync("/settings/import");
        await ChooseAsync(window, "broken.zip", "This is no archive.");
        await Expect(window.Page.GetByText("This archive cannot be imported.")).ToBeVisibleAsync();
        await window.CheckAsync("import-refused");
        await Button(window, "Forget this import").ClickAsync();
        await Expect(window.Page.GetByText("broken.zip")).ToHaveCountAsync(0);

        await ChooseAsync(window, "old-site.json", Ghost);
        await Expect(window.Page.GetByText("1 story is published under its own date")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("1 draft stays a draft")).ToBeVisibleAsync();
        await window.CheckAsync("import-preview");
        await Button(window, "Import").ClickAsync();
        await Expect(window.Page.GetByText("2 stories imported")).ToBeVisibleAsync();
        await window.CheckAsync("imported");

        var download = await window.Page.RunAndWaitForDownloadAsync(() => Button(window, "Download everything (ZIP)").ClickAsync());
        using var zip = ZipFile.OpenRead(await download.PathAsync());
        var story = zip.Entries.Single(entry => entry.FullName.Contains("lighthouse", StringComparison.Ordinal) && entry.FullName.EndsWith(".md", StringComparison.Ordinal));
        using var text = new StreamReader(await story.OpenAsync(TestContext.Current.CancellationToken));
        (await text.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("The lamp turns **slowly**.");

        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Open “A night at the lighthouse”" }).ClickAsync();
        await window.Page.WaitForURLAsync("**/write/**");
        await Expect(window.Page.GetByLabel("Title", new() { Exact = true })).ToHaveValueAsync("A night at the lighthouse");
    }
}
