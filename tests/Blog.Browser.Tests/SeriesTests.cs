using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class SeriesTests(Site site) : BrowserTest(site)
{
    [Fact]
    public async Task Stories_are_put_into_a_series_in_order_and_read_one_after_the_other()
    {
        var cancel = TestContext.Current.CancellationToken;
        var ada = await Site.PersonAsync("ada");
        var (first, second) = (await ada.Writer.CreateAsync("January", "Ice on the ropes.", cancel), await ada.Writer.CreateAsync("February", "Fog, and then more fog.", cancel));
        var (writing, reading) = (await OpenAsync(person: ada), await OpenAsync(Screen.Phone));
        var page = writing.Page;

        await page.GotoAsync($"/write/{second.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await page.GetByLabel("Series", new() { Exact = true }).SelectOptionAsync("new");
        await page.GetByLabel("Name of the new series").FillAsync("A year at sea");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await Expect(page.GetByLabel("Series", new() { Exact = true }).Locator("option:checked")).ToHaveTextAsync("A year at sea");
        await writing.CheckAsync("series-choose");
        await page.GotoAsync($"/write/{first.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await page.GetByLabel("Series", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "A year at sea" });
        await Expect(page.GetByText("Saved.", new() { Exact = true })).ToBeVisibleAsync();

        await page.GotoAsync("/me/series");
        await page.GetByRole(AriaRole.Button, new() { Name = "January, 2 of 2. Move with the arrow keys." }).PressAsync("ArrowUp");
        await Expect(page.Locator(".item-list .series-part").First).ToHaveTextAsync("January");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "January, 1 of 2. Move with the arrow keys." })).ToBeFocusedAsync();
        await writing.CheckAsync("series-desk");

        await ada.Writer.PublishAsync(await ada.Writer.GetAsync(first.Id, cancel), cancel);
        await ada.Writer.PublishAsync(await ada.Writer.GetAsync(second.Id, cancel), cancel);
        reading.Expects("status of 404");
        await reading.LoadUntilAsync($"/@{ada.Writer.Handle}/january", found => found.GetByText("Part 1 of 2").First);
        await reading.CheckAsync("story-in-series");
        await reading.Page.GetByRole(AriaRole.Link, new() { Name = "Next part February" }).ClickAsync();
        await Expect(reading.Page.GetByText("Fog, and then more fog.")).ToBeVisibleAsync();
        await reading.Page.Locator(".series-head summary").ClickAsync();
        await reading.CheckAsync("series-open");
        await reading.Page.GetByRole(AriaRole.Link, new() { Name = "All parts" }).ClickAsync();
        await Expect(reading.Page.Locator(".series-parts .story-title")).ToHaveTextAsync(["January", "February"]);
        await reading.CheckAsync("series");
    }
}
