using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Bff.Tests.World;
using Blog.Testing;

namespace Blog.Bff.Tests;

public sealed class ProxyTests(RedisFixture redis, SharedWorld shared)
{
    static readonly string Picture = Guid.CreateVersion7().ToString();
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_comes_from_Content_which_sees_neither_cookie_nor_token()
    {
        var world = shared.World;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/media/{Picture}");
        request.Headers.Add("Cookie", "__Host-blog=x; a=b");
        request.Headers.Add("Authorization", "Bearer x");

        var answer = await world.Client.SendAsync(request, Cancel);

        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe($"picture {Picture} cookie[] auth[]");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("/media/../../etc/passwd")]
    [InlineData("/media/%2e%2e%2f%2e%2e%2fetc%2fpasswd")]
    [InlineData("/media/..%5c..%5csecret")]
    [InlineData("/media/not-a-picture")]
    [InlineData("/media/")]
    [InlineData("/images/../../etc/passwd/384")]
    [InlineData("/images/%2e%2e/384")]
    [InlineData("/images/0198c0de-0000-7000-8000-000000000000/385")]
    [InlineData("/images/0198c0de-0000-7000-8000-000000000000/384/../../x")]
    [InlineData("/_next/image?url=%2Fmedia%2Fx&w=3840&q=100")]
    [InlineData("/_next/image/?url=http://evil.test/x.png&w=384&q=75")]
    [InlineData("/bff/unknown")]
    public async Task Nothing_else_can_be_had_under_the_addresses_of_pictures(string target)
    {
        var world = shared.World;

        // Exactly these bytes: HttpClient would tidy the path up first.
        var status = await RawGetAsync(world.Bff.HttpAddress, target);

        status.ShouldBeOneOf(400, 404);
        world.Site.Requests.ShouldNotContain(r => r.Path.Contains("image", StringComparison.Ordinal) || r.Path.Contains("media", StringComparison.Ordinal));
    }

    static async Task<int> RawGetAsync(Uri address, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: blog.test\r\nConnection: close\r\n\r\n"), Cancel);
        var line = await new StreamReader(stream).ReadLineAsync(Cancel);
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_width_of_a_picture_is_asked_of_the_optimiser()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/_next/image", () => "small");

        (await world.Client.GetStringAsync($"/images/{Picture}/384?url=/evil", Cancel)).ShouldBe("small");

        world.Site.Requests.ShouldHaveSingleItem().Path.ShouldBe($"/_next/image?url=%2Fmedia%2F{Picture}&w=384&q=75");
    }

    [Fact]
    public async Task Identity_gets_its_own_cookies_and_the_public_address_whatever_the_request_claims()
    {
        var world = shared.World;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/login");
        request.Headers.TryAddWithoutValidation("Cookie", "__Host-blog=secret; identity=theirs; __Host-blog-signin-abc=secret");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.test");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "gopher");

        var seen = await (await world.Client.SendAsync(request, Cancel)).Content.ReadFromJsonAsync<Dictionary<string, string>>(Cancel);

        seen!["cookie"].ShouldBe("identity=theirs");
        seen["host"].ShouldBe("blog.test");
        seen["proto"].ShouldBe("http");
    }

    [Fact]
    public async Task While_the_site_is_away_a_reader_gets_a_page_and_a_program_a_problem()
    {
        await using var world = await BffWorld.StartAsync(redis);
        await world.StopSiteAsync();
        world.Client.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        foreach (var path in (string[])["/", "/write"])
        {
            var page = await world.Client.GetAsync(path, Cancel);
            page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            page.Headers.RetryAfter.ShouldNotBeNull();
            page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            var html = await page.Content.ReadAsStringAsync(Cancel);
            var style = Regex.Match(html, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
            page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'");
        }

        world.Client.DefaultRequestHeaders.Accept.Clear();
        world.Client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        var problem = await world.Client.GetAsync("/write", Cancel);
        problem.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Every_response_carries_the_security_headers_and_says_nothing_of_what_made_it()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/write", http =>
        {
            http.Response.Headers["X-Powered-By"] = "Framework";
            http.Response.Headers.ContentSecurityPolicy = "default-src *";
            return Task.CompletedTask;
        });

        foreach (var path in (string[])["/", "/write", "/api/v1/articles", "/bff/user", "/api/v1/me", $"/media/{Picture}", "/health"])
        {
            var answer = await world.Client.GetAsync(path, Cancel);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], path);
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["strict-origin-when-cross-origin"], path);
            answer.Headers.Contains("Permissions-Policy").ShouldBeTrue(path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'", Case.Sensitive, path);
            answer.Headers.Contains("Server").ShouldBeFalse(path);
            answer.Headers.Contains("X-Powered-By").ShouldBeFalse(path);
            answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse(path);
        }
    }

    [Fact]
    public async Task Over_https_the_browser_is_told_to_stay_there()
    {
        await using var world = await BffWorld.StartAsync(redis, null, ("Blog:PublicOrigin", "https://blog.test"));

        var answer = await world.Client.GetAsync("/write", Cancel);

        answer.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("upgrade-insecure-requests");
    }

    [Fact]
    public async Task The_site_takes_no_posts()
    {
        var world = shared.World;

        (await world.Client.PostAsync("/settings/post", new StringContent("x"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        world.Site.CountOf("/settings/post").ShouldBe(0);
    }

    [Fact]
    public async Task The_BFF_is_healthy_although_everything_around_it_is_away()
    {
        await using var own = new RedisFixture();
        await own.InitializeAsync();
        await using var world = await BffWorld.StartAsync(own, null, ("ConnectionStrings:broker", "127.0.0.1:1"));
        await own.StopAsync();
        world.Content.Away = world.Users.Away = world.Identity.Away = true;
        await world.StopSiteAsync();

        (await world.Client.GetAsync("/health", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await world.Client.GetAsync("/alive", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
