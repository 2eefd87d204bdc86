namespace Blog.Identity.Tests;

public sealed class OutageTests(FragileFixture identity) : IClassFixture<FragileFixture>
{
    [Fact]
    public async Task A_sign_up_that_cannot_be_carried_out_says_so_and_loses_nothing_that_was_typed()
    {
        using var browser = identity.OpenBrowser();
        var (email, handle) = (IdentityFixture.FreshEmail(), IdentityFixture.FreshHandle());
        await identity.ConfirmedAccountAsync();
        await identity.StopUsersAsync();

        await browser.OpenAsync("/account/signup");
        await browser.SendAsync(("email", email), ("password", IdentityFixture.Password), ("name", "Jun Kestrel"), ("handle", handle));

        ((int)browser.Response.StatusCode).ShouldBe(503);
        browser.Notice!.ShouldContain("That did not go through");
        (browser.ValueOf("email"), browser.ValueOf("name"), browser.ValueOf("handle")).ShouldBe((email, "Jun Kestrel", handle));
        identity.Mail.Messages.ShouldNotContain(mail => mail.To == email);
    }
}
