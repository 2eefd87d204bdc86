using System.Net;
using Duende.IdentityServer.Models;

namespace Blog.IdentityServer.Tests;

/// <summary>Refresh tokens: RFC 6749, section 6; RFC 9700, sections 2.2.2 and 4.14; OpenID Connect Core 1.0, section 12.</summary>
public sealed class RefreshTests
{
    [Fact]
    public async Task RFC_9700_4_14_2_each_use_gives_a_new_refresh_token()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await server.Caller.SignInAsync(server);

        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));
        var third = TokenSet.From(await server.Caller.RefreshAsync(second.RefreshToken!));

        new[] { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Distinct().Count().ShouldBe(3);
        third.Access.Subject.ShouldBe("alice");
    }

    [Fact]
    public async Task RFC_9700_4_14_2_reuse_revokes_the_whole_family()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await server.Caller.SignInAsync(server);
        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));

        (await server.Caller.RefreshAsync(first.RefreshToken!)).ShouldBeError("invalid_grant");

        (await server.Caller.RefreshAsync(second.RefreshToken!)).ShouldBeError("invalid_grant");
        (await server.Caller.IsActiveAsync(second.AccessToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task RFC_9700_4_14_2_of_parallel_uses_in_one_process_one_wins_and_the_family_ends()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => server.Caller.RefreshAsync(tokens.RefreshToken!))));

        var winner = answers.Where(answer => answer.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        (await server.Caller.RefreshAsync(winner.Member("refresh_token"))).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_9700_4_14_2_reuse_leaves_other_sessions_alone()
    {
        await using var server = await TokenServer.StartAsync();
        var stolen = await server.Caller.SignInAsync(server);
        var elsewhere = await server.Caller.SignInAsync(server);
        await server.Caller.RefreshAsync(stolen.RefreshToken!);

        await server.Caller.RefreshAsync(stolen.RefreshToken!);

        TokenSet.From(await server.Caller.RefreshAsync(elsewhere.RefreshToken!));
    }

    [Fact]
    public async Task RFC_6749_6_a_refresh_token_of_another_client_is_refused_and_stays_good()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        (await server.Caller.RefreshAsync(tokens.RefreshToken!, client: "other")).ShouldBeError("invalid_grant");
        (await server.Caller.RefreshAsync(tokens.RefreshToken!, client: "phone")).ShouldBeError("invalid_grant");

        TokenSet.From(await server.Caller.RefreshAsync(tokens.RefreshToken!));
    }

    [Fact]
    public async Task RFC_6749_6_a_narrower_scope_holds_for_the_access_token_and_not_for_the_refresh_token()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await server.Caller.SignInAsync(server);

        var narrow = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!, scope: "blog.api"));
        var full = TokenSet.From(await server.Caller.RefreshAsync(narrow.RefreshToken!));

        narrow.Access.GetPayloadValue<string[]>("scope").ShouldBe(["blog.api"]);
        narrow.IdToken.ShouldBeNull();
        full.Access.GetPayloadValue<string[]>("scope").ShouldBe(Browser.AllScopes.Split(' '));
    }

    [Fact]
    public async Task RFC_6749_6_a_wider_scope_is_refused_and_does_not_use_the_token_up()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server, ("scope", "openid offline_access"));

        (await server.Caller.RefreshAsync(tokens.RefreshToken!, scope: "openid blog.api")).ShouldBeError("invalid_scope");

        TokenSet.From(await server.Caller.RefreshAsync(tokens.RefreshToken!));
    }

    [Fact]
    public async Task OIDC_12_2_a_refreshed_identity_token_keeps_subject_issuer_audience_and_auth_time_and_has_no_nonce()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await server.Caller.SignInAsync(server);
        server.Clock.Advance(TimeSpan.FromHours(1));

        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));

        second.Identity.Subject.ShouldBe(first.Identity.Subject);
        second.Identity.Issuer.ShouldBe(first.Identity.Issuer);
        second.Identity.Audiences.ShouldBe(first.Identity.Audiences);
        second.Identity.GetPayloadValue<long>("auth_time").ShouldBe(first.Identity.GetPayloadValue<long>("auth_time"));
        second.Identity.GetPayloadValue<string>("sid").ShouldBe(first.Identity.GetPayloadValue<string>("sid"));
        second.Identity.TryGetClaim("nonce", out _).ShouldBeFalse();
        second.Identity.IssuedAt.ShouldBe(server.Clock.GetUtcNow().UtcDateTime);
    }

    [Fact]
    public async Task An_unused_refresh_token_expires_after_15_days()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);

        server.Clock.Advance(TimeSpan.FromDays(15));

        (await server.Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task However_often_it_is_used_a_family_ends_after_30_days()
    {
        await using var server = await TokenServer.StartAsync();
        var tokens = await server.Caller.SignInAsync(server);
        for (var day = 10; day < 30; day += 10)
        {
            server.Clock.Advance(TimeSpan.FromDays(10));
            tokens = TokenSet.From(await server.Caller.RefreshAsync(tokens.RefreshToken!));
        }

        server.Clock.Advance(TimeSpan.FromDays(10));

        (await server.Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_9700_2_2_2_a_public_client_gets_one_time_tokens_whatever_is_configured()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.RefreshTokenUsage = TokenUsage.ReUse });
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync(("client_id", "phone"), ("redirect_uri", "app.blog:/callback"), ("scope", "openid offline_access"));
        var first = TokenSet.From(await server.Caller.RedeemAsync(code, client: "phone", redirectUri: "app.blog:/callback"));

        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!, client: "phone"));

        second.RefreshToken.ShouldNotBe(first.RefreshToken);
        (await server.Caller.RefreshAsync(first.RefreshToken!, client: "phone")).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task A_confidential_client_may_keep_one_refresh_token_which_slides()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.RefreshTokenUsage = TokenUsage.ReUse });
        var first = await server.Caller.SignInAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(14));

        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));
        server.Clock.Advance(TimeSpan.FromDays(14));

        second.RefreshToken.ShouldBe(first.RefreshToken);
        TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));
    }

    [Fact]
    public async Task A_locked_person_cannot_refresh_and_a_new_role_arrives_with_the_next_refresh()
    {
        var profiles = new SwitchableProfiles();
        await using var server = await TokenServer.StartAsync(new() { Profiles = profiles });
        var first = await server.Caller.SignInAsync(server);

        profiles.Role = "editor";
        var second = TokenSet.From(await server.Caller.RefreshAsync(first.RefreshToken!));
        profiles.Active = false;
        var locked = await server.Caller.RefreshAsync(second.RefreshToken!);

        second.Access.GetPayloadValue<string>("role").ShouldBe("editor");
        second.Access.Subject.ShouldBe("alice");
        locked.ShouldBeError("invalid_grant");
        (await server.Caller.UserInfoAsync(second.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RFC_6749_5_2_a_missing_refresh_token_is_an_invalid_request()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.TokenAsync("bff", ("grant_type", "refresh_token"))).ShouldBeError("invalid_request");
    }
}
