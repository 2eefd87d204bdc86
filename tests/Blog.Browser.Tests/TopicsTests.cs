using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class TopicsTests(Site site) : BrowserTest(site)
{
    const string Words = "Drydock caulkers hammered oakum between strakes of the hull until the pilot cutter floated at last.";

    [Fact]
    public async Task Topics_are_found_while_one_types_and_from_the_words_and_a_story_without_a_picture_gets_a_card()
    {
        var cancel = TestContext.Current.CancellationToken;
        var ada = await Site.PersonAsync("ada");
        var known = await ada.Writer.CreateAsync("Caulkers", Words, cancel);
        await ada.Writer.PublishAsync(await ada.Writer.SaveAsync(known, known.Content with { Topics = ["Shipwrights"] }, cancel), cancel);
        var draft = await ada.Writer.CreateAsync("A hull afloat", Words + " And gulls.", cancel);
        var writing = await OpenAsync(Screen.Phone, ada);
        var page = writing.Page;
        // Found as soon as the services that find have heard of it.
        await page.GotoAsync("/me/stories");
        await writing.UntilAsync<bool>("async id => (await (await fetch('/api/v1/search/topics?q=shipw')).json()).items.length > 0 && (await (await fetch(`/api/v1/me/articles/${id}/suggested-topics`, { headers: { 'X-CSRF': '1' } })).json()).items.length > 0", draft.Id);

        await page.GotoAsync($"/write/{draft.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        var panel = page.GetByRole(AriaRole.Dialog);
        var field = panel.GetByRole(AriaRole.Combobox, new() { Name = "Topics" });
        var chosen = panel.GetByRole(AriaRole.List, new() { Name = "Topics", Exact = true }).GetByRole(AriaRole.Listitem);
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Add the topic Shipwrights" })).ToBeVisibleAsync();
        // Two letters in the wrong order.
        await field.FillAsync("shipwirghts");
        await Expect(panel.GetByRole(AriaRole.Option, new() { Name = "Shipwrights" })).ToBeVisibleAsync();
        await writing.CheckAsync("topics-found");
        await field.PressAsync("ArrowDown");
        await field.PressAsync("Enter");
        await Expect(chosen).ToHaveTextAsync(["Shipwrights"]);
        await Expect(panel.GetByRole(AriaRole.Button, new() { Name = "Add the topic Shipwrights" })).ToHaveCountAsync(0);
        await field.FillAsync("Gulls");
        await field.PressAsync("Enter");
        await Expect(panel.GetByText("2 of 5")).ToBeVisibleAsync();
        await field.PressAsync("Backspace");
        await Expect(chosen).ToHaveTextAsync(["Shipwrights"]);
        await field.PressAsync("Backspace");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add the topic Shipwrights" }).ClickAsync();
        await Expect(chosen).ToHaveTextAsync(["Shipwrights"]);
        await panel.GetByRole(AriaRole.Button, new() { Name = "Remove Shipwrights" }).ClickAsync();
        await field.FillAsync("shipw");
        await Expect(panel.GetByRole(AriaRole.Option, new() { Name = "Shipwrights" })).ToBeVisibleAsync();
        await field.PressAsync("Escape");
        await Expect(field).ToHaveAttributeAsync("aria-expanded", "false");
        await Expect(panel).ToBeVisibleAsync();
        await field.FillAsync("");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Add the topic Shipwrights" }).ClickAsync();
        await writing.CheckAsync("topics-chosen");
        await panel.GetByRole(AriaRole.Button, new() { Name = "Publish now" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("A hull afloat");

        var card = await page.Locator("meta[property='og:image']").GetAttributeAsync("content");
        (await page.Locator("meta[name='twitter:card']").GetAttributeAsync("content")).ShouldBe("summary_large_image");
        var picture = await page.APIRequest.GetAsync(card!);
        (picture.Status, picture.Headers["content-type"], picture.Headers["cache-control"]).ShouldBe((200, "image/png", "public, max-age=31536000, immutable"));
        (await page.EvaluateAsync<int[]>("async address => { const picture = new Image(); picture.src = address; await picture.decode(); return [picture.naturalWidth, picture.naturalHeight]; }", card)).ShouldBe([1200, 630]);
    }
}
