using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class ReviewTests(Site site) : BrowserTest(site)
{
    static ILocator Button(Window window, string name) => window.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    [Fact]
    public async Task A_draft_goes_by_link_to_somebody_without_an_account_who_comments_on_its_words()
    {
        var cancel = TestContext.Current.CancellationToken;
        var ada = await Site.PersonAsync("ada");
        var draft = await ada.Writer.CreateAsync("Four in the morning", "The harbour wakes before the town does.\n\nBoats leave at four, and nobody sees them go but the gulls.", cancel);
        var (author, reviewer) = (await OpenAsync(person: ada), await OpenAsync(Screen.Phone));

        await author.Page.GotoAsync($"/write/{draft.Id}");
        await author.Page.GetByRole(AriaRole.Link, new() { Name = "Share for review, read comments" }).ClickAsync();
        author.Expects("status of 400");
        await Button(author, "Make a link").ClickAsync();
        await Expect(author.Page.GetByText("Say whom the link is for")).ToBeVisibleAsync();
        await author.Page.GetByLabel("Whom is it for?").FillAsync("Grace");
        await Button(author, "Make a link").ClickAsync();
        var address = new Uri(await author.Page.GetByLabel("Link", new() { Exact = true }).InputValueAsync()).AbsolutePath;
        await author.CheckAsync("review-link");

        await reviewer.Page.GotoAsync(address);
        await Expect(reviewer.Page.GetByRole(AriaRole.Heading, new() { Name = "Four in the morning" })).ToBeVisibleAsync();
        await reviewer.Page.EvaluateAsync(
            """
            () => {
              const node = document.querySelectorAll(".prose p")[1].firstChild;
              const at = node.data.indexOf("nobody sees them go");
              getSelection().setBaseAndExtent(node, at, node, at + "nobody sees them go".length);
            }
            """);
        await reviewer.Page.Locator(".popover").GetByRole(AriaRole.Button, new() { Name = "Comment" }).ClickAsync();
        await reviewer.Page.GetByLabel("Your comment").FillAsync("Do the gulls?");
        await reviewer.Page.GetByLabel("Your name").FillAsync("Grace");
        await reviewer.CheckAsync("draft-commenting");
        await Button(reviewer, "Send").ClickAsync();
        await Expect(reviewer.Page.Locator(".draft-thread blockquote")).ToHaveTextAsync("nobody sees them go");
        await Expect(reviewer.Page.GetByRole(AriaRole.Link, new() { Name = "Comment by Grace on “nobody sees them go”" })).ToBeVisibleAsync();
        await reviewer.CheckAsync("draft-commented");

        await reviewer.Page.Locator("[data-comment-whole]").GetByRole(AriaRole.Button).ClickAsync();
        await reviewer.Page.GetByLabel("Your comment").FillAsync("Meant for another draft.");
        await Button(reviewer, "Send").ClickAsync();
        var mistake = reviewer.Page.Locator(".draft-thread", new() { HasText = "Meant for another draft." });
        await Expect(mistake).ToBeVisibleAsync();
        await reviewer.Page.ReloadAsync();
        await mistake.GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await reviewer.CheckAsync("draft-taking-back");
        await reviewer.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Take back" }).ClickAsync();
        await Expect(reviewer.Page.GetByText("Your comment is taken back.")).ToBeVisibleAsync();
        await Expect(mistake).ToHaveCountAsync(0);

        await author.LoadUntilAsync("/me/notifications", page => page.GetByText("Grace: Do the gulls?"));
        await author.Page.GotoAsync($"/write/{draft.Id}/review");
        await Expect(author.Page.Locator(".draft-thread blockquote")).ToHaveTextAsync("nobody sees them go");
        await Button(author, "Answer").ClickAsync();
        await author.Page.GetByLabel("Your answer").FillAsync("They do.");
        await Button(author, "Send").ClickAsync();
        await Expect(author.Page.Locator(".draft-answers")).ToContainTextAsync("They do.");
        await author.CheckAsync("review");
        await reviewer.Page.ReloadAsync();
        await Expect(reviewer.Page.Locator(".draft-answers")).ToContainTextAsync("They do.");
        await Expect(Button(reviewer, "Answer")).ToBeVisibleAsync();
        await Expect(Button(reviewer, "Take back")).ToHaveCountAsync(0);

        await Button(author, "Mark as done").ClickAsync();
        await Expect(Button(author, "Show 1 that is done")).ToBeVisibleAsync();
        await Button(author, "Revoke the link for Grace").ClickAsync();
        await Expect(author.Page.GetByText("The link for Grace opens nothing any more.")).ToBeVisibleAsync();
        reviewer.Expects("status of 410");
        await reviewer.Page.ReloadAsync();
        await Expect(reviewer.Page.GetByRole(AriaRole.Heading, new() { Name = "This link has ended" })).ToBeVisibleAsync();
        await reviewer.CheckAsync("draft-ended");
    }
}
