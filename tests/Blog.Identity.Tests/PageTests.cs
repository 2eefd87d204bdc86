using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Blog.Identity.Tests;

public sealed class PageTests(IdentityFixture identity)
{
    public static TheoryData<string, string> Pages => new()
    {
        { "/account/login", "Sign in · Blog" },
        { "/account/signup", "Create an account · Blog" },
        { "/account/sent", "Check your inbox · Blog" },
        { "/account/resend", "Confirm your address · Blog" },
        { "/account/forgot", "Reset password · Blog" },
        { "/account/reset?account=0198c0de-0000-7000-8000-000000000000&code=abc", "Choose a new password · Blog" },
        { "/account/reset", "Choose a new password · Blog" },
        { "/account/logout", "Sign out · Blog" },
        { "/account/denied", "Not allowed · Blog" },
        { "/account/error", "Something went wrong · Blog" },
        { "/account/nowhere", "There is no such page · Blog" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_has_its_title_a_strict_policy_and_neither_inline_script_nor_style(string address, string title)
    {
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync(address);

        browser.Page.Title.ShouldBe(title);
        browser.Page.QuerySelectorAll("h1").Length.ShouldBe(1);
        browser.Page.QuerySelectorAll("style, [style], script:not([src])").ShouldBeEmpty();
        browser.Page.QuerySelectorAll("*").SelectMany(element => element.Attributes).ShouldNotContain(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal));
        var policy = browser.Response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        browser.Response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Each_input_has_a_label_and_what_a_page_names_is_there(string address, string title)
    {
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync(address);
        browser.Page.Title.ShouldBe(title);

        foreach (var input in browser.Page.QuerySelectorAll<IHtmlInputElement>("input:not([type=hidden])"))
        {
            browser.Page.QuerySelector($"label[for={input.Id}]").ShouldNotBeNull();
            input.GetAttribute("autocomplete").ShouldNotBeNullOrEmpty();
        }
        // The icon is the site's, at the same origin.
        var files = browser.Page.QuerySelectorAll("link[href]:not([rel=icon])").Select(link => link.GetAttribute("href")).Concat(browser.Page.QuerySelectorAll("script").Select(script => script.GetAttribute("src")));
        foreach (var file in files)
        {
            using var response = await browser.RawAsync(new HttpRequestMessage(HttpMethod.Get, file));
            response.IsSuccessStatusCode.ShouldBeTrue(file);
            response.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(30));
        }
    }

    [Fact]
    public async Task A_forged_host_does_not_reach_the_links_in_mail()
    {
        using var browser = identity.OpenBrowser();
        var email = await identity.ConfirmedAccountAsync();
        await browser.OpenAsync("/account/forgot");
        browser.ForgedHost = "evil.example";
        await browser.SendAsync(("email", email));
        (await identity.Mail.WaitForAsync(email, "Choose a new password")).Text.ShouldNotContain("evil");
    }
}
