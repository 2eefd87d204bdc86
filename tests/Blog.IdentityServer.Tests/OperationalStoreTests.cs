using System.Net;
using Blog.Testing;
using Duende.IdentityServer.EntityFramework;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Blog.IdentityServer.Tests;

/// <summary>The operational store on PostgreSQL, with the tables of Schema/postgresql.sql.</summary>
public sealed class OperationalStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    readonly EphemeralDataProtectionProvider _dataProtection = new();
    readonly ManualClock _clock = new();
    NpgsqlDataSource _database = null!;

    TokenServerSetup Setup => new() { Database = _database.ConnectionString, DataProtection = _dataProtection, Clock = _clock };

    public async ValueTask InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        using var schema = new StreamReader(typeof(OperationalStoreTests).Assembly.GetManifestResourceStream("schema.sql")!);
        await _database.CreateCommand(await schema.ReadToEndAsync()).ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task RFC_9700_4_14_2_of_parallel_uses_of_a_refresh_token_one_wins_and_the_family_ends()
    {
        await using var one = await TokenServer.StartAsync(Setup);
        await using var two = await TokenServer.StartAsync(Setup);
        var tokens = await one.Caller.SignInAsync(one);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? one : two).Caller.RefreshAsync(tokens.RefreshToken!)));

        var winner = answers.Where(answer => answer.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        foreach (var loser in answers.Where(answer => answer != winner))
            loser.ShouldBeError("invalid_grant");
        (await two.Caller.RefreshAsync(winner.Member("refresh_token"))).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task RFC_6749_4_1_2_of_parallel_redemptions_of_a_code_one_wins_and_its_tokens_are_revoked()
    {
        await using var one = await TokenServer.StartAsync(Setup);
        await using var two = await TokenServer.StartAsync(Setup);
        var browser = one.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? one : two).Caller.RedeemAsync(code)));

        var winner = answers.Where(answer => answer.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        (await one.Caller.IsActiveAsync(winner.Member("access_token"))).ShouldBeFalse();
        (await two.Caller.RefreshAsync(winner.Member("refresh_token"))).ShouldBeError("invalid_grant");
    }

    [Fact]
    public async Task Keys_and_grants_survive_a_restart()
    {
        TokenSet tokens;
        await using (var before = await TokenServer.StartAsync(Setup))
            tokens = await before.Caller.SignInAsync(before);

        await using var after = await TokenServer.StartAsync(Setup);

        (await after.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        TokenSet.From(await after.Caller.RefreshAsync(tokens.RefreshToken!)).Access.Kid.ShouldBe(tokens.Access.Kid);
    }

    [Fact]
    public async Task Servers_that_start_together_believe_and_publish_each_others_keys()
    {
        await using var one = await TokenServer.StartAsync(Setup);
        await using var two = await TokenServer.StartAsync(Setup);

        var tokens = await Task.WhenAll(one.Caller.SignInAsync(one), two.Caller.SignInAsync(two));

        (await one.Caller.UserInfoAsync(tokens[1].AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await two.Caller.UserInfoAsync(tokens[0].AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var server in new[] { one, two })
        {
            var published = (await server.Caller.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration/jwks")).Text;
            published.ShouldContain(tokens[0].Access.Kid);
            published.ShouldContain(tokens[1].Access.Kid);
        }
    }

    [Fact]
    public async Task The_database_holds_neither_codes_nor_tokens_nor_private_keys_in_the_clear()
    {
        await using var server = await TokenServer.StartAsync(Setup);
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        var code = await browser.CodeAsync();
        var tokens = TokenSet.From(await server.Caller.RedeemAsync(code));

        await using var command = _database.CreateCommand("""
            select string_agg(row, ' ') from (select g::text as row from "PersistedGrants" g union all select k::text from "Keys" k) rows
            """);
        var content = (string)(await command.ExecuteScalarAsync())!;

        content.ShouldContain("alice");
        content.ShouldNotContain(code);
        content.ShouldNotContain(tokens.RefreshToken!);
        content.ShouldNotContain("Pkcs8");
    }

    [Fact]
    public async Task Keys_that_cannot_be_read_are_replaced_so_that_the_server_still_works()
    {
        await using (var before = await TokenServer.StartAsync(Setup))
            await before.Caller.SignInAsync(before);

        await using var stranger = await TokenServer.StartAsync(new() { Database = _database.ConnectionString, Clock = _clock });

        var tokens = await stranger.Caller.SignInAsync(stranger);
        (await stranger.Caller.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cleaning_up_deletes_what_expired_and_nothing_else()
    {
        await using var server = await TokenServer.StartAsync(Setup);
        var old = await server.Caller.SignInAsync(server);
        _clock.Advance(TimeSpan.FromDays(14));
        var young = TokenSet.From(await server.Caller.RefreshAsync(old.RefreshToken!));
        _clock.Advance(TimeSpan.FromDays(2));

        await using (var scope = server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ITokenCleanupService>().CleanupGrantsAsync(CancellationToken.None);

        // The grant itself and the refresh token in use.
        (await _database.CreateCommand("select count(*) from \"PersistedGrants\"").ExecuteScalarAsync()).ShouldBe(2L);
        TokenSet.From(await server.Caller.RefreshAsync(young.RefreshToken!));
    }

    [Fact]
    public async Task The_grants_of_a_person_can_be_listed_and_revoked()
    {
        await using var server = await TokenServer.StartAsync(Setup);
        var first = await server.Caller.SignInAsync(server);
        var second = await server.Caller.SignInAsync(server);

        await using var scope = server.Services.CreateAsyncScope();
        var grants = scope.ServiceProvider.GetRequiredService<IPersistedGrantService>();
        (await grants.GetAllGrantsAsync("alice", CancellationToken.None)).Count().ShouldBe(2);
        await grants.RemoveAllGrantsAsync("alice", null, first.Identity.GetPayloadValue<string>("sid"), CancellationToken.None);

        (await server.Caller.RefreshAsync(first.RefreshToken!)).ShouldBeError("invalid_grant");
        (await server.Caller.IsActiveAsync(first.AccessToken)).ShouldBeFalse();
        TokenSet.From(await server.Caller.RefreshAsync(second.RefreshToken!));
    }
}
