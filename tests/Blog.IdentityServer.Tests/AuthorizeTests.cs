using System.Net;
using System.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Blog.IdentityServer.Tests;

/// <summary>The authorization endpoint: RFC 6749, sections 3.1 and 4.1; OpenID Connect Core 1.0, section 3.1.2; RFC 7636; RFC 9207.</summary>
public sealed class AuthorizeTests
{
    [Fact]
    public async Task RFC_6749_4_1_2_a_signed_in_person_is_sent_back_with_code_state_and_issuer()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.AuthorizeAsync();

        answer.Status.ShouldBe(HttpStatusCode.Redirect);
        answer.Location.ShouldStartWith(TokenServer.Callback + "?");
        answer.Parameter("code").ShouldNotBeNull().Length.ShouldBeGreaterThanOrEqualTo(43);
        answer.Parameter("state").ShouldBe("state-1");
        answer.Parameter("iss").ShouldBe(TokenServer.Issuer);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
    }

    [Fact]
    public async Task OIDC_3_1_2_1_a_request_by_POST_is_the_same_request()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.PostAsync("/connect/authorize", [.. Browser.Request().Select(pair => (pair.Key, pair.Value))]);

        answer.Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task OIDC_3_1_2_3_nobody_signed_in_means_the_login_page_and_then_back_to_the_request()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();

        var toLogin = await browser.AuthorizeAsync(("login_hint", "alice@example.org"));
        toLogin.Location.ShouldStartWith("/account/login?ReturnUrl=%2Fconnect%2Fauthorize%2Fcallback");
        var returnUrl = toLogin.Parameter("ReturnUrl")!;
        var context = await browser.GetAsync(QueryHelpers.AddQueryString("/context", "returnUrl", returnUrl));
        context.Member("clientId").ShouldBe("bff");
        context.Member("loginHint").ShouldBe("alice@example.org");
        await browser.SignInAsync();
        var back = await browser.GetAsync(returnUrl);

        back.Parameter("code").ShouldNotBeNull();
        back.Parameter("state").ShouldBe("state-1");
    }

    [Theory]
    [InlineData("client_id", null, "invalid_request")]
    [InlineData("client_id", "nobody", "unauthorized_client")]
    [InlineData("redirect_uri", null, "invalid_request")]
    [InlineData("redirect_uri", "https://evil.example/callback", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example/callback/", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example/callback?next=1", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example/callback#x", "invalid_request")]
    [InlineData("redirect_uri", "https://BFF.example/callback", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example/Callback", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example@evil.example/callback", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example/callback/../evil", "invalid_request")]
    [InlineData("redirect_uri", "https://bff.example.evil.example/callback", "invalid_request")]
    [InlineData("redirect_uri", "https://other.example/callback", "invalid_request")]
    public async Task RFC_6749_4_1_2_1_an_unknown_client_or_address_is_never_redirected_to(string parameter, string? value, string error)
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.AuthorizeAsync((parameter, value));

        answer.Location.ShouldStartWith("/account/error?errorId=");
        var message = await browser.GetAsync(answer.Location);
        message.Member("error").ShouldBe(error);
        message.Text.ShouldNotContain("evil");
    }

    [Fact]
    public async Task RFC_6749_3_1_a_repeated_redirect_uri_is_never_redirected_to()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.GetAsync(
            QueryHelpers.AddQueryString("/connect/authorize", Browser.Request()!) + "&redirect_uri=" + HttpUtility.UrlEncode("https://evil.example"));

        answer.Location.ShouldStartWith("/account/error?errorId=");
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("scope", null, "invalid_scope")]
    [InlineData("scope", "openid blog.admin", "invalid_scope")]
    [InlineData("scope", "openid blog.internal", "invalid_scope")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "too-short", "invalid_request")]
    [InlineData("code_challenge", "not base64url, but long enough to be a challenge!", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "S512", "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "surprise", "invalid_request")]
    [InlineData("prompt", "create", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("id_token_hint", "not.a.token", "invalid_request")]
    [InlineData("request", "eyJ", "request_not_supported")]
    [InlineData("request_uri", "https://evil.example/request", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    public async Task RFC_6749_4_1_2_1_every_other_error_goes_to_the_client_with_its_state(string parameter, string? value, string error)
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.AuthorizeAsync((parameter, value));

        answer.Location.ShouldStartWith(TokenServer.Callback + "?");
        answer.Parameter("error").ShouldBe(error);
        answer.Parameter("error_description").ShouldNotBeNullOrEmpty();
        answer.Parameter("state").ShouldBe("state-1");
        answer.Parameter("iss").ShouldBe(TokenServer.Issuer);
        answer.Parameter("code").ShouldBeNull();
    }

    [Fact]
    public async Task RFC_6749_3_1_a_repeated_parameter_is_invalid()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.GetAsync(QueryHelpers.AddQueryString("/connect/authorize", Browser.Request()!) + "&scope=openid");

        answer.Parameter("error").ShouldBe("invalid_request");
    }

    [Fact]
    public async Task RFC_6749_3_1_a_parameter_without_value_counts_as_omitted()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.AuthorizeAsync(("prompt", ""), ("state", ""));

        answer.Parameter("code").ShouldNotBeNull();
        answer.Parameter("state").ShouldBeNull();
    }

    [Fact]
    public async Task RFC_6749_4_1_2_1_a_client_without_the_grant_type_is_unauthorized()
    {
        await using var server = await TokenServer.StartAsync(new()
        {
            Client = client =>
            {
                if (client.ClientId == "worker")
                    client.RedirectUris.Add("https://worker.example/");
            },
        });
        var browser = server.NewBrowser();

        var answer = await browser.AuthorizeAsync(("client_id", "worker"), ("redirect_uri", "https://worker.example/"));

        answer.Parameter("error").ShouldBe("unauthorized_client");
    }

    [Fact]
    public async Task OIDC_3_1_2_6_prompt_none_without_a_session_is_login_required()
    {
        await using var server = await TokenServer.StartAsync();

        var answer = await server.NewBrowser().AuthorizeAsync(("prompt", "none"));

        answer.Location.ShouldStartWith(TokenServer.Callback);
        answer.Parameter("error").ShouldBe("login_required");
        answer.Parameter("state").ShouldBe("state-1");
    }

    [Fact]
    public async Task OIDC_3_1_2_1_prompt_none_with_a_session_shows_no_page()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("code").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    public async Task OIDC_3_1_2_1_a_new_login_is_asked_for_once_and_cannot_be_skipped(string parameter, string value)
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(1));

        var first = await browser.AuthorizeAsync((parameter, value));
        var returnUrl = first.Parameter("ReturnUrl").ShouldNotBeNull();
        (await browser.GetAsync(returnUrl)).Location.ShouldStartWith("/account/login");
        (await browser.GetAsync(returnUrl + "x")).Location.ShouldStartWith("/account/login");
        await browser.SignInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(30));

        (await browser.GetAsync(returnUrl)).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task Initiating_User_Registration_4_1_prompt_create_leads_to_the_sign_up_page_and_from_there_nowhere_back()
    {
        await using var server = await TokenServer.StartAsync(new() { Options = options => options.UserInteraction.CreateAccountUrl = "/account/signup" });
        var browser = server.NewBrowser();

        var signUp = await browser.AuthorizeAsync(("prompt", "create"));
        signUp.Location.ShouldStartWith("/account/signup?returnUrl=");
        var returnUrl = signUp.Parameter("returnUrl")!;
        (await browser.GetAsync(QueryHelpers.AddQueryString("/context", "returnUrl", returnUrl))).Member("prompts").ShouldBe("[]");
        await browser.SignInAsync();

        (await browser.GetAsync(returnUrl)).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task OIDC_3_1_2_1_max_age_accepts_a_younger_sign_in_and_refuses_an_older_one()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(100));

        (await browser.AuthorizeAsync(("max_age", "100"))).Parameter("code").ShouldNotBeNull();
        (await browser.AuthorizeAsync(("max_age", "99"))).Location.ShouldStartWith("/account/login");
        (await browser.AuthorizeAsync(("max_age", "99"), ("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task OIDC_3_1_2_1_an_id_token_hint_for_somebody_else_does_not_get_this_persons_code()
    {
        await using var server = await TokenServer.StartAsync();
        var hint = (await server.Caller.SignInAsync(server)).IdToken;
        var browser = server.NewBrowser();
        await browser.SignInAsync("bob");

        (await browser.AuthorizeAsync(("id_token_hint", hint), ("prompt", "none"))).Parameter("error").ShouldBe("login_required");
        await browser.SignInAsync("alice");
        (await browser.AuthorizeAsync(("id_token_hint", hint), ("prompt", "none"))).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task Form_Post_section_2_the_answer_is_a_form_that_no_foreign_script_can_touch()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.AuthorizeAsync(("response_mode", "form_post"), ("state", "'><script>alert(1)</script>"));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Text.ShouldContain($"action='{TokenServer.Callback}'");
        answer.Text.ShouldContain("name='code'");
        answer.Text.ShouldNotContain("<script>alert");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; frame-ancestors 'none'; script-src 'sha256-");
    }

    [Fact]
    public async Task Form_Post_errors_are_posted_too()
    {
        await using var server = await TokenServer.StartAsync();

        var answer = await server.NewBrowser().AuthorizeAsync(("response_mode", "form_post"), ("prompt", "none"));

        answer.Text.ShouldContain("value='login_required'");
    }

    [Fact]
    public async Task RFC_8252_7_1_a_native_client_is_called_back_by_its_own_scheme()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await browser.AuthorizeAsync(("client_id", "phone"), ("redirect_uri", "app.blog:/callback"), ("scope", "openid blog.api offline_access"));

        answer.Location.ShouldStartWith("app.blog:/callback?code=");
    }

    [Theory]
    [InlineData("/connect/authorize/callback?client_id=bff", true)]
    [InlineData("/connect/authorize?client_id=bff", true)]
    [InlineData("https://id.example/connect/authorize?client_id=bff", true)]
    [InlineData("https://evil.example/connect/authorize", false)]
    [InlineData("//evil.example/connect/authorize", false)]
    [InlineData("/\\evil.example/connect/authorize", false)]
    [InlineData("/account/elsewhere", false)]
    [InlineData("/connect/authorize/../../evil", false)]
    [InlineData("https://id.example.evil.example/connect/authorize", false)]
    [InlineData("", false)]
    public async Task Only_an_authorization_request_of_this_server_is_a_valid_return_address(string address, bool valid)
    {
        await using var server = await TokenServer.StartAsync();

        (await server.NewBrowser().GetAsync(QueryHelpers.AddQueryString("/valid", "returnUrl", address))).Text.ShouldBe(valid ? "true" : "false");
    }
}
