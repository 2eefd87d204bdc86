using System.Net;

namespace Blog.IdentityServer.Tests;

/// <summary>RFC 7009 and RFC 7662.</summary>
public sealed class RevocationTests
{
    [Fact]
    public async Task RFC_7009_2_1_with_a_refresh_token_goes_its_whole_grant()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await server.Caller.SignInAsync(server);
        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));

        var answer = await server.Caller.RevokeAsync(second.RefreshToken!);

        answer.Status.ShouldBe(HttpStatusCode.OK);
        (await server.Caller.RefreshAsync(second.RefreshToken!)).ShouldBeError("invalid_grant");
        (await server.Caller.IsActiveAsync(first.AccessToken)).ShouldBeFalse();
        (await server.Caller.IsActiveAsync(second.AccessToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task RFC_7009_2_1_an_access_token_goes_alone()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        (await server.Caller.RevokeAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);

        (await server.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Caller.IsActiveAsync(tokens.AccessToken)).ShouldBeFalse();
        TokenSet.From(await server.Caller.RefreshAsync(tokens.RefreshToken!));
    }

    [Fact]
    public async Task RFC_7009_2_1_a_token_of_another_client_is_refused_and_stays_good()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        foreach (var client in new[] { "other", "phone" })
        {
            (await server.Caller.RevokeAsync(tokens.RefreshToken!, client)).ShouldBeError("invalid_grant");
            (await server.Caller.RevokeAsync(tokens.AccessToken, client)).ShouldBeError("invalid_grant");
        }

        (await server.Caller.IsActiveAsync(tokens.AccessToken)).ShouldBeTrue();
        TokenSet.From(await server.Caller.RefreshAsync(tokens.RefreshToken!));
    }

    [Fact]
    public async Task RFC_7009_2_2_an_unknown_token_is_no_error()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.RevokeAsync("whatever")).Status.ShouldBe(HttpStatusCode.OK);
        (await server.Caller.RevokeAsync("a.b.c")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task RFC_7009_2_1_a_wrong_or_unknown_hint_does_not_matter()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        var answer = await server.Caller.PostAsync("/connect/revocation", Caller.Basic("bff", "bff-secret"),
            ("token", tokens.RefreshToken), ("token_type_hint", "banana"));

        answer.Status.ShouldBe(HttpStatusCode.OK);
        (await server.Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_7009_2_1_the_caller_must_be_authenticated_and_name_a_token()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.PostAsync("/connect/revocation", Caller.Basic("bff", "wrong"), ("token", "t"))).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        (await server.Caller.PostAsync("/connect/revocation", null, ("token", "t"))).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        (await server.Caller.PostAsync("/connect/revocation", Caller.Basic("bff", "bff-secret"), ("x", "y"))).ShouldBeError("invalid_request");
    }

    [Fact]
    public async Task RFC_7009_2_1_a_public_client_revokes_its_own_by_name()
    {
        await using var server = await TokenServer.StartAsync();
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync(("client_id", "phone"), ("redirect_uri", "app.blog:/callback"), ("scope", "openid offline_access"));
        var tokens = TokenSet.From(await server.Caller.RedeemAsync(code, "phone", "app.blog:/callback"));

        (await server.Caller.RevokeAsync(tokens.RefreshToken!, "phone")).Status.ShouldBe(HttpStatusCode.OK);

        (await server.Caller.RefreshAsync(tokens.RefreshToken!, "phone")).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_7662_2_2_an_api_is_told_about_a_token_for_it_without_scopes_of_others()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        var answer = await server.Caller.IntrospectAsync(tokens.AccessToken, "blog");

        answer.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        answer.Member("sub").ShouldBe("alice");
        answer.Member("client_id").ShouldBe("bff");
        answer.Member("iss").ShouldBe(TokenServer.Issuer);
        answer.Member("aud").ShouldBe("blog");
        answer.Member("scope").ShouldBe("blog.api");
        answer.Json.GetProperty("exp").GetInt64().ShouldBe(server.Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("foreign")]
    [InlineData("other")]
    public async Task RFC_7662_2_2_for_anyone_else_the_token_is_just_not_active(string caller)
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        var access = await server.Caller.IntrospectAsync(tokens.AccessToken, caller);
        var refresh = await server.Caller.IntrospectAsync(tokens.RefreshToken!, caller);

        access.Text.ShouldBe("{\"active\":false}");
        refresh.Text.ShouldBe("{\"active\":false}");
    }

    [Fact]
    public async Task RFC_7662_2_2_a_client_sees_its_own_refresh_token_until_it_is_used()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        (await server.Caller.IsActiveAsync(tokens.RefreshToken!)).ShouldBeTrue();
        (await server.Caller.IsActiveAsync(tokens.RefreshToken!, "blog")).ShouldBeFalse("refresh tokens are not for APIs");
        await server.Caller.RefreshAsync(tokens.RefreshToken!);

        (await server.Caller.IsActiveAsync(tokens.RefreshToken!)).ShouldBeFalse();
    }

    [Fact]
    public async Task RFC_7662_2_1_the_caller_must_be_authenticated_and_name_a_token()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.PostAsync("/connect/introspect", Caller.Basic("blog", "wrong"), ("token", "t"))).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        (await server.Caller.PostAsync("/connect/introspect", null, ("token", "t"), ("client_id", "phone"))).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        (await server.Caller.IntrospectAsync("", "blog")).ShouldBeError("invalid_request");
    }
}
