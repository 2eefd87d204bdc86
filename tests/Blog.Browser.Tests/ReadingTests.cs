using System.Globalization;
using System.Xml.Linq;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Thirty articles by one author, brought in as a folder is; once for all who read them.</summary>
[CollectionDefinition(nameof(Shelf))]
public sealed class Shelves : ICollectionFixture<Shelf>;

/// <inheritdoc cref="Shelves"/>
public sealed class Shelf(Site site) : IAsyncLifetime
{
    public const int Count = 30;
    public const string Handle = "edda-brook";

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("blog-shelf-");
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "tide.png"), Drawing.Png(1000, 600));
            for (var i = 1; i <= Count; i++) await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"letter-{i:00}.md"), Letter(i));
            var (exitCode, output) = await site.Blog.ImportAsync(folder.FullName, null, TestContext.Current.CancellationToken);
            exitCode.ShouldBe(0, output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string Letter(int number) =>
        $"""
        ---
        title: "Letter {number} from the coast"
        date: {new DateTime(2024, 1, 1).AddDays(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}
        authors: ["Edda Brook"]
        description: "What number {number} of thirty has to say about the sea & the <weather>."
        tags: ["Sea letters"]
        ---

        It rained until noon.[^1] Then the **tide** turned.

        ![The tide, going out](tide.png)

        ## The tide

        | Hour | Height |
        | ---- | -----: |
        | 06   |  1.4 m |
        | 12   |  4.2 m |

        - [x] boots
        - [ ] map

        ## The boat

        > She is older than the pier.

        ```rust
        fn main() {"{"}
            let depth: f32 = 4.2; // metres
            println!("{"{depth}"}");
        {"}"}
        ```

        ## The way back

        {string.Join("\n\n", Enumerable.Repeat("The path along the dunes is closed from March to July, because of the birds, and nobody minds the longer way round.", 12))}

        [^1]: It often does.
        """;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Reading needs no account, little data and no eyesight, and leaks nothing.</summary>
[Collection(nameof(Shelf))]
public sealed class ReadingTests(Site site, Shelf shelf) : BrowserTest(site)
{
    const string Article = $"/@{Shelf.Handle}/letter-07";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Lists_lead_from_page_to_page_and_to_each_article(Screen screen)
    {
        _ = shelf;
        var window = await OpenAsync(screen);
        var page = window.Page;
        var titles = new List<string>();
        await page.GotoAsync("/");
        await window.CheckAsync("home");
        do titles.AddRange(await page.Locator("h2.story-title").AllTextContentsAsync());
        while (await FollowAsync(page.GetByRole(AriaRole.Link, new() { Name = "Older stories" })));
        titles.Where(title => title.StartsWith("Letter ", StringComparison.Ordinal)).ShouldBe(Enumerable.Range(1, Shelf.Count).Reverse().Select(i => $"Letter {i} from the coast"));
        await window.CheckAsync("home-older");

        await page.GotoAsync("/topics");
        await window.CheckAsync("topics");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sea letters" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Sea letters");
        await window.CheckAsync("topic");
        await page.GetByRole(AriaRole.Link, new() { Name = "Edda Brook" }).First.ClickAsync();
        await Expect(page).ToHaveURLAsync($"/@{Shelf.Handle}");
        await Expect(page.GetByText("has not claimed it yet")).ToBeVisibleAsync();
        await window.CheckAsync("profile");
        await page.GetByRole(AriaRole.Link, new() { Name = "Letter 30 from the coast" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Letter 30 from the coast");
        await window.CheckAsync("article-long");
    }

    static async Task<bool> FollowAsync(ILocator link)
    {
        if (await link.CountAsync() == 0) return false;
        await link.ClickAsync();
        await link.Page.WaitForLoadStateAsync();
        return true;
    }

    [Fact]
    public async Task The_site_and_each_author_have_a_feed_that_pages_name()
    {
        var window = await OpenAsync();
        foreach (var (address, feed) in new[] { ("/", "/feed.xml"), ($"/@{Shelf.Handle}", $"/@{Shelf.Handle}/feed.xml") })
        {
            await window.Page.GotoAsync(address);
            await Expect(window.Page.Locator("link[rel=alternate][type='application/rss+xml']")).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex(feed + "$"));
            await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "RSS feed" }).First).ToHaveAttributeAsync("href", feed);
            var answer = await window.Page.APIRequest.GetAsync(feed);
            answer.Headers["content-type"].ShouldStartWith("application/rss+xml");
            var items = XDocument.Parse(await answer.TextAsync()).Descendants("item").ToList();
            items.ShouldNotBeEmpty();
            if (address != "/") items[0].Element("title")!.Value.ShouldBe("Letter 30 from the coast");
        }
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task What_is_not_there_says_so(Screen screen)
    {
        var window = await OpenAsync(screen);
        window.Expects("status of 404");
        window.Expects("status of 410");
        (await window.Page.GotoAsync("/nothing/here"))!.Status.ShouldBe(404);
        await window.CheckAsync("not-found");
        (await window.Page.GotoAsync($"/@{Shelf.Handle}/never-written"))!.Status.ShouldBe(404);
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Nothing at this address");

        var person = await Site.PersonAsync("gone");
        var cancel = TestContext.Current.CancellationToken;
        var article = await person.Writer.PublishAsync(await person.Writer.CreateAsync("Taken back", "Soon gone.", cancel), cancel);
        await window.LoadUntilAsync(article.Url!, page => page.GetByText("Soon gone."));
        await person.Writer.UnpublishAsync(article, cancel);
        await window.LoadUntilAsync(article.Url!, page => page.GetByText("This story was taken down"));
        await window.CheckAsync("taken-down");
    }

    [Fact]
    public async Task The_chosen_colours_stay_and_nothing_flashes()
    {
        var window = await OpenAsync();
        var page = window.Page;
        // What the page has before its first element is drawn.
        await page.AddInitScriptAsync(
            "new MutationObserver(() => { if (document.body && !('first' in window)) window.first = document.documentElement.dataset.theme ?? 'system' }).observe(document, { childList: true, subtree: true })");
        await page.GotoAsync("/");
        (await page.EvaluateAsync<string>("first")).ShouldBe("system");
        var light = await BackgroundAsync(page);
        var toggle = page.GetByRole(AriaRole.Button, new() { Name = "Colours" });
        await toggle.ClickAsync();
        await toggle.ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        foreach (var address in new[] { "/", Article, "/topics" })
        {
            await page.GotoAsync(address);
            (await page.EvaluateAsync<string>("first")).ShouldBe("dark");
            (await BackgroundAsync(page)).ShouldNotBe(light);
        }
    }

    static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor");

    [Fact]
    public async Task The_keyboard_skips_to_the_content_and_shows_where_it_is()
    {
        var window = await OpenAsync();
        var page = window.Page;
        await page.GotoAsync("/");
        await page.Keyboard.PressAsync("Tab");
        var skip = page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" });
        await Expect(skip).ToBeFocusedAsync();
        await Expect(skip).ToBeInViewportAsync(new() { Ratio = 1 });
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#main")).ToBeFocusedAsync();
        for (var i = 0; i < 12; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            (await page.EvaluateAsync<bool>("() => { const s = getComputedStyle(document.activeElement); return document.activeElement !== document.body && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }"))
                .ShouldBeTrue(await page.EvaluateAsync<string>("document.activeElement.outerHTML.slice(0, 300)"));
        }
    }

    [Fact]
    public async Task Nothing_scrolls_sideways_on_the_smallest_screen()
    {
        var window = await OpenAsync(Screen.Phone, await Site.PersonAsync("small"));
        window.Expects("status of 404");
        await window.Page.SetViewportSizeAsync(320, 640);
        foreach (var address in new[] { "/", Article, $"/@{Shelf.Handle}", "/topics", "/topics/sea-letters", "/nothing", "/write", "/me/stories", "/settings", "/account/signup", "/account/forgot" })
        {
            await window.Page.GotoAsync(address);
            await Expect(window.Page.GetByRole(AriaRole.Heading).First).ToBeAttachedAsync();
            (await window.OverhangAsync()).ShouldBe(0, address);
        }
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_article_costs_a_stranger_little_and_stands_still(Screen screen)
    {
        var window = await OpenAsync(screen);
        var page = window.Page;
        var scripts = new List<IRequest>();
        page.RequestFinished += (_, request) =>
        {
            if (request.ResourceType == "script") lock (scripts) scripts.Add(request);
        };
        await page.AddInitScriptAsync(
            """
            window.shifts = [];
            const place = ({ x, y, width, height }) => `${x},${y} ${width}x${height}`;
            new PerformanceObserver(list => {
              for (const { value, hadRecentInput, sources } of list.getEntries())
                // One without a source is a pixel's fraction of something that is gone again.
                if (!hadRecentInput && sources.length > 0) window.shifts.push(`${value}: ${sources.map(({ node, previousRect: from, currentRect: to }) => `${place(from)} to ${place(to)} ${(node?.outerHTML ?? node?.textContent ?? '').slice(0, 120)}`).join(' | ')}`);
            }).observe({ type: 'layout-shift', buffered: true });
            """);
        // By way of the home page, which brings the fonts: until they come, a system without Georgia has no face of the same measure to stand in.
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.GotoAsync(Article, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await page.Locator(".author-card").ScrollIntoViewIfNeededAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "More by Edda Brook" })).ToBeVisibleAsync();

        var bytes = 0;
        IRequest[] fetched;
        lock (scripts) fetched = [.. scripts];
        // What comes from the browser's own cache has no bytes, from which the size of its head is taken away.
        foreach (var script in fetched) bytes += Math.Max(0, (await script.SizesAsync()).ResponseBodySize);
        bytes.ShouldBeInRange(1, 60 * 1024);
        (await page.EvaluateAsync<string[]>("shifts")).ShouldBeEmpty();
        (await page.Locator("script:not([src]):not([type='application/ld+json'])").CountAsync()).ShouldBe(0);
    }
}
