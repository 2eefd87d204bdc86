using System.Net;
using Duende.IdentityServer.Models;

namespace Blog.IdentityServer.Tests;

/// <summary>The token endpoint before any grant: RFC 6749, sections 2.3, 3.2, 4.4 and 5.2.</summary>
public sealed class ClientAuthenticationTests
{
    static readonly (string, string?)[] _request = [("grant_type", "client_credentials"), ("scope", "blog.internal")];

    [Fact]
    public async Task RFC_6749_4_4_client_credentials_give_a_token_about_the_client_and_nothing_else()
    {
        await using var server = await TokenServer.StartAsync();

        var tokens = TokenSet.From(await server.Caller.TokenAsync("worker", _request));

        tokens.RefreshToken.ShouldBeNull();
        tokens.IdToken.ShouldBeNull();
        tokens.Access.TryGetClaim("sub", out _).ShouldBeFalse();
        tokens.Access.GetPayloadValue<string>("client_id").ShouldBe("worker");
        tokens.Access.GetPayloadValue<string>("client_shard").ShouldBe("7");
        tokens.Access.Audiences.ShouldBe(["blog"]);
    }

    [Fact]
    public async Task RFC_6749_3_3_without_scope_a_client_gets_its_api_scopes()
    {
        await using var server = await TokenServer.StartAsync();

        var answer = await server.Caller.TokenAsync("worker", ("grant_type", "client_credentials"));

        answer.Member("scope").ShouldBe("blog.internal");
    }

    [Fact]
    public async Task RFC_6749_2_3_1_credentials_may_come_in_the_body()
    {
        await using var server = await TokenServer.StartAsync();

        TokenSet.From(await server.Caller.PostAsync("/connect/token", null, [.. _request, ("client_id", "worker"), ("client_secret", "worker-secret")]));
    }

    [Fact]
    public async Task RFC_6749_2_3_1_basic_credentials_are_form_encoded_first()
    {
        const string secret = "p:a+s s%wörd";
        await using var server = await TokenServer.StartAsync(new()
        {
            Client = client =>
            {
                if (client.ClientId == "worker")
                    client.ClientSecrets = [new(secret.Sha256())];
            },
        });

        TokenSet.From(await server.Caller.PostAsync("/connect/token", Caller.Basic("worker", secret), _request));
    }

    [Theory]
    [InlineData("worker", "wrong-secret")]
    [InlineData("nobody", "worker-secret")]
    [InlineData("worker", "")]
    [InlineData("phone", "made-up")]
    public async Task RFC_6749_5_2_wrong_basic_credentials_are_401_with_a_challenge(string id, string secret)
    {
        await using var server = await TokenServer.StartAsync();

        var answer = await server.Caller.PostAsync("/connect/token", Caller.Basic(id, secret), _request);

        answer.ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldStartWith("Basic");
    }

    [Fact]
    public async Task RFC_6749_5_2_no_credentials_or_unreadable_ones_are_an_invalid_client()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.PostAsync("/connect/token", null, _request)).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        (await server.Caller.PostAsync("/connect/token", new("Basic", "!!!"), _request)).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        (await server.Caller.PostAsync("/connect/token", null, [.. _request, ("client_id", "worker")]))
            .ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RFC_6749_2_3_two_ways_of_authentication_are_an_invalid_request()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.TokenAsync("worker", [.. _request, ("client_id", "worker"), ("client_secret", "worker-secret")])).ShouldBeError("invalid_request");
        (await server.Caller.TokenAsync("worker", [.. _request, ("client_id", "bff")])).ShouldBeError("invalid_request");
    }

    [Fact]
    public async Task An_expired_secret_is_no_secret_and_two_secrets_can_overlap()
    {
        var clock = new ManualClock();
        await using var server = await TokenServer.StartAsync(new()
        {
            Clock = clock,
            Client = client =>
            {
                if (client.ClientId == "worker")
                    client.ClientSecrets = [new("worker-secret".Sha256(), clock.GetUtcNow().UtcDateTime.AddDays(1)), new("new-secret".Sha256())];
            },
        });

        TokenSet.From(await server.Caller.TokenAsync("worker", _request));
        clock.Advance(TimeSpan.FromDays(1));

        (await server.Caller.TokenAsync("worker", _request)).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
        TokenSet.From(await server.Caller.PostAsync("/connect/token", Caller.Basic("worker", "new-secret"), _request));
    }

    [Fact]
    public async Task A_disabled_client_is_an_unknown_client()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.Enabled = false });

        (await server.Caller.TokenAsync("worker", _request)).ShouldBeError("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type")]
    [InlineData("authorization_code", "unauthorized_client")]
    [InlineData("refresh_token", "unauthorized_client")]
    public async Task RFC_6749_5_2_a_grant_type_is_refused_by_name(string? grantType, string error)
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.TokenAsync("worker", ("grant_type", grantType))).ShouldBeError(error);
    }

    [Theory]
    [InlineData("blog.api")]
    [InlineData("blog.internal unknown")]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData(" ")]
    public async Task RFC_6749_5_2_a_scope_that_is_not_for_the_client_is_invalid(string scope)
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.TokenAsync("worker", ("grant_type", "client_credentials"), ("scope", scope))).ShouldBeError("invalid_scope");
    }

    [Fact]
    public async Task RFC_6749_4_4_a_public_client_has_no_credentials_to_use()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.AllowedGrantTypes = GrantTypes.CodeAndClientCredentials });

        (await server.Caller.PostAsync("/connect/token", null, ("grant_type", "client_credentials"), ("client_id", "phone"), ("scope", "blog.api")))
            .ShouldBeError("unauthorized_client");
    }

    [Fact]
    public async Task RFC_6749_3_2_a_parameter_twice_or_a_body_that_is_no_form_is_an_invalid_request()
    {
        await using var server = await TokenServer.StartAsync();

        (await server.Caller.TokenAsync("worker", [.. _request, ("scope", "blog.internal")])).ShouldBeError("invalid_request");
        (await server.Caller.SendAsync(HttpMethod.Post, "/connect/token", null, Caller.Basic("worker", "worker-secret"))).ShouldBeError("invalid_request");
    }

    [Theory]
    [InlineData(true, false, "it requires a secret but has none.")]
    [InlineData(false, false, "a public client needs PKCE")]
    [InlineData(false, true, "plain PKCE is not supported")]
    public async Task A_client_that_cannot_be_honoured_is_refused_at_start(bool requireSecret, bool plain, string reason)
    {
        var start = () => TokenServer.StartAsync(new()
        {
            Client = client =>
            {
                if (client.ClientId != "phone")
                    return;
                client.RequireClientSecret = requireSecret;
                client.AllowPlainTextPkce = plain;
                client.RequirePkce = requireSecret || plain;
            },
        });

        (await start.ShouldThrowAsync<NotSupportedException>()).Message.ShouldContain(reason);
    }
}
