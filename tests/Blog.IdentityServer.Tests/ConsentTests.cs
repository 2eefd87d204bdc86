using Microsoft.AspNetCore.WebUtilities;

namespace Blog.IdentityServer.Tests;

/// <summary>Consent: OpenID Connect Core 1.0, sections 3.1.2.4 and 3.1.2.6.</summary>
public sealed class ConsentTests
{
    static readonly TokenServerSetup _setup = new() { Client = client => client.RequireConsent = true };

    [Fact]
    public async Task OIDC_3_1_2_4_the_person_is_asked_and_grants_a_part()
    {
        await using var server = await TokenServer.StartAsync(_setup);
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var ask = await browser.AuthorizeAsync();
        ask.Location.ShouldStartWith("/account/consent?returnUrl=");
        await AnswerAsync(browser, ask.Parameter("returnUrl")!, "openid blog.api");
        var back = await browser.GetAsync(ask.Parameter("returnUrl")!);
        var tokens = await server.Caller.RedeemAsync(back.Parameter("code")!);

        tokens.Member("scope").ShouldBe("openid blog.api");
    }

    [Fact]
    public async Task An_answer_counts_once_unless_it_is_remembered()
    {
        await using var server = await TokenServer.StartAsync(_setup);
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var returnUrl = (await browser.AuthorizeAsync()).Parameter("returnUrl")!;

        await AnswerAsync(browser, returnUrl, Browser.AllScopes);
        (await browser.GetAsync(returnUrl)).Parameter("code").ShouldNotBeNull();
        (await browser.GetAsync(returnUrl)).Parameter("code").ShouldBeNull();
        await AnswerAsync(browser, returnUrl, Browser.AllScopes, remember: true);
        await browser.GetAsync(returnUrl);

        (await browser.AuthorizeAsync()).Parameter("code").ShouldNotBeNull();
        (await browser.AuthorizeAsync(("prompt", "consent"))).Location.ShouldStartWith("/account/consent");
    }

    [Fact]
    public async Task OIDC_3_1_2_6_a_refusal_is_access_denied()
    {
        await using var server = await TokenServer.StartAsync(_setup);
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var returnUrl = (await browser.AuthorizeAsync()).Parameter("returnUrl")!;

        await AnswerAsync(browser, returnUrl, scopes: null);
        var back = await browser.GetAsync(returnUrl);

        back.Location.ShouldStartWith(TokenServer.Callback);
        back.Parameter("error").ShouldBe("access_denied");
        back.Parameter("error_description").ShouldBe("Not today.");
        back.Parameter("state").ShouldBe("state-1");
    }

    [Fact]
    public async Task Who_gives_up_at_the_login_page_is_sent_back_with_access_denied()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        var returnUrl = (await browser.AuthorizeAsync()).Parameter("ReturnUrl")!;

        await AnswerAsync(browser, returnUrl, scopes: null);

        (await browser.GetAsync(returnUrl)).Parameter("error").ShouldBe("access_denied");
    }

    [Fact]
    public async Task OIDC_3_1_2_6_prompt_none_without_consent_is_consent_required()
    {
        await using var server = await TokenServer.StartAsync(_setup);
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("error").ShouldBe("consent_required");
    }

    static Task<Answer> AnswerAsync(Browser browser, string returnUrl, string? scopes, bool remember = false)
    {
        var query = new Dictionary<string, string?> { ["returnUrl"] = returnUrl, ["scopes"] = scopes, ["remember"] = remember ? "true" : null };
        return browser.PostAsync(QueryHelpers.AddQueryString("/consent", query));
    }
}
