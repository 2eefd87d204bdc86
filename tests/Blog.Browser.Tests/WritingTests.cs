using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>Whatever happens while somebody writes, the text is not lost.</summary>
public sealed class WritingTests(Site site) : BrowserTest(site)
{
    [Fact]
    public async Task What_is_typed_saves_itself_and_is_there_after_loading_anew()
    {
        var window = await OpenAsync(person: await Site.PersonAsync("auto"));
        await window.Page.GotoAsync("/write");
        await window.Title.FillAsync("Kept without asking");
        await window.Text.PressSequentiallyAsync("One word after the other.");
        await window.SavedAsync();
        await window.Page.ReloadAsync();
        await Expect(window.Title).ToHaveValueAsync("Kept without asking");
        await Expect(window.Text).ToHaveValueAsync("One word after the other.");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task Offline_the_text_stays_on_this_device_and_is_saved_when_the_line_is_back(Screen screen)
    {
        var person = await Site.PersonAsync("off");
        var window = await OpenAsync(screen, person);
        window.Expects("ERR_INTERNET_DISCONNECTED");
        var draft = await person.Writer.CreateAsync("On the train", "Before the tunnel.", TestContext.Current.CancellationToken);
        await window.Page.GotoAsync($"/write/{draft.Id}");
        await Expect(window.Text).ToHaveValueAsync("Before the tunnel.");

        await window.Page.Context.SetOfflineAsync(true);
        await window.Text.FillAsync("Before the tunnel. In the tunnel.");
        await Expect(window.State).ToHaveTextAsync("Offline, kept on this device");
        await window.CheckAsync("write-offline");
        await window.Page.Context.SetOfflineAsync(false);
        await window.SavedAsync();

        (await person.Writer.GetAsync(draft.Id, TestContext.Current.CancellationToken)).Content.Markdown.ShouldBe("Before the tunnel. In the tunnel.");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task When_the_session_ends_while_writing_the_text_is_there_after_signing_in_again(Screen screen)
    {
        var person = await Site.PersonAsync("expired");
        var window = await OpenAsync(screen, person);
        window.Expects("status of 401");
        var page = window.Page;
        var draft = await person.Writer.CreateAsync("A long evening", "Begun in time.", TestContext.Current.CancellationToken);
        await page.GotoAsync($"/write/{draft.Id}");
        await Expect(window.Text).ToHaveValueAsync("Begun in time.");

        await page.Context.ClearCookiesAsync();
        await window.Text.FillAsync("Begun in time. Written after the session was over.");
        await Expect(window.State).ToHaveTextAsync("Signed out, kept on this device");
        await window.Text.FillAsync("Begun in time. Written after the session was over, and on.");
        await window.CheckAsync("write-signed-out");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in again" }).ClickAsync();
        await window.SignInAsync(person.Writer.Email, person.Writer.Password);

        await page.WaitForURLAsync($"**/write/{draft.Id}");
        await Expect(window.Text).ToHaveValueAsync("Begun in time. Written after the session was over, and on.");
        await window.SavedAsync();
        (await person.Writer.GetAsync(draft.Id, TestContext.Current.CancellationToken)).Content.Markdown.ShouldEndWith("and on.");
    }

    [Theory]
    [InlineData("Keep this window’s version", Screen.Desktop, "Mine, the second.")]
    [InlineData("Keep the version saved elsewhere", Screen.Phone, "Theirs, the first.")]
    [InlineData("Keep both and join them", Screen.Desktop, "Mine, the second.\n\n---\n\nTheirs, the first.")]
    public async Task A_draft_changed_in_two_windows_shows_both_versions_and_keeps_what_is_chosen(string choice, Screen screen, string kept)
    {
        var person = await Site.PersonAsync("two");
        var draft = await person.Writer.CreateAsync("In two windows", "The beginning.", TestContext.Current.CancellationToken);
        var first = await OpenAsync(screen, person);
        var second = await OpenAsync(screen, person);
        second.Expects("status of 409");
        foreach (var window in new[] { first, second })
        {
            await window.Page.GotoAsync($"/write/{draft.Id}");
            await Expect(window.Text).ToHaveValueAsync("The beginning.");
        }

        await first.Text.FillAsync("Theirs, the first.");
        await first.SavedAsync();
        await second.Text.FillAsync("Mine, the second.");
        await Expect(second.State).ToHaveTextAsync("Changed elsewhere");
        await Expect(second.Page.GetByRole(AriaRole.Group, new() { Name = "This window" })).ToContainTextAsync("Mine, the second.");
        await Expect(second.Page.GetByRole(AriaRole.Group, new() { Name = "Saved elsewhere" })).ToContainTextAsync("Theirs, the first.");
        (await person.Writer.GetAsync(draft.Id, TestContext.Current.CancellationToken)).Content.Markdown.ShouldBe("Theirs, the first.", "nothing is overwritten before somebody chose");
        await second.CheckAsync("write-two-versions");

        await second.Page.GetByRole(AriaRole.Button, new() { Name = choice }).ClickAsync();
        await second.SavedAsync();
        await Expect(second.Text).ToHaveValueAsync(kept);
        (await person.Writer.GetAsync(draft.Id, TestContext.Current.CancellationToken)).Content.Markdown.ShouldBe(kept);
    }
}
