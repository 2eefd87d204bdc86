using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Blog.Browser.Tests;

/// <summary>The pages of accounts say what is wrong, beside where it is wrong.</summary>
public sealed class AccountTests(Site site) : BrowserTest(site)
{
    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_taken_handle_is_named_at_its_field_and_what_was_typed_stays(Screen screen)
    {
        var taken = await Site.PersonAsync("taken");
        var window = await OpenAsync(screen);
        var page = window.Page;
        await page.GotoAsync("/bff/login?returnUrl=/&screen=signup");
        await page.GetByLabel("E-mail").FillAsync("another@example.org");
        await page.GetByLabel("Password").FillAsync("nine brown ferries at dusk");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Another Person");
        await page.GetByLabel("Handle").FillAsync(taken.Writer.Handle);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();

        await Expect(page.GetByLabel("Handle")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByLabel("Handle")).ToBeFocusedAsync();
        await Expect(page.Locator("#handle-error")).ToContainTextAsync("belongs to someone else");
        await Expect(page.GetByLabel("E-mail")).ToHaveValueAsync("another@example.org");
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Another Person");
        await Expect(page.GetByLabel("Handle")).ToHaveValueAsync(taken.Writer.Handle);
        await window.CheckAsync("sign-up-refused");
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_address_and_the_page_says_for_how_long()
    {
        var person = await Site.PersonAsync("locked");
        var window = await OpenAsync();
        var page = window.Page;
        await page.GotoAsync("/bff/login?returnUrl=/");
        for (var i = 1; i <= 10; i++)
        {
            await page.RunAndWaitForResponseAsync(() => window.SignInAsync(person.Writer.Email, $"not the password {i}"), answer => answer.Request.Method == "POST");
            await Expect(i < 10 ? page.Locator("#password-error") : page.GetByText("Too many wrong passwords")).ToBeVisibleAsync();
            await Expect(page.GetByLabel("E-mail")).ToHaveValueAsync(person.Writer.Email);
        }
        await page.RunAndWaitForResponseAsync(() => window.SignInAsync(person.Writer.Email, person.Writer.Password), answer => answer.Request.Method == "POST");
        await Expect(page.GetByText("Too many wrong passwords")).ToBeVisibleAsync();
        await Expect(page.GetByText("Try again in 15 minutes")).ToBeVisibleAsync();
        await window.CheckAsync("sign-in-locked");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task The_other_account_pages_keep_nobody_out(Screen screen)
    {
        var window = await OpenAsync(screen);
        await window.Page.GotoAsync("/bff/login?returnUrl=/");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Reset password" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await window.CheckAsync("reset-password");
        await window.Page.GotoAsync("/account/error");
        await window.CheckAsync("account-error");
    }

    [Theory, InlineData(Screen.Desktop), InlineData(Screen.Phone)]
    public async Task A_profile_is_changed_in_the_settings_and_readers_see_it(Screen screen)
    {
        var person = await Site.PersonAsync("profile");
        var window = await OpenAsync(screen, person);
        var page = window.Page;
        await page.GotoAsync("/settings");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mara Lind");
        await page.GetByLabel("About you").FillAsync("Draws harbours.");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "me.png", MimeType = "image/png", Buffer = Drawing.Png(400, 400) });
        await Expect(page.Locator("form.settings img")).ToBeVisibleAsync(new() { Timeout = 15_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Saved. Readers see it now.")).ToBeVisibleAsync();
        await window.CheckAsync("settings");

        var reader = await OpenAsync(screen);
        await reader.LoadUntilAsync($"/@{person.Writer.Handle}", profile => profile.GetByText("Draws harbours."));
        await Expect(reader.Page.GetByRole(AriaRole.Heading, new() { Name = "Mara Lind", Exact = true })).ToBeVisibleAsync();
        await reader.CheckAsync("profile-empty");
    }
}
