using System.Net;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.IdentityServer.Tests;

/// <summary>OpenID Connect Core 1.0, section 10.1.1: keys rotate without a moment in which a token cannot be verified.</summary>
public sealed class KeyRotationTests
{
    [Fact]
    public async Task A_key_signs_for_90_days_and_its_successor_is_announced_14_days_before()
    {
        await using var server = await TokenServer.StartAsync();
        var first = (await PublishedAsync(server)).ShouldHaveSingleItem();

        server.Clock.Advance(TimeSpan.FromDays(76) - TimeSpan.FromSeconds(1));
        (await PublishedAsync(server)).ShouldBe([first]);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var announced = await PublishedAsync(server);
        announced.Count.ShouldBe(2);
        var second = announced.Single(key => key != first);
        (await SigningAsync(server)).ShouldBe(first);
        server.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        (await SigningAsync(server)).ShouldBe(first);
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        (await SigningAsync(server)).ShouldBe(second);
        (await PublishedAsync(server)).ShouldBe([first, second], ignoreOrder: true);
    }

    [Fact]
    public async Task A_retired_key_stays_published_for_14_days_and_is_then_deleted()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await SigningAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(76));
        await SigningAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(28) - TimeSpan.FromSeconds(1));
        (await PublishedAsync(server)).ShouldContain(first);

        server.Clock.Advance(TimeSpan.FromSeconds(1));

        (await PublishedAsync(server)).ShouldNotContain(first);
        (await server.Services.GetRequiredService<ISigningKeyStore>().LoadKeysAsync(CancellationToken.None)).ShouldNotContain(key => key.Id == first);
    }

    [Fact]
    public async Task A_token_signed_just_before_the_change_is_good_after_it()
    {
        await using var server = await TokenServer.StartAsync();
        await SigningAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(76));
        await SigningAsync(server);
        server.Clock.Advance(TimeSpan.FromDays(14) - TimeSpan.FromMinutes(1));
        var tokens = await server.Caller.SignInAsync(server);

        server.Clock.Advance(TimeSpan.FromMinutes(2));

        (await SigningAsync(server)).ShouldNotBe(tokens.Access.Kid);
        (await server.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_server_that_slept_through_a_rotation_makes_a_key_and_uses_it_at_once()
    {
        await using var server = await TokenServer.StartAsync();
        var first = await SigningAsync(server);

        server.Clock.Advance(TimeSpan.FromDays(100));

        (await SigningAsync(server)).ShouldNotBe(first);
        TokenSet.From(await server.Caller.TokenAsync("worker", ("grant_type", "client_credentials")));
    }

    [Fact]
    public async Task Each_algorithm_has_its_key_and_a_client_may_ask_for_one()
    {
        await using var server = await TokenServer.StartAsync(new()
        {
            Options = options => options.KeyManagement.SigningAlgorithms = [new("RS256"), new("ES256")],
            Client = client =>
            {
                if (client.ClientId == "bff")
                    client.AllowedIdentityTokenSigningAlgorithms = ["ES256"];
            },
        });

        var tokens = await server.Caller.SignInAsync(server);
        var worker = TokenSet.From(await server.Caller.TokenAsync("worker", ("grant_type", "client_credentials")));

        tokens.Identity.Alg.ShouldBe("ES256");
        tokens.Access.Alg.ShouldBe("ES256");
        worker.Access.Alg.ShouldBe("RS256");
        (await server.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_stored_key_shows_nothing_without_the_data_protection_keys()
    {
        await using var server = await TokenServer.StartAsync(new() { OwnKeys = true });
        await SigningAsync(server);

        var stored = (await server.Services.GetRequiredService<ISigningKeyStore>().LoadKeysAsync(CancellationToken.None)).Single();

        stored.DataProtected.ShouldBeTrue();
        stored.Data.ShouldNotContain("Pkcs8");
    }

    [Fact]
    public async Task While_the_store_is_away_the_known_keys_are_published_and_sign_on()
    {
        var keys = new FailingKeys();
        await using var server = await TokenServer.StartAsync(new() { Keys = keys });
        var known = await PublishedAsync(server);
        keys.Fail = true;
        server.Clock.Advance(TimeSpan.FromDays(2));

        (await PublishedAsync(server)).ShouldBe(known);
        TokenSet.From(await server.Caller.TokenAsync("worker", ("grant_type", "client_credentials"))).Access.Kid.ShouldBe(known.Single());
        keys.Fail = false;
        keys.Loads = 0;
        (await PublishedAsync(server)).ShouldBe(known);
        keys.Loads.ShouldBe(0, "a store that was away is not asked with every request");
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await PublishedAsync(server);

        keys.Loads.ShouldBe(1);
    }

    sealed class FailingKeys : ISigningKeyStore
    {
        readonly List<SerializedKey> _keys = [];

        public bool Fail { get; set; }

        public int Loads { get; set; }

        public Task<IEnumerable<SerializedKey>> LoadKeysAsync(CancellationToken ct)
        {
            Loads++;
            return Fail ? throw new InvalidOperationException("The database is away.") : Task.FromResult<IEnumerable<SerializedKey>>([.. _keys]);
        }

        public Task StoreKeyAsync(SerializedKey key, CancellationToken ct)
        {
            _keys.Add(key);
            return Task.CompletedTask;
        }

        public Task DeleteKeyAsync(string id, CancellationToken ct) => Task.CompletedTask;
    }

    static async Task<List<string>> PublishedAsync(TokenServer server) =>
        [.. (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration/jwks")).Json
            .GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];

    static async Task<string> SigningAsync(TokenServer server) =>
        (await server.Services.GetRequiredService<IKeyMaterialService>().GetSigningCredentialsAsync(null, CancellationToken.None)).Key.KeyId;
}
