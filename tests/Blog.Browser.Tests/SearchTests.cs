using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Finding what was written, with a mouse, a thumb, the keyboard alone, and without script.</summary>
[Collection(nameof(Shelf))]
public sealed partial class SearchTests(Site site, Shelf shelf) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<string> PublishAsync(Person author, string title, string text, string language = "")
    {
        var draft = await author.Writer.CreateAsync(title, text, Cancel);
        if (language.Length > 0) draft = await author.Writer.SaveAsync(draft, draft.Content with { Language = language }, Cancel);
        return (await author.Writer.PublishAsync(draft, Cancel)).Url!;
    }

    static ILocator Field(IPage page) => page.GetByLabel("Search stories, people and topics");

    static ILocator Result(IPage page, string title) => page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Heading, new() { Name = title, Exact = true });

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_story_is_found_by_its_words_and_what_was_found_is_narrowed_and_paged(Screen screen)
    {
        _ = shelf;
        var window = await OpenAsync(screen);
        var page = window.Page;
        await window.LoadUntilAsync("/search?q=dunes+birds", p => p.Locator("article.story"));
        await page.GotoAsync("/");
        if (screen is Screen.Phone) await page.GetByRole(AriaRole.Link, new() { Name = "Search", Exact = true }).ClickAsync();
        await Field(page).FillAsync("letter coast");
        await Field(page).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(SearchOfCoast());
        await Expect(page.GetByText("30 stories")).ToBeVisibleAsync();
        await Expect(page.Locator("article.story")).ToHaveCountAsync(20);
        await Expect(page.Locator(".found-title mark.found").First).ToBeVisibleAsync();
        await window.CheckAsync("search-found");

        await page.GetByRole(AriaRole.Link, new() { Name = "More results" }).ClickAsync();
        await Expect(page.Locator("article.story")).ToHaveCountAsync(10);
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the first results" }).ClickAsync();

        await page.Locator("summary").Filter(new() { HasText = "Best match" }).ClickAsync();
        await window.CheckAsync("search-sort-open");
        await page.GetByRole(AriaRole.Link, new() { Name = "Oldest" }).ClickAsync();
        await Expect(page.Locator("article.story h2").First).ToHaveTextAsync("Letter 1 from the coast");
        await page.Locator("summary").Filter(new() { HasText = "Any time" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Past week" }).ClickAsync();
        // The letters are older; other tests may have written something like it.
        await Expect(page.Locator("summary").Filter(new() { HasText = "Past week" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new("^Letter [0-9]+ from the coast$") })).ToHaveCountAsync(0);
        await page.GotoAsync("/search?q=qzxvkj&time=week");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing found for “qzxvkj”" })).ToBeVisibleAsync();
        await window.CheckAsync("search-nothing");
        await page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).ClickAsync();
        await Expect(page).ToHaveURLAsync("/search?q=qzxvkj");

        await page.GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await Field(page).FillAsync("edda");
        await Field(page).PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Edda Brook" })).ToBeVisibleAsync();
        await window.CheckAsync("search-people");
        await page.GetByRole(AriaRole.Link, new() { Name = "Topics", Exact = true }).Locator("visible=true").First.ClickAsync();
        await page.GotoAsync("/search?q=sea&in=topics");
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Sea letters" })).ToBeVisibleAsync();
        await window.CheckAsync("search-topics");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Without_script_the_field_the_filters_and_the_pages_work_all_the_same(Screen screen)
    {
        var ready = await OpenAsync();
        await ready.LoadUntilAsync("/search?q=dunes+birds", p => p.Locator("article.story"));
        var window = await OpenAsync(screen, javaScript: false);
        var page = window.Page;
        await page.GotoAsync(screen is Screen.Phone ? "/search" : "/");
        await Field(page).FillAsync("dunes birds");
        await Field(page).PressAsync("Enter");
        await Expect(page.Locator("article.story")).ToHaveCountAsync(20);
        await page.Locator("summary").Filter(new() { HasText = "Best match" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Newest" }).Locator("visible=true").Last.ClickAsync();
        await Expect(page.Locator("article.story h2").First).ToHaveTextAsync("Letter 30 from the coast");
        await page.GetByRole(AriaRole.Link, new() { Name = "More results" }).ClickAsync();
        await Expect(page.Locator("article.story h2").Last).ToHaveTextAsync("Letter 1 from the coast");
        await page.Locator("article.story h2 a").Last.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Letter 1 from the coast");
    }

    [Fact]
    public async Task The_keyboard_alone_opens_what_is_suggested_while_typing()
    {
        var window = await OpenAsync();
        var page = window.Page;
        await page.GotoAsync("/topics");
        await window.UntilAsync<bool>("async () => (await (await fetch('/api/v1/search?q=letter+7')).json()).items.length > 0");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.Keyboard.PressAsync("/");
        await Expect(Field(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Letter 7 from");
        var field = page.GetByRole(AriaRole.Combobox, new() { Name = "Search stories, people and topics" });
        await Expect(field).ToHaveAttributeAsync("aria-expanded", "true");
        var list = page.GetByRole(AriaRole.Listbox, new() { Name = "Suggestions" });
        await Expect(list).ToBeVisibleAsync();
        await Expect(page.Locator("[data-search-list] [role=status]")).ToHaveTextAsync(SomeSuggestions());
        await window.CheckAsync("search-suggestions");

        // Escape closes and keeps what was typed; an arrow opens again and chooses, and the field keeps the focus.
        await page.Keyboard.PressAsync("Escape");
        await Expect(list).ToBeHiddenAsync();
        await Expect(field).ToHaveValueAsync("Letter 7 from");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(list).ToBeVisibleAsync();
        var chosen = list.Locator("[aria-selected=true]");
        await Expect(chosen).ToHaveCountAsync(1);
        (await field.GetAttributeAsync("aria-activedescendant")).ShouldBe(await chosen.GetAttributeAsync("id"));
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(chosen).ToHaveCountAsync(0);
        await Expect(field).ToBeFocusedAsync();
        for (var tries = 0; tries < 20 && await chosen.Filter(new() { HasText = "Letter 7 from the coast" }).Filter(new() { HasText = "Edda Brook" }).CountAsync() == 0; tries++) await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Letter 7 from the coast");

        // Nothing chosen: Enter searches for what was typed.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.Keyboard.PressAsync("/");
        await Expect(Field(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("dunes");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/search\?q=dunes"));
    }

    [Fact]
    public async Task An_input_method_is_left_alone_and_a_search_that_is_away_is_not_in_the_way()
    {
        var window = await OpenAsync();
        window.Expects("503");
        var page = window.Page;
        var asked = new List<string>();
        await page.RouteAsync("**/api/v1/search/suggest**", route =>
        {
            lock (asked) asked.Add(Uri.UnescapeDataString(new Uri(route.Request.Url).Query));
            return route.FulfillAsync(new() { Status = 503, ContentType = "application/problem+json", Body = "{}" });
        });
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Field(page).FocusAsync();
        await Expect(page.GetByRole(AriaRole.Combobox)).ToHaveCountAsync(1);
        await Field(page).EvaluateAsync(
            """
            field => {
              const compose = (type, data) => field.dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));
              compose('compositionstart', '');
              for (const text of ['ち', 'ちょ', 'ちょう']) {
                field.value = text;
                field.dispatchEvent(new InputEvent('input', { data: text, isComposing: true, bubbles: true }));
              }
              field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }));
              field.value = '潮';
              compose('compositionend', '潮');
            }
            """);
        await window.UntilAsync<bool>("async () => performance.getEntriesByType('resource').some(({ name }) => name.includes('/suggest'))");
        lock (asked) asked.ShouldBe(["?q=潮"]);
        await Expect(page.GetByRole(AriaRole.Listbox)).ToHaveCountAsync(0);
        new Uri(page.Url).AbsolutePath.ShouldBe("/");
        await Field(page).PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex(@"/search\?q="));
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_empty_search_a_misspelt_one_and_one_that_is_too_long_say_what_to_do(Screen screen)
    {
        var window = await OpenAsync(screen);
        window.Expects("status of 400");
        var page = window.Page;
        await page.GotoAsync("/search");
        await Expect(Field(page)).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "What would you like to read?" })).ToBeVisibleAsync();
        await window.CheckAsync("search-begin");
        await page.GotoAsync($"/search?q={new string('x', 1200)}");
        await Expect(page.GetByText("this one has 1,200")).ToBeVisibleAsync();
        (await window.OverhangAsync()).ShouldBe(0);
        await page.GotoAsync("/search?q=" + Uri.EscapeDataString("(((\"'"));
        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Heading, new() { Level = 2 }).First).ToBeVisibleAsync();
        await window.CheckAsync("search-unreadable");
        (await page.GotoAsync("/search?q=zzyzzxqvk"))!.Status.ShouldBe(200);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nothing found for “zzyzzxqvk”" })).ToBeVisibleAsync();
        (await page.Locator("meta[name=robots]").GetAttributeAsync("content")).ShouldBe("noindex");
    }

    [Fact]
    public async Task Stories_in_other_scripts_are_found_and_stand_as_they_are_read()
    {
        var author = await Site.PersonAsync("scripts");
        await PublishAsync(author, "الطريق إلى البحر في الشتاء", "كتبت هذه الرسالة من الساحل حيث يمتد الطريق إلى البحر بين الأشجار.", "ar");
        await PublishAsync(author, "冬の海辺を歩く", "朝の海辺はとても静かで、波の音だけが聞こえました。", "ja");
        foreach (var screen in new[] { Screen.Desktop, Screen.Phone })
        {
            var window = await OpenAsync(screen);
            await window.LoadUntilAsync("/search?q=" + Uri.EscapeDataString("البحر"), p => Result(p, "الطريق إلى البحر في الشتاء"));
            (await Result(window.Page, "الطريق إلى البحر في الشتاء").EvaluateAsync<string>("heading => getComputedStyle(heading).direction")).ShouldBe("rtl");
            (await Field(window.Page).EvaluateAsync<bool>("field => field.matches(':dir(rtl)')")).ShouldBeTrue();
            await window.CheckAsync("search-arabic");
            await window.LoadUntilAsync("/search?q=" + Uri.EscapeDataString("海辺"), p => Result(p, "冬の海辺を歩く"));
            await window.CheckAsync("search-japanese");
        }
    }

    [Fact]
    public async Task Whoever_is_muted_is_not_found_and_ones_own_drafts_are()
    {
        var (author, reader) = (await Site.PersonAsync("loud"), await Site.PersonAsync("quiet"));
        var word = "quernstone" + Guid.NewGuid().ToString("N")[..6];
        await PublishAsync(author, $"On the {word}", "Grinding all day.");
        await reader.Writer.CreateAsync($"My {word} draft", "Not finished.", Cancel);
        var window = await OpenAsync(Screen.Desktop, reader);
        var page = window.Page;
        await window.LoadUntilAsync($"/search?q={word}", p => Result(p, $"On the {word}"));
        await Expect(Result(page, $"On the {word}")).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>(
            """
            async handle => {
                const person = await (await fetch(`/api/v1/people/${handle}`)).json();
                return (await fetch(`/api/v1/me/muted/${person.id}`, { method: "PUT", headers: { "X-CSRF": "1" } })).status;
            }
            """, author.Writer.Handle)).ShouldBe(200);
        await window.UntilAsync<bool>("async word => (await (await fetch(`/api/v1/me/search?q=${word}`, { headers: { 'X-CSRF': '1' } })).json()).items.length === 0", word);
        await page.GotoAsync($"/search?q={word}");
        await Expect(page.Locator("[data-found][data-settled]")).ToHaveCountAsync(1);
        await Expect(Result(page, $"On the {word}")).ToBeHiddenAsync();

        // A draft comes into the index by an event of its own.
        await window.UntilAsync<bool>("async word => (await (await fetch(`/api/v1/me/search/drafts?q=${word}`, { headers: { 'X-CSRF': '1' } })).json()).items.length === 1", word);
        await page.GetByRole(AriaRole.Link, new() { Name = "My drafts" }).ClickAsync();
        await Expect(Result(page, $"My {word} draft")).ToBeVisibleAsync();
        await window.CheckAsync("search-drafts");
        await page.GotoAsync("/me/stories");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search in your drafts and unpublished stories" }).FillAsync("nothing of the kind");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "No draft has “nothing of the kind”" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_browser_learns_how_to_search_the_site_from_its_address_bar()
    {
        var window = await OpenAsync();
        await window.Page.GotoAsync("/");
        await Expect(window.Page.Locator("link[rel=search]")).ToHaveAttributeAsync("href", "/opensearch.xml");
        var description = await window.Page.APIRequest.GetAsync("/opensearch.xml");
        description.Headers["content-type"].ShouldStartWith("application/opensearchdescription+xml");
        (await description.TextAsync()).ShouldContain("/search?q={searchTerms}\"");
    }

    [GeneratedRegex(@"/search\?q=letter(\+|%20)coast$")]
    private static partial Regex SearchOfCoast();

    [GeneratedRegex("^[0-9]+ suggestions?$")]
    private static partial Regex SomeSuggestions();
}
