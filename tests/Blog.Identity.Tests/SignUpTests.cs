using Grpc.Core;

namespace Blog.Identity.Tests;

public sealed class SignUpTests(IdentityFixture identity)
{
    [Fact]
    public async Task Who_signs_up_confirms_by_mail_and_signs_in()
    {
        using var browser = identity.OpenBrowser();
        var (email, handle) = (IdentityFixture.FreshEmail(), IdentityFixture.FreshHandle());

        await browser.OpenAsync(await identity.SignUpAsync(browser, email, handle));

        browser.Address.AbsolutePath.ShouldBe("/account/login");
        browser.Notice!.ShouldContain("Your address is confirmed");
        (await browser.SendAsync(("email", email.ToUpperInvariant()), ("password", IdentityFixture.Password))).PathAndQuery.ShouldBe("/bff/login?returnUrl=%2F");
        var profile = (await identity.Users().GetProfileAsync(new() { Handle = handle })).Profile;
        profile.Name.ShouldBe("Jun Kestrel");
        Guid.Parse(profile.Id).Version.ShouldBe(7);
    }

    [Fact]
    public async Task The_return_address_survives_sign_up_and_confirmation()
    {
        using var browser = identity.OpenBrowser();
        var email = IdentityFixture.FreshEmail();
        var link = await identity.SignUpAsync(browser, email, page: "/account/signup?returnUrl=%2Fbff%2Flogin%3FreturnUrl%3D%252Fwrite");

        using var elsewhere = identity.OpenBrowser();
        await elsewhere.OpenAsync(link);
        (await elsewhere.SendAsync(("email", email), ("password", IdentityFixture.Password))).PathAndQuery.ShouldBe("/bff/login?returnUrl=%2Fwrite");
    }

    [Fact]
    public async Task Wrong_fields_are_named_what_was_typed_stays_and_the_first_gets_the_focus()
    {
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/signup");
        await browser.SendAsync(("email", "not an address"), ("password", "short"), ("name", ""), ("handle", ""));

        browser.ErrorOf("email")!.ShouldContain("name@example.org");
        browser.ErrorOf("password")!.ShouldContain("10");
        browser.ErrorOf("name").ShouldNotBeNull();
        browser.ErrorOf("handle").ShouldNotBeNull();
        browser.ValueOf("email").ShouldBe("not an address");
        browser.ValueOf("password").ShouldBeNull();
        browser.Page.QuerySelectorAll("[autofocus]").ShouldHaveSingleItem().Id.ShouldBe("email");
        browser.Page.QuerySelector("#email")!.GetAttribute("aria-describedby").ShouldBe("email-error");
    }

    [Theory]
    [InlineData("admin", "kept for Blog")]
    [InlineData("no spaces", "letters a to z")]
    public async Task A_handle_that_cannot_be_is_an_error_of_its_field(string handle, string message)
    {
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/signup");
        await browser.SendAsync(("email", IdentityFixture.FreshEmail()), ("password", IdentityFixture.Password), ("name", "<b>Jun</b>"), ("handle", handle));
        browser.ErrorOf("handle")!.ShouldContain(message);
        browser.ValueOf("name").ShouldBe("<b>Jun</b>");
    }

    [Fact]
    public async Task A_taken_handle_is_an_error_of_its_field()
    {
        var handle = IdentityFixture.FreshHandle();
        await identity.ConfirmedAccountAsync(handle);

        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/signup");
        await browser.SendAsync(("email", IdentityFixture.FreshEmail()), ("password", IdentityFixture.Password), ("name", "Sol"), ("handle", handle.ToUpperInvariant()));
        browser.ErrorOf("handle")!.ShouldContain("belongs to someone else");
    }

    [Fact]
    public async Task A_taken_address_gets_the_same_answer_another_message_and_no_second_profile()
    {
        var email = await identity.ConfirmedAccountAsync();
        var handle = IdentityFixture.FreshHandle();

        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/signup");
        await browser.SendAsync(("email", email), ("password", "another good password"), ("name", "Sol"), ("handle", handle));

        browser.Heading.ShouldBe("Check your inbox");
        await identity.Mail.WaitForAsync(email, "already have an account");
        (await Should.ThrowAsync<RpcException>(async () => await identity.Users().GetProfileAsync(new() { Handle = handle }))).StatusCode.ShouldBe(StatusCode.NotFound);
        await browser.OpenAsync("/account/login");
        await browser.SendAsync(("email", email), ("password", "another good password"));
        browser.ErrorOf("password").ShouldNotBeNull();
    }

    [Fact]
    public async Task One_address_signed_up_twice_at_the_same_moment_gives_one_account()
    {
        var email = IdentityFixture.FreshEmail();
        var handles = Enumerable.Range(0, 4).Select(_ => IdentityFixture.FreshHandle()).ToArray();
        await Task.WhenAll(handles.Select(async handle =>
        {
            using var browser = identity.OpenBrowser();
            await browser.OpenAsync("/account/signup");
            await browser.SendAsync(("email", email), ("password", IdentityFixture.Password), ("name", "Jun"), ("handle", handle));
            browser.Heading.ShouldBe("Check your inbox");
        }));

        var profiles = await Task.WhenAll(handles.Select(async handle =>
        {
            try
            {
                return (await identity.Users().GetProfileAsync(new() { Handle = handle })).Profile;
            }
            catch (RpcException problem) when (problem.StatusCode == StatusCode.NotFound)
            {
                return null;
            }
        }));
        profiles.Count(profile => profile is not null).ShouldBe(1);
    }

    [Fact]
    public async Task A_damaged_confirmation_link_confirms_nothing_and_offers_a_new_one()
    {
        using var browser = identity.OpenBrowser();
        var email = IdentityFixture.FreshEmail();
        var link = await identity.SignUpAsync(browser, email);

        await browser.OpenAsync(link.Replace("code=", "code=x", StringComparison.Ordinal));

        browser.Heading.ShouldBe("This link no longer works");
        await browser.OpenAsync("/account/login");
        await browser.SendAsync(("email", email), ("password", IdentityFixture.Password));
        browser.Notice!.ShouldContain("Confirm your address first");
        await browser.SendAsync("Send the confirmation again", ("email", email));
        browser.Heading.ShouldBe("Check your inbox");
        await browser.OpenAsync(IdentityFixture.LinkIn(await identity.Mail.WaitForAsync(email, "Confirm")));
        browser.Notice!.ShouldContain("confirmed");
    }

    [Fact]
    public async Task Asking_for_another_confirmation_says_nothing_about_who_has_an_account()
    {
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync("/account/resend");
        await browser.SendAsync(("email", IdentityFixture.FreshEmail()));
        browser.Heading.ShouldBe("Check your inbox");
    }
}
