using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Blog.Identity.Tests;

public sealed class OpenIdTests(IdentityFixture identity)
{
    const string BffCallback = IdentityFixture.Origin + "/bff/callback", PhoneCallback = "blog://callback";

    readonly string verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    string Authorize(string client = "bff", string callback = BffCallback, string scope = "openid profile offline_access blog.api", string? prompt = null) =>
        QueryHelpers.AddQueryString("/connect/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = client,
            ["redirect_uri"] = callback,
            ["response_type"] = "code",
            ["scope"] = scope,
            ["state"] = "some state",
            ["nonce"] = "some nonce",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
            ["code_challenge_method"] = "S256",
            ["prompt"] = prompt,
        });

    static async Task<(int Status, JsonElement Body)> TokenAsync(Browser browser, string? secretOf, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        if (secretOf is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{secretOf}:{secretOf}-secret")));
        using var response = await browser.RawAsync(request);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }

    Task<(int Status, JsonElement Body)> RedeemAsync(Browser browser, Uri callback) => TokenAsync(browser, "bff",
        ("grant_type", "authorization_code"), ("code", QueryHelpers.ParseQuery(callback.Query)["code"].ToString()), ("redirect_uri", BffCallback), ("code_verifier", verifier));

    async Task<(Browser Browser, JsonElement Tokens)> SignedInAsync()
    {
        var email = await identity.ConfirmedAccountAsync();
        var browser = identity.OpenBrowser();
        await browser.OpenAsync(Authorize());
        var callback = await browser.SendAsync(("email", email), ("password", IdentityFixture.Password));
        var (status, tokens) = await RedeemAsync(browser, callback);
        status.ShouldBe(200);
        return (browser, tokens);
    }

    static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    [Fact]
    public async Task The_code_flow_goes_on_after_sign_up_and_confirmation_and_ends_in_tokens_that_services_accept()
    {
        using var browser = identity.OpenBrowser();
        var (email, handle) = (IdentityFixture.FreshEmail(), IdentityFixture.FreshHandle());

        await browser.OpenAsync(Authorize(prompt: "create"));
        browser.Heading.ShouldBe("Create an account");
        await browser.SendAsync(("email", email), ("password", IdentityFixture.Password), ("name", "Jun Kestrel"), ("handle", handle));
        await browser.OpenAsync(IdentityFixture.LinkIn(await identity.Mail.WaitForAsync(email, "Confirm")));
        var callback = await browser.SendAsync(("email", email), ("password", IdentityFixture.Password));

        callback.ToString().ShouldStartWith(BffCallback + "?");
        var query = QueryHelpers.ParseQuery(callback.Query);
        query["state"].ToString().ShouldBe("some state");
        query["iss"].ToString().ShouldBe(IdentityFixture.Origin);
        var (status, tokens) = await RedeemAsync(browser, callback);
        status.ShouldBe(200);

        var profile = (await identity.Users().GetProfileAsync(new() { Handle = handle })).Profile;
        var idToken = new JsonWebToken(Text(tokens, "id_token"));
        (idToken.Issuer, idToken.Subject, idToken.GetPayloadValue<string>("nonce")).ShouldBe((IdentityFixture.Origin, profile.Id, "some nonce"));
        var access = new JsonWebToken(Text(tokens, "access_token"));
        access.Typ.ShouldBe("at+jwt");
        (access.Issuer, access.Subject, access.GetPayloadValue<string>("client_id")).ShouldBe((IdentityFixture.Origin, profile.Id, "bff"));
        access.Audiences.ShouldBe(["blog"]);
        access.Claims.Where(claim => claim.Type == "role").Select(claim => claim.Value).ShouldBe(["reader", "author"], ignoreOrder: true);
        access.Claims.Where(claim => claim.Type == "scope").SelectMany(claim => claim.Value.Split(' ')).ShouldContain("blog.api");

        var changed = await identity.Users(Text(tokens, "access_token")).UpdateProfileAsync(new()
        {
            Profile = new() { Bio = "Signed in." },
            UpdateMask = new() { Paths = { "bio" } },
            ExpectedRevision = profile.Revision,
        });
        changed.Profile.Bio.ShouldBe("Signed in.");
    }

    [Fact]
    public async Task Who_is_signed_in_gets_the_next_code_without_a_form()
    {
        var (browser, _) = await SignedInAsync();
        using (browser)
            (await browser.OpenAsync(Authorize())).AbsolutePath.ShouldBe("/bff/callback");
    }

    [Fact]
    public async Task A_refresh_token_works_once_and_its_second_use_ends_the_family()
    {
        var (browser, tokens) = await SignedInAsync();
        using var _ = browser;
        var first = Text(tokens, "refresh_token");
        var (status, second) = await TokenAsync(browser, "bff", ("grant_type", "refresh_token"), ("refresh_token", first));
        status.ShouldBe(200);

        (await TokenAsync(browser, "bff", ("grant_type", "refresh_token"), ("refresh_token", first))).Status.ShouldBe(400);
        (await TokenAsync(browser, "bff", ("grant_type", "refresh_token"), ("refresh_token", Text(second, "refresh_token")))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_new_password_ends_the_refresh_tokens_of_every_device()
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync(Authorize());
        var (_, tokens) = await RedeemAsync(browser, await browser.SendAsync(("email", email), ("password", IdentityFixture.Password)));

        using var elsewhere = identity.OpenBrowser();
        await elsewhere.OpenAsync("/account/forgot");
        await elsewhere.SendAsync(("email", email));
        await elsewhere.OpenAsync(IdentityFixture.LinkIn(await identity.Mail.WaitForAsync(email, "Choose a new password")));
        await elsewhere.SendAsync(("password", "five quiet kestrels"));

        var (status, body) = await TokenAsync(browser, "bff", ("grant_type", "refresh_token"), ("refresh_token", Text(tokens, "refresh_token")));
        (status, Text(body, "error")).ShouldBe((400, "invalid_grant"));
    }

    [Fact]
    public async Task A_phone_signs_in_without_a_secret_and_comes_back_by_its_scheme()
    {
        var email = await identity.ConfirmedAccountAsync();
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync(Authorize("phone", PhoneCallback));
        var callback = await browser.SendAsync(("email", email), ("password", IdentityFixture.Password));
        callback.OriginalString.ShouldStartWith(PhoneCallback + "?");

        var (status, tokens) = await TokenAsync(browser, null, ("grant_type", "authorization_code"), ("client_id", "phone"),
            ("code", QueryHelpers.ParseQuery(callback.Query)["code"].ToString()), ("redirect_uri", PhoneCallback), ("code_verifier", verifier));
        status.ShouldBe(200);
        Text(tokens, "refresh_token").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Signing_out_with_an_id_token_asks_nothing_and_goes_home_and_without_one_asks_first()
    {
        var (browser, tokens) = await SignedInAsync();
        using var _ = browser;
        await browser.OpenAsync("/connect/endsession");
        browser.Heading.ShouldBe("Sign out?");

        var home = await browser.OpenAsync(QueryHelpers.AddQueryString("/connect/endsession", new Dictionary<string, string?>
        {
            ["id_token_hint"] = Text(tokens, "id_token"),
            ["post_logout_redirect_uri"] = IdentityFixture.Origin + "/",
        }));
        home.AbsolutePath.ShouldBe("/");
        await browser.OpenAsync(Authorize());
        browser.Heading.ShouldBe("Welcome back");
    }

    [Theory]
    [InlineData("nobody", BffCallback)]
    [InlineData("bff", "http://evil.example/callback")]
    public async Task A_request_that_cannot_be_trusted_ends_on_a_page_here(string client, string callback)
    {
        using var browser = identity.OpenBrowser();
        await browser.OpenAsync(Authorize(client, callback));
        browser.Address.AbsolutePath.ShouldBe("/account/error");
        browser.Heading.ShouldBe("That sign-in did not work");
    }

    [Theory]
    [InlineData("bff", BffCallback)]
    [InlineData("phone", PhoneCallback)]
    public async Task No_person_gets_the_scope_of_services(string client, string callback)
    {
        using var browser = identity.OpenBrowser();
        var answer = await browser.OpenAsync(Authorize(client, callback, "openid blog.api blog.internal"));
        QueryHelpers.ParseQuery(answer.Query)["error"].ToString().ShouldBe("invalid_scope");
    }

    [Fact]
    public async Task A_service_gets_a_token_for_calls_between_services_and_nothing_more()
    {
        using var browser = identity.OpenBrowser();
        var (status, tokens) = await TokenAsync(browser, "content", ("grant_type", "client_credentials"), ("scope", "blog.internal"));
        status.ShouldBe(200);
        var access = new JsonWebToken(Text(tokens, "access_token"));
        access.TryGetPayloadValue<string>("sub", out _).ShouldBeFalse();
        access.Audiences.ShouldBe(["blog"]);

        (await TokenAsync(browser, "content", ("grant_type", "client_credentials"), ("scope", "blog.api"))).Status.ShouldBe(400);
        (await TokenAsync(browser, "bff", ("grant_type", "client_credentials"), ("scope", "blog.internal"))).Status.ShouldBe(400);
        (await TokenAsync(browser, null, ("grant_type", "client_credentials"), ("client_id", "content"), ("client_secret", "wrong"))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_service_without_a_configured_secret_is_no_client()
    {
        using var browser = identity.OpenBrowser();
        (await TokenAsync(browser, "cli", ("grant_type", "client_credentials"), ("scope", "blog.internal"))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Discovery_names_the_public_origin_whatever_host_is_asked()
    {
        using var browser = identity.OpenBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/.well-known/openid-configuration") { Headers = { Host = "identity.internal" } };
        using var response = await browser.RawAsync(request);
        var document = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Text(document, "issuer").ShouldBe(IdentityFixture.Origin);
        foreach (var endpoint in (string[])["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"])
            Text(document, endpoint).ShouldStartWith(IdentityFixture.Origin + "/");
    }

    [Fact]
    public async Task A_token_of_a_person_does_not_open_what_is_for_services()
    {
        var (browser, tokens) = await SignedInAsync();
        using var _ = browser;
        var problem = await Should.ThrowAsync<RpcException>(async () =>
            await identity.Users(Text(tokens, "access_token")).CreateProfileAsync(new() { Id = Guid.CreateVersion7().ToString(), Handle = "x1", Name = "X" }));
        problem.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }
}
