using Blog.Identity.Data;
using Blog.Identity.Mail;
using Blog.ServiceDefaults.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Identity.Tests;

public sealed class MailAndRestartTests(FragileFixture identity) : IClassFixture<FragileFixture>
{
    [Fact]
    public async Task A_message_waits_until_the_mail_server_is_back_and_goes_out_once()
    {
        identity.Mail.Stop();
        using var browser = identity.OpenBrowser();
        var email = IdentityFixture.FreshEmail();
        await browser.OpenAsync("/account/signup");
        await browser.SendAsync(("email", email), ("password", IdentityFixture.Password), ("name", "Jun"), ("handle", IdentityFixture.FreshHandle()));
        browser.Heading.ShouldBe("Check your inbox");
        await WaitUntilAsync(mail => mail.AnyAsync(message => message.Recipient == email && message.Attempts > 0));

        identity.Mail.Start();

        await identity.Mail.WaitForAsync(email, "Confirm");
        await WaitUntilAsync(async mail => !await mail.AnyAsync(message => message.Recipient == email));
        identity.Mail.Messages.Count(mail => mail.To == email).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_is_text_and_html_without_anything_to_run()
    {
        using var browser = identity.OpenBrowser();
        var email = IdentityFixture.FreshEmail();
        await identity.SignUpAsync(browser, email);
        var mail = await identity.Mail.WaitForAsync(email, "Confirm");
        mail.Text.ShouldContain("/account/confirm?account=");
        mail.Html.ShouldContain("<h1");
        mail.Html.ShouldNotContain("<script");
    }

    [Fact]
    public async Task One_inbox_is_not_flooded_by_a_form_that_anyone_can_send()
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();
        for (var request = 0; request < MailLimit.PerHour + 3; request++)
        {
            await browser.OpenAsync("/account/forgot");
            await browser.SendAsync(("email", email));
            browser.Heading.ShouldBe("Check your inbox");
        }
        await WaitUntilAsync(async mail => !await mail.AnyAsync(message => message.Recipient == email));
        // The sign-up counts too.
        identity.Mail.Messages.Count(mail => mail.To == email).ShouldBe(MailLimit.PerHour);
    }

    [Fact]
    public async Task A_restart_keeps_who_is_signed_in()
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/login");
        await browser.SendAsync(("email", email), ("password", IdentityFixture.Password));
        var cookies = browser.CookieHeader;

        await identity.RestartIdentityAsync();

        using var after = identity.OpenBrowser();
        after.AdoptCookies(cookies);
        await after.OpenAsync("/account/logout");
        after.Heading.ShouldBe("Sign out?");
        await after.SendAsync();
        after.Heading.ShouldBe("You are signed out");
        await after.OpenAsync("/account/logout");
        after.Heading.ShouldBe("You are signed out");
    }

    // The relay works beside the test: look until it has come so far.
    async Task WaitUntilAsync(Func<DbSet<QueuedMail>, Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            await using var scope = identity.Services.CreateAsyncScope();
            if (await condition(scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Mail))
                return;
            await Task.Delay(20, deadline.Token);
        }
    }
}
