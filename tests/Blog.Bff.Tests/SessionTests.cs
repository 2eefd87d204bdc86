using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Blog.Bff.Sessions;
using Blog.Bff.Tests.World;
using Blog.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Bff.Tests;

public sealed class SessionTests(RedisFixture redis, SharedWorld shared)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_in_gives_a_cookie_that_scripts_cannot_read_and_never_a_token()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Users.Add("ada", world.Identity.Subject);
        var login = await world.Client.GetAsync("/bff/login?returnUrl=/write", Cancel);
        var back = await world.Client.GetAsync(world.Identity.Authorize(login.Headers.Location!), Cancel);
        var user = await world.Client.GetFromJsonAsync<SignedInUser>("/bff/user", Cancel);

        back.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        back.Headers.Location!.ToString().ShouldBe("/write");
        var cookie = back.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("__Host-blog=", StringComparison.Ordinal));
        foreach (var part in (string[])["httponly", "secure", "samesite=lax", "path=/"]) cookie.ShouldContain(part, Case.Insensitive);
        cookie.ShouldNotContain("domain", Case.Insensitive);
        cookie.ShouldNotContain("eyJ");
        user!.Handle.ShouldBe("ada");
        user.Roles.ShouldBe(["reader", "author"]);
    }

    [Fact]
    public async Task Signing_in_asks_Identity_with_PKCE_state_and_nonce_and_signing_up_says_so()
    {
        var world = shared.World;
        using var browser = world.NewBrowser();

        var address = (await browser.GetAsync("/bff/login?screen=signup", Cancel)).Headers.Location!;

        address.ToString().ShouldStartWith("http://blog.test/connect/authorize?");
        foreach (var part in (string[])["client_id=bff", "response_type=code", "code_challenge_method=S256", "state=", "nonce=", "prompt=create", "redirect_uri=http%3A%2F%2Fblog.test%2Fbff%2Fcallback"])
            address.Query.ShouldContain(part);
    }

    [Fact]
    public async Task Who_is_not_signed_in_gets_401_and_no_redirect()
    {
        var world = shared.World;
        using var browser = world.NewBrowser();

        var answer = await browser.GetAsync("/bff/user", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_of_another_issuer_or_for_another_sign_in_is_refused()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var login = await world.Client.GetAsync("/bff/login", Cancel);
        var answer = world.Identity.Authorize(login.Headers.Location!);

        (await world.Client.GetAsync(answer.Replace("blog.test", "evil.test", StringComparison.Ordinal), Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        login = await world.Client.GetAsync("/bff/login", Cancel);
        answer = world.Identity.Authorize(login.Headers.Location!);
        var stranger = await world.NewBrowser().GetAsync(answer, Cancel);
        stranger.Headers.Location!.ToString().ShouldBe("/bff/login?again=1");
        stranger.Headers.GetValues("Set-Cookie").ShouldNotContain(c => c.StartsWith("__Host-blog=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sign_in_that_was_begun_anew_is_not_begun_a_third_time()
    {
        var world = shared.World;
        using var browser = world.NewBrowser();
        var second = await browser.GetAsync("/bff/login?again=1", Cancel);

        var answer = await world.NewBrowser().GetAsync(world.Identity.Authorize(second.Headers.Location!), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("audience")]
    [InlineData("code used twice")]
    [InlineData("error")]
    public async Task A_sign_in_that_does_not_add_up_gives_no_session(string wrong)
    {
        await using var world = await BffWorld.StartAsync(redis);
        if (wrong == "nonce") world.Identity.NonceInstead = "another";
        if (wrong == "audience") world.Identity.AudienceInstead = "phone";
        var login = await world.Client.GetAsync("/bff/login", Cancel);
        var answer = world.Identity.Authorize(login.Headers.Location!);
        if (wrong == "error") answer += "&error=server_error";
        if (wrong == "code used twice") (await world.Identity.UseCodeAsync(answer)).ShouldBeTrue();

        var back = await world.Client.GetAsync(answer, Cancel);

        back.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await world.Client.GetAsync("/bff/user", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test")]
    [InlineData("/%09/evil.test")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/bff/login")]
    [InlineData("")]
    public async Task Signing_in_leads_back_to_this_site_only(string returnUrl)
    {
        var world = shared.World;
        using var browser = world.NewBrowser();
        var login = await browser.GetAsync($"/bff/login?returnUrl={Uri.EscapeDataString(Uri.UnescapeDataString(returnUrl))}", Cancel);

        var back = await browser.GetAsync(world.Identity.Authorize(login.Headers.Location!), Cancel);

        back.Headers.Location!.ToString().ShouldBe("/");
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/@ada/x?y=1#z", true)]
    [InlineData("/write/1?next=//x", true)]
    [InlineData("write", false)]
    [InlineData("/\n/evil.test", false)]
    [InlineData(null, false)]
    public void Local_paths_are_kept_as_they_are(string? address, bool kept) => ReturnUrl.Local(address).ShouldBe(kept ? address : "/");

    [Fact]
    public async Task Tokens_are_renewed_once_however_many_calls_need_it_on_however_many_instances()
    {
        var time = new TestClock();
        await using var world = await BffWorld.StartAsync(redis, time);
        var here = await world.SignInAsync();
        using var there = world.NewBrowser(world.StartAnother(time));
        there.DefaultRequestHeaders.Add("X-CSRF", "1");
        there.DefaultRequestHeaders.Add("Cookie", world.CookiesOf(here));
        (await there.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Identity.RefreshTakes = TimeSpan.FromMilliseconds(100);

        time.Advance(TimeSpan.FromMinutes(59.5));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? here : there).GetAsync("/api/v1/me", Cancel)));

        answers.ShouldAllBe(answer => answer.IsSuccessStatusCode);
        world.Identity.Refreshes.ShouldBe(1);
    }

    [Fact]
    public async Task When_Identity_refuses_to_renew_the_person_is_signed_out()
    {
        var time = new TestClock();
        await using var world = await BffWorld.StartAsync(redis, time);
        var browser = await world.SignInAsync();
        world.Identity.RefusesRefresh = true;

        time.Advance(TimeSpan.FromHours(1));

        (await browser.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task While_Identity_is_away_nobody_is_signed_out()
    {
        var time = new TestClock();
        await using var world = await BffWorld.StartAsync(redis, time);
        var browser = await world.SignInAsync();
        world.Identity.Away = true;

        time.Advance(TimeSpan.FromMinutes(59.5));
        (await browser.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        time.Advance(TimeSpan.FromMinutes(1));
        (await browser.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        world.Identity.Away = false;
        (await browser.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_everywhere_and_the_refresh_token_with_it()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var browser = await world.SignInAsync();
        var cookies = world.CookiesOf(browser);
        var user = await browser.GetFromJsonAsync<SignedInUser>("/bff/user", Cancel);

        var withoutProof = await browser.GetAsync("/bff/logout", Cancel);
        var signedOut = await browser.GetAsync(user!.LogoutUrl, Cancel);

        withoutProof.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        signedOut.Headers.Location!.ToString().ShouldStartWith("http://blog.test/connect/endsession?id_token_hint=");
        world.Identity.Revoked.Count.ShouldBe(1);
        foreach (var instance in new[] { world.Bff, world.StartAnother() })
        {
            using var thief = world.NewBrowser(instance);
            thief.DefaultRequestHeaders.Add("Cookie", cookies);
            (await thief.GetAsync("/bff/user", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Identity_ends_a_session_by_a_logout_token_once()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var browser = await world.SignInAsync();
        var token = world.Identity.LogoutToken(world.Identity.Sid);

        var other = world.StartAnother();
        (await LogOutAsync(world.NewBrowser(other), token)).ShouldBe(HttpStatusCode.OK);

        await BffWorld.Until(async () => (await browser.GetAsync("/bff/user", Cancel)).StatusCode == HttpStatusCode.Unauthorized);
        (await LogOutAsync(world.NewBrowser(other), token)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("no event")]
    [InlineData("nonce")]
    [InlineData("audience")]
    [InlineData("nobody")]
    [InlineData("foreign key")]
    [InlineData("garbage")]
    public async Task A_logout_token_that_is_not_one_ends_nothing(string wrong)
    {
        var world = shared.World;
        var browser = await world.SignInAsync();
        using var foreign = RSA.Create(2048);
        var sid = world.Identity.Sid;
        var token = wrong switch
        {
            "no event" => world.Identity.LogoutToken(sid, withEvent: false),
            "nonce" => world.Identity.LogoutToken(sid, nonce: "n"),
            "audience" => world.Identity.LogoutToken(sid, audience: "phone"),
            "nobody" => world.Identity.LogoutToken(null),
            "foreign key" => world.Identity.LogoutToken(sid, key: new RsaSecurityKey(foreign) { KeyId = "k1" }),
            _ => "garbage",
        };

        (await LogOutAsync(world.Client, token)).ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync("/bff/user", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    static async Task<HttpStatusCode> LogOutAsync(HttpClient client, string token) =>
        (await client.PostAsync("/bff/backchannel", new FormUrlEncodedContent([new("logout_token", token)]), Cancel)).StatusCode;

    [Fact]
    public async Task While_Redis_is_away_people_stay_signed_in_and_what_is_not_known_is_not_called_signed_out()
    {
        await using var own = new RedisFixture();
        await own.InitializeAsync();
        await using var world = await BffWorld.StartAsync(own);
        var browser = await world.SignInAsync();
        var cookies = world.CookiesOf(browser);
        using var elsewhere = world.NewBrowser(world.StartAnother());
        elsewhere.DefaultRequestHeaders.Add("Cookie", cookies);

        await own.StopAsync();
        (await browser.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await elsewhere.GetAsync("/bff/user", Cancel)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var newcomer = await world.SignInAsync();
        (await newcomer.GetAsync("/api/v1/me", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await own.StartAsync();

        // Redis came back empty. The instance that knows the sessions has put them there again as soon as it used them.
        using var later = world.NewBrowser(world.StartAnother());
        later.DefaultRequestHeaders.Add("Cookie", world.CookiesOf(newcomer));
        await BffWorld.Until(async () => (await later.GetAsync("/bff/user", Cancel)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_lies_in_Redis_cannot_be_read_without_the_cookie()
    {
        await using var world = await BffWorld.StartAsync(redis);
        await world.SignInAsync();

        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var stored = connection.GetServers().Single().Keys(pattern: "blog:session:*").Select(key => (byte[]?)connection.GetDatabase().StringGet(key)).ToArray();

        stored.ShouldNotBeEmpty();
        stored.ShouldAllBe(value => !System.Text.Encoding.Latin1.GetString(value!).Contains("eyJ"));
    }

    [Theory]
    [InlineData("__Host-blog=short")]
    [InlineData("__Host-blog=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("__Host-blog=!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!")]
    public async Task A_made_up_cookie_is_nobody(string cookie)
    {
        var world = shared.World;
        using var browser = world.NewBrowser();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/bff/user");
        request.Headers.Add("Cookie", cookie);

        (await browser.SendAsync(request, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
