using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Blog.IdentityServer.Tests;

/// <summary>OpenID Connect RP-Initiated Logout 1.0, Back-Channel Logout 1.0 and Front-Channel Logout 1.0.</summary>
public sealed class SignOutTests
{
    [Fact]
    public async Task RP_Initiated_2_a_hinted_request_needs_no_prompt_and_may_return_to_the_client()
    {
        await using var server = await TokenServer.StartAsync();
        var (browser, tokens) = await SignedInAsync(server);

        var page = await EndSessionAsync(browser, ("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", TokenServer.SignedOut), ("state", "s&1"));

        page.Member("clientId").ShouldBe("bff");
        page.Member("clientName").ShouldBe("The site");
        page.Member("postLogoutRedirectUri").ShouldBe($"{TokenServer.SignedOut}?state=s%261");
        page.Member("subjectId").ShouldBe("alice");
        page.Member("sessionId").ShouldBe(tokens.Identity.GetPayloadValue<string>("sid"));
        page.Json.GetProperty("showSignoutPrompt").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task RP_Initiated_2_an_expired_hint_is_still_a_hint()
    {
        await using var server = await TokenServer.StartAsync();
        var (browser, tokens) = await SignedInAsync(server);
        server.Clock.Advance(TimeSpan.FromHours(2));

        (await EndSessionAsync(browser, ("id_token_hint", tokens.IdToken))).Member("clientId").ShouldBe("bff");
    }

    [Fact]
    public async Task RP_Initiated_2_the_request_may_come_by_POST()
    {
        await using var server = await TokenServer.StartAsync();
        var (browser, tokens) = await SignedInAsync(server);

        var answer = await browser.PostAsync("/connect/endsession", ("id_token_hint", tokens.IdToken!));

        (await browser.GetAsync(answer.Location)).Member("clientId").ShouldBe("bff");
    }

    [Theory]
    [InlineData("https://bff.example/signed-out/")]
    [InlineData("https://bff.example/signed-out?x=1")]
    [InlineData("https://BFF.example/signed-out")]
    [InlineData("https://evil.example/")]
    [InlineData("https://other.example/")]
    [InlineData("https://bff.example/callback")]
    public async Task RP_Initiated_3_another_address_than_a_registered_one_is_never_returned_to(string address)
    {
        await using var server = await TokenServer.StartAsync();
        var (browser, tokens) = await SignedInAsync(server);

        var page = await EndSessionAsync(browser, ("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", address));

        page.Json.GetProperty("postLogoutRedirectUri").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task RP_Initiated_2_without_a_good_hint_the_person_is_asked_and_not_sent_anywhere()
    {
        await using var server = await TokenServer.StartAsync();
        await using var foreign = await TokenServer.StartAsync(new() { OwnKeys = true });
        var (browser, tokens) = await SignedInAsync(server);
        var (_, stranger) = await SignedInAsync(foreign);
        var bob = server.NewBrowser();
        await bob.SignInAsync("bob");

        foreach (var page in new[]
                 {
                     await EndSessionAsync(browser, ("post_logout_redirect_uri", TokenServer.SignedOut)),
                     await EndSessionAsync(browser, ("client_id", "bff"), ("post_logout_redirect_uri", TokenServer.SignedOut)),
                     await EndSessionAsync(browser, ("id_token_hint", "rubbish"), ("post_logout_redirect_uri", TokenServer.SignedOut)),
                     await EndSessionAsync(browser, ("id_token_hint", tokens.AccessToken), ("post_logout_redirect_uri", TokenServer.SignedOut)),
                     await EndSessionAsync(browser, ("id_token_hint", stranger.IdToken), ("post_logout_redirect_uri", TokenServer.SignedOut)),
                     await EndSessionAsync(browser, ("id_token_hint", tokens.IdToken), ("client_id", "other"), ("post_logout_redirect_uri", TokenServer.SignedOut)),
                     await EndSessionAsync(bob, ("id_token_hint", tokens.IdToken), ("post_logout_redirect_uri", TokenServer.SignedOut)),
                 })
        {
            page.Json.GetProperty("showSignoutPrompt").GetBoolean().ShouldBeTrue();
            page.Json.GetProperty("postLogoutRedirectUri").GetString().ShouldBeNull();
        }
    }

    [Fact]
    public async Task An_invented_logout_id_says_no_more_than_the_session()
    {
        await using var server = await TokenServer.StartAsync();
        var (browser, _) = await SignedInAsync(server);

        var page = await browser.GetAsync("/account/logout?logoutId=invented");

        page.Member("subjectId").ShouldBe("alice");
        page.Json.GetProperty("postLogoutRedirectUri").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Back_Channel_2_4_every_client_of_the_session_gets_a_logout_token()
    {
        await using var listener = await LogoutListener.StartAsync();
        await using var server = await TokenServer.StartAsync(new()
        {
            Client = client =>
            {
                client.BackChannelLogoutUri = client.ClientId is "bff" or "other" ? $"{listener.Address}/{client.ClientId}" : null;
                client.BackChannelLogoutSessionRequired = client.ClientId == "bff";
            },
        });
        var (browser, tokens) = await SignedInAsync(server);
        await browser.CodeAsync(("client_id", "other"), ("redirect_uri", "https://other.example/callback"), ("scope", "openid"));

        await browser.SignOutAsync();

        var notices = new[] { await listener.NextAsync(), await listener.NextAsync() }.ToDictionary(notice => notice.Path, notice => new JsonWebToken(notice.Token));
        var bff = notices["/bff"];
        bff.Typ.ShouldBe("logout+jwt");
        bff.Issuer.ShouldBe(TokenServer.Issuer);
        bff.Audiences.ShouldBe(["bff"]);
        bff.Subject.ShouldBe("alice");
        bff.GetPayloadValue<string>("sid").ShouldBe(tokens.Identity.GetPayloadValue<string>("sid"));
        bff.Id.ShouldNotBeNullOrEmpty();
        bff.IssuedAt.ShouldBe(server.Clock.GetUtcNow().UtcDateTime);
        bff.ValidTo.ShouldBe(server.Clock.GetUtcNow().AddMinutes(2).UtcDateTime);
        bff.GetPayloadValue<System.Text.Json.JsonElement>("events").GetRawText().ShouldBe("""{"http://schemas.openid.net/event/backchannel-logout":{}}""");
        bff.TryGetClaim("nonce", out _).ShouldBeFalse();
        bff.Kid.ShouldBe(tokens.Identity.Kid);
        notices["/other"].TryGetClaim("sid", out _).ShouldBeFalse();
        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task Back_Channel_2_8_a_client_that_fails_or_is_away_does_not_keep_the_person_signed_in_or_others_uninformed()
    {
        await using var listener = await LogoutListener.StartAsync();
        await using var server = await TokenServer.StartAsync(new()
        {
            Client = client => client.BackChannelLogoutUri = client.ClientId switch
            {
                "bff" => $"{listener.Address}/bff",
                "other" => "http://127.0.0.1:1/closed",
                _ => null,
            },
        });
        var (browser, _) = await SignedInAsync(server);
        await browser.CodeAsync(("client_id", "other"), ("redirect_uri", "https://other.example/callback"), ("scope", "openid"));
        listener.Status = HttpStatusCode.InternalServerError;

        (await browser.SignOutAsync()).Status.ShouldBe(HttpStatusCode.OK);

        (await listener.NextAsync()).Path.ShouldBe("/bff");
        (await browser.AuthorizeAsync(("prompt", "none"))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task Sign_out_revokes_the_grants_of_the_session_where_client_and_session_are_coordinated()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.CoordinateLifetimeWithUserSession = true });
        var (browser, tokens) = await SignedInAsync(server);
        var elsewhere = await server.Caller.SignInAsync(server);

        await browser.SignOutAsync();

        (await server.Caller.RefreshAsync(tokens.RefreshToken!)).ShouldBeError("invalid_grant");
        (await server.Caller.IsActiveAsync(tokens.AccessToken)).ShouldBeFalse();
        TokenSet.From(await server.Caller.RefreshAsync(elsewhere.RefreshToken!));
    }

    [Fact]
    public async Task Front_Channel_3_the_frame_calls_clients_with_issuer_and_session()
    {
        await using var server = await TokenServer.StartAsync(new() { Client = client => client.FrontChannelLogoutUri = $"https://{client.ClientId}.example/front" });
        var (browser, tokens) = await SignedInAsync(server);
        var page = await EndSessionAsync(browser, ("id_token_hint", tokens.IdToken));

        var frame = await browser.GetAsync(page.Member("signOutIFrameUrl"));

        frame.Text.ShouldContain("src='https://bff.example/front?iss=https%3A%2F%2Fid.example&amp;sid=");
        frame.Text.ShouldNotContain("other.example");
        frame.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-src https://bff.example");
        (await browser.GetAsync("/connect/endsession/callback?endSessionId=invented")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_second_person_in_the_same_browser_gets_a_new_session_and_the_same_person_keeps_it()
    {
        await using var server = await TokenServer.StartAsync();
        var (browser, alice) = await SignedInAsync(server);

        await browser.SignInAsync("alice");
        var again = TokenSet.From(await server.Caller.RedeemAsync(await browser.CodeAsync()));
        await browser.SignInAsync("bob");
        var bob = TokenSet.From(await server.Caller.RedeemAsync(await browser.CodeAsync()));

        again.Identity.GetPayloadValue<string>("sid").ShouldBe(alice.Identity.GetPayloadValue<string>("sid"));
        bob.Identity.GetPayloadValue<string>("sid").ShouldNotBe(alice.Identity.GetPayloadValue<string>("sid"));
    }

    static async Task<(Browser, TokenSet)> SignedInAsync(TokenServer server)
    {
        var browser = server.NewBrowser();
        await browser.SignInAsync();
        return (browser, TokenSet.From(await server.Caller.RedeemAsync(await browser.CodeAsync())));
    }

    static async Task<Answer> EndSessionAsync(Browser browser, params (string Name, string? Value)[] parameters)
    {
        var answer = await browser.GetAsync(QueryHelpers.AddQueryString("/connect/endsession", parameters.ToDictionary(pair => pair.Name, pair => pair.Value)));
        answer.Location.ShouldStartWith("/account/logout?logoutId=");
        return await browser.GetAsync(answer.Location);
    }
}

/// <summary>A client application that listens for logout notices.</summary>
sealed class LogoutListener(WebApplication app) : IAsyncDisposable
{
    readonly Channel<(string Path, string Token)> _notices = Channel.CreateUnbounded<(string, string)>();

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<LogoutListener> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var listener = new LogoutListener(app);
        app.Run(async context =>
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            context.Response.StatusCode = (int)listener.Status;
            await listener._notices.Writer.WriteAsync((context.Request.Path, form["logout_token"].ToString()), context.RequestAborted);
        });
        await app.StartAsync();
        return listener;
    }

    public async Task<(string Path, string Token)> NextAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _notices.Reader.ReadAsync(deadline.Token);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
