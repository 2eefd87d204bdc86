using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

public sealed class FollowTests(Site site) : BrowserTest(site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static string NameOf(Person person) => $"Person {person.Writer.Handle}";

    static ILocator Button(Window window, string name) => window.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    static async Task<string> PublishedAsync(Person author, string topic)
    {
        var draft = await author.Writer.CreateAsync("On keeping company", "A story long enough to be read to its end.\n\nAnd a second paragraph.", Cancel);
        draft = await author.Writer.SaveAsync(draft, draft.Content with { Topics = [topic] }, Cancel);
        return (await author.Writer.PublishAsync(draft, Cancel)).Url!;
    }

    [Fact]
    public async Task A_reader_follows_an_author_from_a_story_and_finds_it_everywhere()
    {
        var (author, reader) = (await Site.PersonAsync("ada"), await Site.PersonAsync("bo"));
        var story = await PublishedAsync(author, "Company");
        var home = $"/@{author.Writer.Handle}";
        var name = NameOf(author);
        var window = await OpenAsync(person: reader);

        await window.LoadUntilAsync(story, page => page.Locator("article.frame"));
        await Expect(Button(window, $"Follow {name}")).ToHaveCountAsync(2);
        var before = await Button(window, $"Follow {name}").First.BoundingBoxAsync();
        await Button(window, $"Follow {name}").First.ClickAsync();
        await Expect(Button(window, $"Following {name}")).ToHaveCountAsync(2);
        (await Button(window, $"Following {name}").First.BoundingBoxAsync())!.Width.ShouldBe(before!.Width);
        await window.CheckAsync("story-following");

        await window.LoadUntilAsync(home, page => page.GetByText("1 follower", new() { Exact = true }));
        await Expect(Button(window, $"Following {name}")).ToBeVisibleAsync();
        await window.CheckAsync("profile-following");

        await window.LoadUntilAsync($"{home}/followers", page => page.GetByRole(AriaRole.Link, new() { Name = NameOf(reader), Exact = true }));
        await Expect(Button(window, $"Follow {NameOf(reader)}")).ToBeHiddenAsync();
        await window.CheckAsync("followers");

        await window.Page.GotoAsync("/topics/company");
        await Button(window, "Follow Company").ClickAsync();
        await Expect(Button(window, "Following Company")).ToBeVisibleAsync();
        await window.Page.GotoAsync("/settings/following");
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = name })).ToBeVisibleAsync();
        await Expect(window.Page.GetByRole(AriaRole.Link, new() { Name = "Company", Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("settings-following");

        await window.Page.GotoAsync(home);
        await Button(window, $"Following {name}").ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Button(window, $"Following {name}")).ToBeVisibleAsync();
        await Button(window, $"Following {name}").ClickAsync();
        await Expect(window.Page.GetByText("0 followers")).ToBeVisibleAsync();
        await window.LoadUntilAsync($"{home}/followers", page => page.GetByText($"Nobody follows {name} yet"));
    }

    [Fact]
    public async Task Who_is_not_signed_in_comes_back_from_signing_in_and_follows()
    {
        var (author, reader) = (await Site.PersonAsync("ada"), await Site.PersonAsync("bo"));
        var window = await OpenAsync(Screen.Phone);

        await window.Page.GotoAsync($"/@{author.Writer.Handle}");
        await window.CheckAsync("profile-signed-out");
        await Button(window, $"Follow {NameOf(author)}").ClickAsync();
        await window.SignInAsync(reader.Writer.Email, reader.Writer.Password);

        await window.Page.WaitForURLAsync($"**/@{author.Writer.Handle}");
        await Expect(Button(window, $"Following {NameOf(author)}")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText($"You follow {NameOf(author)} now.")).ToBeVisibleAsync();
        await Expect(window.Page.GetByText("1 follower", new() { Exact = true })).ToBeVisibleAsync();
        await window.CheckAsync("profile-followed");
    }

    [Fact]
    public async Task A_block_keeps_both_apart_and_does_not_say_who_blocked()
    {
        var (ada, bo) = (await Site.PersonAsync("ada"), await Site.PersonAsync("bo"));
        var (hers, his) = (await OpenAsync(Screen.Phone, ada), await OpenAsync(person: bo));
        await his.Page.GotoAsync($"/@{ada.Writer.Handle}");
        await Button(his, $"Follow {NameOf(ada)}").ClickAsync();
        await Expect(Button(his, $"Following {NameOf(ada)}")).ToBeVisibleAsync();

        await hers.Page.GotoAsync($"/@{bo.Writer.Handle}");
        await hers.Page.GetByLabel($"More about {NameOf(bo)}: mute, block").ClickAsync();
        await hers.CheckAsync("profile-menu");
        await Button(hers, $"Block {NameOf(bo)}").ClickAsync();
        await Expect(hers.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await hers.CheckAsync("block-dialog");
        await Button(hers, "Block").ClickAsync();
        await Expect(hers.Page.GetByText($"You blocked {NameOf(bo)}.")).ToBeVisibleAsync();
        await Expect(Button(hers, $"Follow {NameOf(bo)}")).ToBeHiddenAsync();
        await hers.CheckAsync("profile-blocked");

        // The follow has ended, and another is refused as if there were nobody.
        his.Expects("404");
        await his.Page.ReloadAsync();
        await Button(his, $"Follow {NameOf(ada)}").ClickAsync();
        await Expect(his.Page.GetByText($"{NameOf(ada)} cannot be followed.")).ToBeVisibleAsync();
        await Expect(Button(his, $"Follow {NameOf(ada)}")).ToBeVisibleAsync();

        await hers.Page.GotoAsync("/settings/blocked");
        await Expect(hers.Page.GetByRole(AriaRole.Link, new() { Name = NameOf(bo) })).ToBeVisibleAsync();
        await hers.CheckAsync("settings-blocked");
        await Button(hers, $"Unblock {NameOf(bo)}").ClickAsync();
        await Expect(Button(hers, $"Block again {NameOf(bo)}")).ToBeVisibleAsync();
        await hers.Page.GotoAsync($"/@{bo.Writer.Handle}");
        await Expect(Button(hers, $"Follow {NameOf(bo)}")).ToBeVisibleAsync();
        await hers.Page.GetByLabel($"More about {NameOf(bo)}: mute, block").ClickAsync();
        await Button(hers, $"Mute {NameOf(bo)}").ClickAsync();
        await Expect(hers.Page.GetByText($"You muted {NameOf(bo)}")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Lists_of_people_read_without_script()
    {
        var author = await Site.PersonAsync("ada");
        var plain = await OpenAsync(Screen.Phone, javaScript: false);

        await plain.Page.GotoAsync($"/@{author.Writer.Handle}/following");
        await Expect(plain.Page.GetByRole(AriaRole.Heading, new() { Name = $"Followed by {NameOf(author)}" })).ToBeVisibleAsync();
        await Expect(plain.Page.GetByText($"{NameOf(author)} follows nobody yet")).ToBeVisibleAsync();
        await plain.Page.GetByRole(AriaRole.Link, new() { Name = "Followers", Exact = true }).ClickAsync();
        await Expect(plain.Page.GetByRole(AriaRole.Heading, new() { Name = $"Followers of {NameOf(author)}" })).ToBeVisibleAsync();
    }
}
