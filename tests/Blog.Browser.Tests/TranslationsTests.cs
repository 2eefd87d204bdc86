using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class TranslationsTests(Site site) : BrowserTest(site)
{
    [Fact]
    public async Task A_story_is_translated_and_linked_and_readers_go_from_one_language_to_another()
    {
        var cancel = TestContext.Current.CancellationToken;
        var ada = await Site.PersonAsync("ada");
        var original = await ada.Writer.PublishAsync(await ada.Writer.CreateAsync("The pier at low tide", "Boats lie in the mud.", cancel), cancel);
        var arabic = await ada.Writer.CreateAsync("الرصيف عند الجزر", "القوارب راقدة في الطين.", cancel);
        var (writing, reading) = (await OpenAsync(person: ada), await OpenAsync(Screen.Phone));
        var page = writing.Page;
        ILocator Named(string name) => page.GetByRole(AriaRole.Combobox, new() { Name = name });

        await page.GotoAsync("/me/stories?status=published");
        await page.GetByRole(AriaRole.Link, new() { Name = "Translate: The pier at low tide" }).ClickAsync();
        await Named("Into which language").FillAsync("deut");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await writing.CheckAsync("translations-choosing");
        await Named("Into which language").PressAsync("ArrowDown");
        await Named("Into which language").PressAsync("Enter");
        await Expect(Named("Into which language")).ToHaveValueAsync("Deutsch (German)");
        writing.Expects("status of 400");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the translation" }).ClickAsync();
        await Expect(page.GetByText("Say in which language")).ToBeVisibleAsync();
        await Named("This story is in").FillAsync("English");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the translation" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/write/", StringComparison.Ordinal) && !url.Contains(original.Id, StringComparison.Ordinal));
        var german = page.Url.Split('/')[^1];

        await page.GotoAsync($"/write/{original.Id}/translations");
        await Named("Story").FillAsync("الرصيف");
        await page.GetByRole(AriaRole.Option).First.ClickAsync();
        await Named("It is in").FillAsync("ar");
        await Named("It is in").PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Link it" }).ClickAsync();
        await Expect(page.Locator(".language-row")).ToHaveCountAsync(3);
        await writing.CheckAsync("translations");

        await ada.Writer.PublishAsync(await ada.Writer.GetAsync(german, cancel), cancel);
        await ada.Writer.PublishAsync(await ada.Writer.GetAsync(arabic.Id, cancel), cancel);
        await reading.LoadUntilAsync(original.Url!, found => found.GetByRole(AriaRole.Link, new() { Name = "العربية" }));
        await Expect(reading.Page.Locator("link[hreflang]")).ToHaveCountAsync(4);
        await reading.CheckAsync("story-in-languages");
        await reading.Page.GetByRole(AriaRole.Link, new() { Name = "العربية" }).ClickAsync();
        await Expect(reading.Page.Locator("article[lang=ar] h1[dir=rtl]")).ToHaveTextAsync("الرصيف عند الجزر");
        await Expect(reading.Page.Locator("meta[property='og:locale']")).ToHaveAttributeAsync("content", "ar_EG");
        await reading.CheckAsync("story-in-arabic");
    }
}
