using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>What the site gives to other programs, as people meet it.</summary>
[Collection(nameof(Shelf))]
public sealed class OpenWebTests(Site site) : BrowserTest(site)
{
    const string Story = "letter-30";

    readonly string address = $"/@{Shelf.Handle}/{Story}";

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task An_embedded_story_is_a_card_that_leads_to_the_story(Screen screen)
    {
        var window = await OpenAsync(screen);
        (await window.Page.GotoAsync("/embed" + address))!.Status.ShouldBe(200);
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "Letter 30 from the coast" })).ToHaveAttributeAsync("href", new Uri(Blog.Origin, address).ToString());
        await window.CheckAsync("embed");
        window.Expects("status of 404");
        (await window.Page.GotoAsync($"/embed/@{Shelf.Handle}/never-written"))!.Status.ShouldBe(404);
        await window.CheckAsync("embed-missing");
    }

    [Fact]
    public async Task Another_page_shows_a_story_by_the_answer_it_got_for_its_address()
    {
        var window = await OpenAsync();
        var answer = await window.Page.APIRequest.GetAsync($"/oembed?url={Uri.EscapeDataString(new Uri(Blog.Origin, address).ToString())}&maxwidth=500");
        var card = JsonDocument.Parse(await answer.TextAsync()).RootElement;
        card.GetProperty("width").GetInt32().ShouldBe(500);

        await window.Page.RouteAsync("**/elsewhere", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = $"<!doctype html><html lang=en><title>Elsewhere</title><body>{card.GetProperty("html").GetString()}</body></html>",
        }));
        await window.Page.GotoAsync("/elsewhere");

        var frame = window.Page.FrameLocator("iframe");
        await Expect(frame.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Letter 30 from the coast");
        // Its style and its face are there although the frame has none of our rights.
        (await frame.Locator("h1").EvaluateAsync<bool>("async h => (await document.fonts.load('620 20px \"Source Serif 4 Variable\"')).length > 0 && getComputedStyle(h).fontSize === '20px'")).ShouldBeTrue();
        var height = await frame.Locator("html").EvaluateAsync<int>("root => root.scrollHeight - root.clientHeight");
        height.ShouldBe(0, "the card scrolls");
    }
}
