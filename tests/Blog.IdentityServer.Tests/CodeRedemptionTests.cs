using System.Net;
using Microsoft.IdentityModel.Tokens;

namespace Blog.IdentityServer.Tests;

/// <summary>Exchange of a code: RFC 6749, section 4.1.3; RFC 7636, section 4.6; OpenID Connect Core 1.0, section 3.1.3; RFC 9700.</summary>
public sealed class CodeRedemptionTests
{
    [Fact]
    public async Task RFC_6749_5_1_a_good_code_gives_tokens_that_nobody_caches()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        var answer = await server.Caller.RedeemAsync(await browser.CodeAsync());

        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        answer.Member("token_type").ShouldBe("Bearer");
        answer.Json.GetProperty("expires_in").GetInt32().ShouldBe(3600);
        answer.Member("scope").ShouldBe(Browser.AllScopes);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Pragma.ToString().ShouldBe("no-cache");
    }

    [Fact]
    public async Task OIDC_2_the_identity_token_says_who_for_whom_when_and_for_which_request()
    {
        await using var server = await TokenServer.StartAsync();
        var signedInAt = server.Clock.GetUtcNow();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        var tokens = TokenSet.From(await server.Caller.RedeemAsync(await browser.CodeAsync()));

        var token = tokens.Identity;

        token.Typ.ShouldBe("JWT");
        token.Alg.ShouldBe("RS256");
        token.Issuer.ShouldBe(TokenServer.Issuer);
        token.Subject.ShouldBe("alice");
        token.Audiences.ShouldBe(["bff"]);
        token.GetPayloadValue<string>("nonce").ShouldBe("nonce-1");
        token.GetPayloadValue<long>("auth_time").ShouldBe(signedInAt.ToUnixTimeSeconds());
        token.GetPayloadValue<string[]>("amr").ShouldBe(["pwd"]);
        token.GetPayloadValue<string>("sid").ShouldNotBeNullOrEmpty();
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromSeconds(300));
        token.IssuedAt.ShouldBe(server.Clock.GetUtcNow().UtcDateTime);
        token.TryGetClaim("email", out _).ShouldBeFalse("claims about the person are for userinfo");
    }

    [Fact]
    public async Task OIDC_3_1_3_6_at_hash_binds_the_access_token()
    {
        await using var server = await TokenServer.StartAsync();

        var tokens = await server.Caller.SignInAsync(server);

        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(tokens.AccessToken));
        tokens.Identity.GetPayloadValue<string>("at_hash").ShouldBe(Base64UrlEncoder.Encode(hash[..16]));
    }

    [Fact]
    public async Task RFC_9068_2_the_access_token_is_typed_and_names_audience_client_scope_and_role()
    {
        await using var server = await TokenServer.StartAsync();

        var token = (await server.Caller.SignInAsync(server)).Access;

        token.Typ.ShouldBe("at+jwt");
        token.Audiences.ShouldBe(["blog"]);
        token.Subject.ShouldBe("alice");
        token.GetPayloadValue<string>("client_id").ShouldBe("bff");
        token.GetPayloadValue<string[]>("scope").ShouldBe(Browser.AllScopes.Split(' '));
        token.GetPayloadValue<string>("role").ShouldBe("author");
        token.Id.ShouldNotBeNullOrEmpty();
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task RFC_9068_2_2_3_scope_is_one_string_if_the_server_is_told_so_and_the_static_audience_is_added_on_demand()
    {
        await using var server = await TokenServer.StartAsync(new()
        {
            Options = options =>
            {
                options.EmitScopesAsSpaceDelimitedStringInJwt = true;
                options.EmitStaticAudienceClaim = true;
            },
        });

        var token = (await server.Caller.SignInAsync(server)).Access;

        token.GetPayloadValue<string>("scope").ShouldBe(Browser.AllScopes);
        token.Audiences.ShouldBe(["blog", $"{TokenServer.Issuer}/resources"]);
    }

    [Fact]
    public async Task Without_openid_there_is_no_identity_token_and_without_offline_access_no_refresh_token()
    {
        await using var server = await TokenServer.StartAsync();

        var tokens = await server.Caller.SignInAsync(server, ("scope", "blog.api"));

        tokens.IdToken.ShouldBeNull();
        tokens.RefreshToken.ShouldBeNull();
    }

    [Fact]
    public async Task RFC_6749_4_1_2_a_code_works_once_and_its_replay_revokes_what_it_gave_out()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();
        var tokens = TokenSet.From(await server.Caller.RedeemAsync(code));
        (await server.Caller.IsActiveAsync(tokens.AccessToken)).ShouldBeTrue();

        var replay = await server.Caller.RedeemAsync(code);

        replay.ShouldBeError("invalid_grant");
        (await server.Caller.IsActiveAsync(tokens.AccessToken)).ShouldBeFalse();
        (await server.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_6749_4_1_2_the_replay_also_revokes_what_was_refreshed_since()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();
        var first = TokenSet.From(await server.Caller.RedeemAsync(code));
        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));

        await server.Caller.RedeemAsync(code);

        (await server.Caller.RefreshAsync(second.RefreshToken!)).ShouldBeError("invalid_grant");
        (await server.Caller.IsActiveAsync(second.AccessToken)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("another-verifier-of-at-least-forty-three-characters-01")]
    [InlineData("short")]
    [InlineData(null)]
    public async Task RFC_7636_4_6_a_wrong_or_missing_verifier_is_refused_and_uses_the_code_up(string? verifier)
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();

        (await server.Caller.RedeemAsync(code, verifier: verifier)).ShouldBeError("invalid_grant");

        (await server.Caller.RedeemAsync(code)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_7636_4_6_the_challenge_itself_is_no_verifier()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        (await server.Caller.RedeemAsync(await browser.CodeAsync(), verifier: TokenServer.Challenge)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_9700_2_1_1_a_verifier_for_a_code_without_challenge_is_a_downgrade()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.RequirePkce = client.ClientId == "phone" });
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync(("code_challenge", null), ("code_challenge_method", null));

        (await server.Caller.RedeemAsync(code)).ShouldBeError("invalid_grant");
    }

    [Theory]
    [InlineData("https://bff.example/callback?x=1")]
    [InlineData("https://other.example/callback")]
    [InlineData(null)]
    public async Task RFC_6749_4_1_3_an_altered_redirect_uri_is_refused(string? redirectUri)
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();

        (await server.Caller.RedeemAsync(await browser.CodeAsync(), redirectUri: redirectUri)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_6749_4_1_3_a_code_of_another_client_is_refused_and_stays_good_for_its_own()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();

        (await server.Caller.RedeemAsync(code, client: "other")).ShouldBeError("invalid_grant");
        (await server.Caller.RedeemAsync(code, client: "phone")).ShouldBeError("invalid_grant");

        TokenSet.From(await server.Caller.RedeemAsync(code));
    }

    [Fact]
    public async Task RFC_6749_4_1_2_a_code_expires_after_300_seconds()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var inTime = await browser.CodeAsync();
        var late = await browser.CodeAsync();

        server.Clock.Advance(TimeSpan.FromSeconds(299));
        TokenSet.From(await server.Caller.RedeemAsync(inTime));
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        (await server.Caller.RedeemAsync(late)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task A_person_who_was_locked_meanwhile_gets_no_tokens()
    {
        var profiles = new SwitchableProfiles();
        await using var server = await TokenServer.StartAsync(new() { Profiles = profiles });
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();

        profiles.Active = false;

        (await server.Caller.RedeemAsync(code)).ShouldBeError("invalid_grant");
        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    [Theory]
    [InlineData("no-such-code")]
    [InlineData("' OR 1=1 --")]
    public async Task RFC_6749_5_2_an_unknown_code_is_an_invalid_grant(string code)
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.RedeemAsync(code)).ShouldBeError("invalid_grant");
        (await server.Caller.RedeemAsync(new string('c', 5000))).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_is_no_code_and_a_code_no_refresh_token()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();
        var tokens = TokenSet.From(await server.Caller.RedeemAsync(await browser.CodeAsync()));

        (await server.Caller.RedeemAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
        (await server.Caller.RefreshAsync(code)).ShouldBeError("invalid_grant");
    }
}
