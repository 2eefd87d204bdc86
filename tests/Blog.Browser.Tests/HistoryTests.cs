using System.Text.RegularExpressions;
using Blog.SystemTesting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>What somebody read, and where they go on reading.</summary>
public sealed partial class HistoryTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    async Task<Writer.Article> PublishAsync(Writer author, string title, string text) => await author.PublishAsync(await author.CreateAsync(title, text, Cancel), Cancel);

    static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static bool IsRecorded(IResponse answer) => answer.Request.Method == "PUT" && answer.Url.Contains("/me/history/", StringComparison.Ordinal) && answer.Ok;

    /// <summary>A place in the text was kept, not only the visit.</summary>
    static bool IsPlace(IResponse answer) => IsRecorded(answer) && answer.Request.PostData!.Contains("fraction", StringComparison.Ordinal);

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_was_read_is_listed_by_day_forgotten_one_by_one_or_as_a_whole_and_not_kept_while_paused(Screen screen)
    {
        var reader = await Site.PersonAsync("reader");
        var author = await Writer.SignUpAsync(Blog, Site.NewHandle("author"), Cancel);
        var (first, second) = (await PublishAsync(author, "Harbour", "Boats.\n\nMore boats."), await PublishAsync(author, "Kitchen", "Pots."));
        var window = await OpenAsync(screen, reader);
        var page = window.Page;
        foreach (var story in new[] { first, second })
            await page.RunAndWaitForResponseAsync(() => page.GotoAsync(story.Url!), IsRecorded);

        await page.GotoAsync("/me/history");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Today" })).ToBeVisibleAsync();
        await Expect(page.Locator(".kept h3")).ToHaveTextAsync(["Kitchen", "Harbour"]);
        await window.CheckAsync("history");

        await Button(page, "Erase “Kitchen” from your history").ClickAsync();
        await Expect(page.Locator(".kept h3")).ToHaveTextAsync(["Harbour"]);
        await Expect(page.GetByText("“Kitchen” is forgotten")).ToBeVisibleAsync();

        await page.RunAndWaitForResponseAsync(() => Button(page, "Pause").ClickAsync(), answer => answer.Request.Method == "PATCH" && answer.Ok);
        await Expect(page.GetByText("Paused. Nothing you read is kept")).ToBeVisibleAsync();
        await page.GotoAsync(second.Url!);
        await Expect(Button(page, "Save “Kitchen”")).ToBeVisibleAsync();
        await page.GotoAsync("/me/history");
        await Expect(page.Locator(".kept h3")).ToHaveTextAsync(["Harbour"]);

        await Button(page, "Erase all").ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Erase all" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your history is paused" })).ToBeVisibleAsync();
        await window.CheckAsync("history-empty");
        await page.RunAndWaitForResponseAsync(() => Button(page, "Resume").ClickAsync(), answer => answer.Request.Method == "PATCH" && answer.Ok);
        await page.RunAndWaitForResponseAsync(() => page.GotoAsync(second.Url!), IsRecorded);
        await page.GotoAsync("/me/history");
        await Expect(page.Locator(".kept h3")).ToHaveTextAsync(["Kitchen"]);
    }

    [Fact]
    public async Task Reading_goes_on_on_another_device_where_it_stopped_even_after_the_story_was_edited()
    {
        var reader = await Site.PersonAsync("traveller");
        var author = await Writer.SignUpAsync(Blog, Site.NewHandle("author"), Cancel);
        static string Paragraph(int i) => $"Paragraph number {i} says something of its own. " + string.Join(' ', Enumerable.Repeat("And then it goes on for a while, as paragraphs do.", 6));
        var text = string.Join("\n\n", Enumerable.Range(1, 40).Select(i => i % 10 == 0 ? $"## Part {i / 10}\n\n{Paragraph(i)}" : Paragraph(i)));
        var story = await PublishAsync(author, "A long way", text);
        using (var save = new HttpRequestMessage(HttpMethod.Put, new Uri($"/api/v1/me/saved/{story.Id}", UriKind.Relative)))
            (await reader.Writer.Browser.SendAsync(save, Cancel)).EnsureSuccessStatusCode();

        var desk = await OpenAsync(Screen.Desktop, reader);
        await desk.Page.RunAndWaitForResponseAsync(() => desk.Page.GotoAsync(story.Url!), IsRecorded);
        await Expect(desk.Page.GetByText("Continue where you left off")).ToHaveCountAsync(0);
        var paragraph = desk.Page.GetByText("Paragraph number 25 says");
        await desk.Page.RunAndWaitForResponseAsync(() => paragraph.EvaluateAsync("p => scrollTo(0, scrollY + p.getBoundingClientRect().top - innerHeight * 0.25)"), IsPlace);

        await author.PublishAsync(await author.SaveAsync(story, story.Content with { Markdown = $"A foreword that is new.\n\nAnd more of it.\n\n{text}" }, Cancel), Cancel);

        var phone = await OpenAsync(Screen.Phone, reader);
        await phone.LoadUntilAsync(story.Url!, page => page.GetByText("A foreword that is new."));
        var offer = phone.Page.GetByRole(AriaRole.Button, new() { NameRegex = Offer() });
        await Expect(offer).ToBeVisibleAsync();
        await phone.CheckAsync("place-offer");
        (await phone.Page.EvaluateAsync<int>("() => scrollY")).ShouldBe(0);
        await offer.ClickAsync();
        await Expect(phone.Page.GetByText("Paragraph number 25 says")).ToBeInViewportAsync();
        await Expect(offer).ToHaveCountAsync(0);

        await phone.Page.GotoAsync("/me/saved");
        await Expect(phone.Page.Locator(".kept .progress")).ToHaveTextAsync(Percent());
        await phone.CheckAsync("list-progress");

        await desk.Page.ReloadAsync();
        await desk.Page.RunAndWaitForResponseAsync(() => desk.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)"), IsPlace);
        await desk.Page.GotoAsync("/me/history");
        await Expect(desk.Page.Locator(".kept").GetByText("Read", new() { Exact = true })).ToBeVisibleAsync();
        await desk.Page.RunAndWaitForResponseAsync(() => desk.Page.GotoAsync(story.Url!), IsRecorded);
        await Expect(desk.Page.GetByText("Continue where you left off")).ToHaveCountAsync(0);
    }

    [GeneratedRegex("^Continue where you left off ?\\d+ %$")]
    private static partial Regex Offer();

    [GeneratedRegex("\\d+ % read")]
    private static partial Regex Percent();
}
