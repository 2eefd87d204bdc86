using Blog.Identity.Accounts;
using Blog.Identity.Data;
using Blog.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Identity.Tests;

public sealed class SignInTests(IdentityFixture identity)
{
    static async Task TryAsync(Browser browser, string email, string password)
    {
        await browser.OpenAsync("/account/login");
        await browser.SendAsync(("email", email), ("password", password));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer()
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();

        await TryAsync(browser, email, "wrong password");
        var (wrong, status) = (browser.ErrorOf("password"), browser.Response.StatusCode);
        browser.ValueOf("email").ShouldBe(email);
        await TryAsync(browser, IdentityFixture.FreshEmail(), "wrong password");

        browser.ErrorOf("password").ShouldBe(wrong);
        browser.Response.StatusCode.ShouldBe(status);
        wrong!.ShouldContain("do not go together");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_wrong_passwords_lock_an_address_whoever_has_it_and_say_until_when(bool known)
    {
        var email = known ? await identity.ConfirmedAccountAsync() : IdentityFixture.FreshEmail();
        using var browser = identity.OpenBrowser();

        for (var attempt = 1; attempt < SignInLock.MaxFailures; attempt++)
        {
            await TryAsync(browser, email, "wrong password");
            browser.ErrorOf("password").ShouldNotBeNull();
            browser.Notice.ShouldBeNull();
        }
        await TryAsync(browser, email, "wrong password");
        browser.Notice!.ShouldContain("Try again in 15 minutes");
        await TryAsync(browser, email, IdentityFixture.Password);
        browser.Notice!.ShouldContain("Too many wrong passwords");
    }

    [Fact]
    public async Task A_lock_ends_by_itself_after_a_quarter_of_an_hour_and_counting_begins_anew()
    {
        await using var scope = identity.Services.CreateAsyncScope();
        var clock = new TestClock();
        var signInLock = new SignInLock(scope.ServiceProvider.GetRequiredService<AccountsDbContext>(), clock);
        var email = IdentityFixture.FreshEmail();
        for (var attempt = 0; attempt < SignInLock.MaxFailures; attempt++)
            (await signInLock.TryCountAsync(email, CancellationToken.None)).ShouldBeTrue();
        (await signInLock.TryCountAsync(email, CancellationToken.None)).ShouldBeFalse();

        clock.Advance(SignInLock.Duration - TimeSpan.FromSeconds(10));
        (await signInLock.TryCountAsync(email, CancellationToken.None)).ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(10));
        for (var attempt = 0; attempt < SignInLock.MaxFailures; attempt++)
        {
            (await signInLock.LockedUntilAsync(email, CancellationToken.None)).ShouldBeNull();
            (await signInLock.TryCountAsync(email, CancellationToken.None)).ShouldBeTrue();
        }
        (await signInLock.LockedUntilAsync(email, CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Attempts_at_the_same_moment_do_not_outrun_the_lock()
    {
        var email = await identity.ConfirmedAccountAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 25).Select(async _ =>
        {
            using var browser = identity.OpenBrowser();
            await TryAsync(browser, email, "wrong password");
            return browser.ErrorOf("password") is null ? "locked" : "wrong";
        }));
        answers.Count(answer => answer == "wrong").ShouldBeLessThan(SignInLock.MaxFailures);

        using var owner = identity.OpenBrowser();
        await TryAsync(owner, email, IdentityFixture.Password);
        owner.Notice!.ShouldContain("Too many wrong passwords");
    }

    [Fact]
    public async Task A_right_password_forgets_the_wrong_ones_before_it()
    {
        var email = await identity.ConfirmedAccountAsync();
        for (var round = 0; round < 2; round++)
        {
            using var browser = identity.OpenBrowser();
            for (var attempt = 0; attempt < SignInLock.MaxFailures - 1; attempt++)
                await TryAsync(browser, email, "wrong password");
            await browser.OpenAsync("/account/login");
            (await browser.SendAsync(("email", email), ("password", IdentityFixture.Password))).AbsolutePath.ShouldBe("/bff/login");
        }
    }

    [Fact]
    public async Task A_new_password_by_mail_replaces_the_old_one_lifts_the_lock_and_works_once()
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();
        for (var attempt = 0; attempt < SignInLock.MaxFailures; attempt++)
            await TryAsync(browser, email, "wrong password");

        await browser.OpenAsync("/account/forgot");
        await browser.SendAsync(("email", email));
        browser.Heading.ShouldBe("Check your inbox");
        var link = IdentityFixture.LinkIn(await identity.Mail.WaitForAsync(email, "Choose a new password"));
        await browser.OpenAsync(link);
        await browser.SendAsync(("password", "short"));
        browser.ErrorOf("password")!.ShouldContain("10");
        await browser.SendAsync(("password", "five quiet kestrels"));
        browser.Notice!.ShouldContain("Your password is changed");
        await identity.Mail.WaitForAsync(email, "Your password was changed");

        await TryAsync(browser, email, IdentityFixture.Password);
        browser.ErrorOf("password").ShouldNotBeNull();
        (await browser.SendAsync(("email", email), ("password", "five quiet kestrels"))).AbsolutePath.ShouldBe("/bff/login");

        using var thief = identity.OpenBrowser();
        await thief.OpenAsync(link);
        await thief.SendAsync(("password", "six quiet kestrels"));
        thief.Heading.ShouldBe("This link no longer works");
    }

    [Fact]
    public async Task Asking_for_a_new_password_says_nothing_about_who_has_an_account()
    {
        var (known, unknown) = (await identity.ConfirmedAccountAsync(), IdentityFixture.FreshEmail());
        using var browser = identity.OpenBrowser();
        var answers = new List<string>();
        foreach (var email in (string[])[known, unknown])
        {
            await browser.OpenAsync("/account/forgot");
            await browser.SendAsync(("email", email));
            answers.Add(browser.Page.QuerySelector("main")!.TextContent.Replace(email, "", StringComparison.Ordinal));
        }
        answers[0].ShouldBe(answers[1]);
        await identity.Mail.WaitForAsync(known, "Choose a new password");
        identity.Mail.Messages.ShouldNotContain(mail => mail.To == unknown);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_leads_nowhere_but_to_this_site(string returnUrl)
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/login?returnUrl=" + Uri.EscapeDataString(returnUrl));
        (await browser.SendAsync(("email", email), ("password", IdentityFixture.Password))).ToString().ShouldBe(IdentityFixture.Origin + "/bff/login?returnUrl=%2F");
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused_with_a_page_that_says_what_to_do()
    {
        using var browser = identity.OpenBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/login") { Content = new FormUrlEncodedContent([new("email", "a@example.org"), new("password", "b")]) };
        using var response = await browser.RawAsync(request);
        ((int)response.StatusCode).ShouldBe(400);
        (await response.Content.ReadAsStringAsync()).ShouldContain("This form has expired");
    }
}
