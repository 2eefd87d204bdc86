using System.Text.Json;
using Blog.SystemTesting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Highlights, from the selection to the list; sharing and gift links.</summary>
public sealed class HighlightTests(Site site) : BrowserTest(site)
{
    const string Text =
        """
        It rained until noon.[^1] Then the **tide turned** and the boats came in, one after the other.

        Nobody minds the longer way round, because of the birds.

        ```rust
        fn main() {}
        ```

        The museum opens at nine and closes when the last visitor has gone home.

        [^1]: It often does.
        """;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Task<string[]> PaintedAsync(IPage page, string name = "mine") =>
        page.EvaluateAsync<string[]>("name => [...(CSS.highlights.get(name) ?? [])].map(range => range.toString())", name);

    static async Task PaintedAsync(IPage page, string name, params string[] words)
    {
        await page.WaitForFunctionAsync("([name, count]) => (CSS.highlights.get(name)?.size ?? 0) === Number(count)", new[] { name, words.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        (await PaintedAsync(page, name)).ShouldBe(words, ignoreOrder: true);
    }

    /// <summary>The corners of some words of the story on the screen.</summary>
    static async Task<float[]> BoxAsync(IPage page, string words)
    {
        var box = await page.EvaluateAsync<float[]>(
            """
            words => {
              const walker = document.createTreeWalker(document.querySelector('.prose'), NodeFilter.SHOW_TEXT);
              for (let node; (node = walker.nextNode()); ) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                range.startContainer.parentElement.scrollIntoView({ block: 'center' });
                const rects = [...range.getClientRects()];
                return [rects[0].left, rects[0].top + rects[0].height / 2, rects.at(-1).right, rects.at(-1).top + rects.at(-1).height / 2];
              }
              return [];
            }
            """, words);
        box.ShouldNotBeEmpty(words);
        return box;
    }

    static async Task SelectByMouseAsync(IPage page, string words)
    {
        var box = await BoxAsync(page, words);
        await page.Mouse.MoveAsync(box[0] + 1, box[1]);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box[2] - 1, box[3], new() { Steps = 4 });
        await page.Mouse.UpAsync();
    }

    /// <summary>All but the last character by script, as a reading aid does, and that one with the keyboard.</summary>
    static async Task SelectByKeyboardAsync(IPage page, string words)
    {
        await BoxAsync(page, words);
        await page.EvaluateAsync(
            """
            words => {
              const walker = document.createTreeWalker(document.querySelector('.prose'), NodeFilter.SHOW_TEXT);
              for (let node; (node = walker.nextNode()); ) {
                const at = node.data.indexOf(words);
                if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length - 1);
              }
            }
            """, words);
        await page.Keyboard.PressAsync("Shift+ArrowRight");
    }

    static ILocator Tool(IPage page, string name) => page.GetByRole(AriaRole.Toolbar, new() { Name = "Selected words" }).GetByRole(AriaRole.Button, new() { Name = name });

    /// <summary>Loads the page anew until the highlights have followed the edited text.</summary>
    static async Task FollowedAsync(IPage page, string said)
    {
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            await page.ReloadAsync();
            try
            {
                await page.GetByText(said).WaitForAsync(new() { Timeout = 2_000 });
                return;
            }
            catch (TimeoutException)
            {
                // Not yet.
            }
        }
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        await Expect(page.GetByText(said)).ToBeVisibleAsync();
    }

    async Task<(Person Author, Writer.Article Article)> StoryAsync(string name)
    {
        var author = await Site.PersonAsync(name);
        return (author, await author.Writer.PublishAsync(await author.Writer.CreateAsync("The harbour at noon", Text, Cancel), Cancel));
    }

    [Fact]
    public async Task Marked_words_stay_marked_when_their_author_edits_the_story_and_others_see_what_is_public()
    {
        var (author, article) = await StoryAsync("pilot");
        var window = await OpenAsync(person: await Site.PersonAsync("marker"));
        var page = window.Page;
        await window.LoadUntilAsync(article.Url!, p => p.GetByText("It rained until noon."));

        await SelectByMouseAsync(page, "tide turned");
        await Tool(page, "Highlight").ClickAsync();
        await PaintedAsync(page, "mine", "tide turned");

        await SelectByKeyboardAsync(page, "the last visitor has gone home");
        await Expect(Tool(page, "Note")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(Tool(page, "Note")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        var card = page.GetByRole(AriaRole.Dialog, new() { Name = "Your highlight" });
        await Expect(card.GetByLabel("Note")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Once at four in the morning.");
        await card.GetByLabel("Show it to everyone").CheckAsync();
        await window.CheckAsync("highlight-card");
        await card.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(card).ToBeHiddenAsync();
        await SelectByMouseAsync(page, "Nobody minds the longer way round");
        await page.RunAndWaitForResponseAsync(() => Tool(page, "Highlight").ClickAsync(), answer => answer.Request.Method == "POST" && answer.Url.EndsWith("/me/highlights", StringComparison.Ordinal));

        await page.ReloadAsync();
        await PaintedAsync(page, "mine", "tide turned", "the last visitor has gone home", "Nobody minds the longer way round");
        await window.CheckAsync("highlights");

        // The author writes before, changes a word beside, and drops a paragraph.
        var edited = Text.Replace("It rained", "For three days nobody went out to sea.\n\nIt had rained", StringComparison.Ordinal).Replace("Nobody minds the longer way round, because of the birds.\n\n", "", StringComparison.Ordinal);
        article = await author.Writer.PublishAsync(await author.Writer.SaveAsync(article, article.Content with { Markdown = edited }, Cancel), Cancel);
        await window.LoadUntilAsync(article.Url!, p => p.GetByText("For three days nobody went out"));
        await FollowedAsync(page, "1 of your highlights is not in the text any more");
        await PaintedAsync(page, "mine", "tide turned", "the last visitor has gone home");

        var other = await OpenAsync(person: await Site.PersonAsync("neighbour"));
        await other.Page.GotoAsync(article.Url!);
        await PaintedAsync(other.Page, "theirs", "the last visitor has gone home");
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "1 person highlighted" }).ClickAsync();
        await Expect(other.Page.GetByText("Once at four in the morning.")).ToBeVisibleAsync();
        await other.CheckAsync("passage-of-others");
        await other.Page.Keyboard.PressAsync("Escape");
        await Expect(other.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        await ListedAsync(window, article);
    }

    static async Task ListedAsync(Window window, Writer.Article article)
    {
        var page = window.Page;
        await page.GotoAsync("/me/highlights");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = article.Content.Title })).ToBeVisibleAsync();
        await Expect(page.GetByText("Not in the text any more.")).ToHaveCountAsync(1);
        await window.CheckAsync("my-highlights");

        await page.GetByLabel("Search your highlights and notes").FillAsync("FOUR in the");
        await Expect(page.Locator(".marks-list > li")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Read in place" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Your highlight" }).GetByLabel("Note")).ToHaveValueAsync("Once at four in the morning.");
        (await page.EvaluateAsync<bool>("() => { const { top } = [...CSS.highlights.get('mine')].find(r => `${r}`.includes('visitor')).getBoundingClientRect(); return top > 0 && top < innerHeight }")).ShouldBeTrue();

        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await PaintedAsync(page, "mine", "tide turned");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await PaintedAsync(page, "mine", "tide turned", "the last visitor has gone home");
    }

    [Fact]
    public async Task On_a_phone_the_tools_are_at_the_thumb_and_a_stranger_is_asked_to_sign_in()
    {
        var (_, article) = await StoryAsync("skipper");
        var window = await OpenAsync(Screen.Phone);
        var page = window.Page;
        await window.LoadUntilAsync(article.Url!, p => p.GetByText("It rained until noon."));
        await SelectByKeyboardAsync(page, "closes when the last");
        var tools = page.GetByRole(AriaRole.Toolbar, new() { Name = "Selected words" });
        await Expect(tools).ToBeInViewportAsync(new() { Ratio = 1 });
        (await tools.BoundingBoxAsync())!.Y.ShouldBeGreaterThan(600);
        await window.CheckAsync("words-phone");
        await Tool(page, "Highlight").ClickAsync();
        await Expect(page.GetByText("Sign in to keep highlights.")).ToBeVisibleAsync();
        (await PaintedAsync(page)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_page_reads_the_text_of_an_article_as_the_service_does()
    {
        var (_, article) = await StoryAsync("reader");
        var window = await OpenAsync();
        // Pictures of the vectors, which the browser looks for.
        window.Expects("status of 404");
        var page = window.Page;
        await window.LoadUntilAsync(article.Url!, p => p.GetByText("It rained until noon."));
        await SelectByMouseAsync(page, "tide turned");
        await Expect(Tool(page, "Highlight")).ToBeVisibleAsync();
        var vectors = JsonSerializer.Deserialize<JsonElement[]>(await File.ReadAllTextAsync(Path.Combine(RunningBlog.RepositoryRoot, "tests", "vectors", "highlights", "text.json"), Cancel))!;
        foreach (var vector in vectors)
        {
            var text = await page.EvaluateAsync<string>(
                """
                async html => {
                  const address = performance.getEntriesByType('resource').map(({ name }) => name).find(name => /\/marks\.[^/]+\.js$/.test(name));
                  const { ArticleText } = await import(address);
                  const root = document.createElement('div');
                  root.innerHTML = html;
                  return new ArticleText(root).text;
                }
                """, vector.GetProperty("html").GetString());
            text.ShouldBe(vector.GetProperty("text").GetString(), vector.GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task A_story_is_given_by_link_and_says_whose_gift_it_is()
    {
        var (_, article) = await StoryAsync("captain");
        var giver = await Site.PersonAsync("giver");
        var window = await OpenAsync(person: giver);
        var page = window.Page;
        await window.LoadUntilAsync(article.Url!, p => p.GetByText("It rained until noon."));
        await page.GetByRole(AriaRole.Button, new() { Name = "Share", Exact = true }).ClickAsync();
        await window.CheckAsync("share-menu");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give this story" }).ClickAsync();
        await Expect(page.Locator(".toast")).ToBeVisibleAsync();

        await page.GotoAsync("/me/gifts");
        await Expect(page.GetByText("not opened yet")).ToBeVisibleAsync();
        await window.CheckAsync("gifts");
        var gift = await page.EvaluateAsync<string>("async () => (await (await fetch('/api/v1/me/gifts', { headers: { 'X-CSRF': '1' } })).json()).items[0].url");

        var stranger = await OpenAsync(Screen.Phone);
        await stranger.Page.GotoAsync(gift);
        await Expect(stranger.Page.GetByText("A gift from ")).ToBeVisibleAsync();
        stranger.Page.Url.ShouldNotContain("gift=");
        await stranger.CheckAsync("gift");
        await page.ReloadAsync();
        await Expect(page.GetByText("opened once")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(page.GetByText("taken back")).ToBeVisibleAsync();
        await stranger.Page.GotoAsync(gift);
        await Expect(stranger.Page.GetByText("This gift link does not open any more")).ToBeVisibleAsync();
    }
}
