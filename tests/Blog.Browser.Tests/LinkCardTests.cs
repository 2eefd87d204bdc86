using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Addresses that are paragraphs of their own, from the keys that write them to what readers press.</summary>
public sealed class LinkCardTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_address_becomes_a_card_while_one_writes_and_a_player_loads_when_a_reader_presses_it(Screen screen)
    {
        var cancel = TestContext.Current.CancellationToken;
        var person = await Site.PersonAsync("linker");
        var linked = await person.Writer.PublishAsync(await person.Writer.CreateAsync("The harbour clock", "It is wrong, and useful.", cancel), cancel);
        var address = new Uri(Blog.Origin, linked.Url).ToString();
        var video = $"https://www.youtube.com/watch?v={Site.NewHandle("tide")}";
        await KnowPlayerAsync(video);

        var window = await OpenAsync(screen, person);
        var (page, keys) = (window.Page, window.Page.Keyboard);
        await page.AddInitScriptAsync("if (!sessionStorage.getItem('rich')) { sessionStorage.setItem('rich', '1'); localStorage.removeItem('writing-mode'); }");
        await page.GotoAsync("/write");
        await window.Title.FillAsync("What I read");
        await window.Story.ClickAsync();
        await keys.TypeAsync($"Before.\n{address}\n");
        await keys.TypeAsync($"{video}\nAfter, with {address} in a line.");
        var card = window.Story.Locator(".link-card").First;
        await Expect(card.Locator(".embed b")).ToHaveTextAsync("The harbour clock");
        await Expect(window.Story.Locator(".link-card .embed-player b")).ToHaveTextAsync("Spring tide");
        await Expect(window.Story.Locator(".link-card")).ToHaveCountAsync(2);
        await window.CheckAsync("link-card-rich");

        await card.GetByRole(AriaRole.Button, new() { Name = "Make it a link in the text" }).ClickAsync();
        await Expect(window.Story.Locator(".link-card")).ToHaveCountAsync(1);
        await Expect(window.Story.GetByRole(AriaRole.Link, new() { Name = "The harbour clock" })).ToHaveAttributeAsync("href", address);
        await keys.PressAsync("Control+z");
        await Expect(window.Story.Locator(".link-card")).ToHaveCountAsync(2);
        await window.SavedAsync();
        var draft = await person.Writer.GetAsync(page.Url.Split('/')[^1], cancel);
        draft.Content.Markdown.ShouldBe($"Before.\n\n<{address}>\n\n<{video}>\n\nAfter, with <{address}> in a line.");

        draft = await person.Writer.PublishAsync(draft, cancel);
        var reader = await OpenAsync(screen);
        await reader.LoadUntilAsync(draft.Url!, read => read.Locator("article .embed-player"));
        await Expect(reader.Page.Locator("article .embed")).ToHaveCountAsync(2);
        await Expect(reader.Page.Locator("article iframe")).ToHaveCountAsync(0);
        await reader.CheckAsync("link-card-read");

        reader.Expects("request to another origin: https://www.youtube-nocookie.com/embed/tide");
        await reader.Page.RouteAsync("https://www.youtube-nocookie.com/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<p>The tide comes in." }));
        await reader.Page.Locator("article .embed-player").ClickAsync();
        var player = reader.Page.FrameLocator("article iframe.player");
        await Expect(player.GetByText("The tide comes in.")).ToBeVisibleAsync();
        await Expect(reader.Page.Locator("article iframe.player")).ToHaveAttributeAsync("title", "Player: Spring tide");
        await reader.Page.Locator("article a.embed").ClickAsync();
        await reader.Page.WaitForURLAsync($"**{linked.Url}");
    }

    /// <summary>As if it had been asked: there is no such server where tests run.</summary>
    async Task KnowPlayerAsync(string address)
    {
        await using var database = NpgsqlDataSource.Create(await Blog.ConnectionStringAsync("content-database", TestContext.Current.CancellationToken));
        await using var known = database.CreateCommand(
            """
            insert into links (address, state, card) values ($1, 2, '{"Kind": 1, "Title": "Spring tide", "Site": "YouTube", "Author": "Ada", "Frame": {"Address": "https://www.youtube-nocookie.com/embed/tide?autoplay=1", "Width": 16, "Height": 9}}')
            """);
        known.Parameters.Add(new() { Value = address });
        await known.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
