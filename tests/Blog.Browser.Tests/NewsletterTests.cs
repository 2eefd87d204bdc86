using Blog.SystemTesting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Somebody without an account, and without scripts, follows an author by e-mail and leaves again.</summary>
public sealed class NewsletterTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_reader_subscribes_confirms_receives_a_story_and_unsubscribes(Screen screen)
    {
        var author = await Site.PersonAsync("letters");
        var writer = author.Writer;
        var first = await writer.PublishAsync(await writer.CreateAsync("The first of many", "A story under which a form stands.", Cancel), Cancel);
        var email = $"{Site.NewHandle("reader")}@example.org";
        var (reader, look) = (await OpenAsync(screen, javaScript: false), await OpenAsync(screen));
        var page = reader.Page;
        Task OpenLinkAsync(Mailbox.Mail mail) => page.GotoAsync(Mailbox.LinkIn(mail).PathAndQuery);
        async Task CheckAsync(string name)
        {
            await look.Page.GotoAsync(page.Url);
            await look.CheckAsync(name);
        }

        await page.GotoAsync(first.Url!);
        await page.GetByLabel("E-mail address").FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Subscribe", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Check your inbox" })).ToBeVisibleAsync();
        await CheckAsync("newsletter-sent");

        await OpenLinkAsync(await Blog.Mailbox.WaitForAsync(email, "Confirm: stories by", Cancel));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Confirm your subscription" })).ToBeVisibleAsync();
        await CheckAsync("newsletter-confirm");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm and subscribe" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are subscribed" })).ToBeVisibleAsync();

        await writer.PublishAsync(await writer.CreateAsync("The second of many", "It comes by mail.", Cancel), Cancel);
        var story = await Blog.Mailbox.WaitForAsync(email, "The second of many", Cancel);
        story.Text.ShouldContain("It comes by mail.");
        await page.GotoAsync(new Uri(story.Text.Split(' ', '\n').First(word => word.Contains("/unsubscribe?t=", StringComparison.Ordinal))).PathAndQuery);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You get stories by e-mail" })).ToBeVisibleAsync();
        await CheckAsync("newsletter-manage");
        await page.GetByRole(AriaRole.Button, new() { Name = "Unsubscribe", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are unsubscribed" })).ToBeVisibleAsync();
        await CheckAsync("newsletter-ended");
        await page.GetByRole(AriaRole.Button, new() { Name = "That was a mistake, subscribe again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You get stories by e-mail" })).ToBeVisibleAsync();

        var desk = await OpenAsync(screen, author);
        await desk.Page.GotoAsync("/settings");
        await Expect(desk.Page.GetByText("1 person follows you by e-mail.")).ToBeVisibleAsync();
        await Expect(desk.Page.GetByText("“The second of many” went to 1.")).ToBeVisibleAsync();
        var file = await desk.Page.RunAndWaitForDownloadAsync(() => desk.Page.GetByRole(AriaRole.Button, new() { Name = "Download the list (CSV)" }).ClickAsync());
        (await File.ReadAllTextAsync(await file.PathAsync(), Cancel)).ShouldContain(email);
        await desk.CheckAsync("settings-subscribers");
    }

    [Fact]
    public async Task What_is_no_address_and_what_is_no_link_is_said_in_words()
    {
        var author = await Site.PersonAsync("wrong-letters");
        var window = await OpenAsync();
        var page = window.Page;
        await page.GotoAsync($"/newsletter/subscribe?to={author.Writer.Handle}&problem=email");
        await Expect(page.GetByText("This does not look like an e-mail address")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("E-mail address")).ToBeFocusedAsync();
        await window.CheckAsync("newsletter-problem");

        window.Expects("404");
        await page.GotoAsync("/unsubscribe?t=forged");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "This link does not work" })).ToBeVisibleAsync();
        await window.CheckAsync("newsletter-dead-link");
    }
}
