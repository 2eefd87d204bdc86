using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Bff.Cache;
using Blog.Bff.Tests.World;
using Blog.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

public sealed class PageCacheTests(RedisFixture redis)
{
    static readonly string Long = string.Concat(Enumerable.Repeat("<p>Ein langer Satz, der sich lohnt.</p>", 200));
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_public_page_is_fetched_once_and_served_to_everyone_from_then_on()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/first", () => Long, "article:a1 author:u1");

        var first = await world.Client.GetAsync("/@ada/first", Cancel);
        var second = await world.Client.GetAsync("/@ada/first", Cancel);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second.Content.ReadAsStringAsync(Cancel)).ShouldBe(Long);
        world.Site.CountOf("/@ada/first").ShouldBe(1);
        second.Headers.GetValues("Cache-Status").ShouldBe(["blog; hit"]);
        second.Headers.CacheControl!.ToString().ShouldBe("public, must-revalidate, max-age=0");
        second.Headers.Contains("Cache-Tags").ShouldBeFalse();
    }

    [Fact]
    public async Task Another_build_of_the_site_ends_every_page_of_the_former_one()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var build = "one";
        foreach (var path in (string[])["/@ada/first", "/@ada/second"])
            world.Site.Page(path, http =>
            {
                http.Response.Headers["X-Site-Build"] = build;
                http.Response.ContentType = "text/html; charset=utf-8";
                return http.Response.WriteAsync($"drawn by build {build}");
            });
        (await world.Client.GetAsync("/@ada/first", Cancel)).Headers.Contains("X-Site-Build").ShouldBeFalse();

        build = "two";
        (await world.Client.GetStringAsync("/@ada/first", Cancel)).ShouldBe("drawn by build one");
        (await world.Client.GetStringAsync("/@ada/second", Cancel)).ShouldBe("drawn by build two");

        (await world.Client.GetStringAsync("/@ada/first", Cancel)).ShouldBe("drawn by build two");
    }

    [Fact]
    public async Task Nothing_of_the_first_reader_reaches_the_site_and_no_cookie_comes_back()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/first", http =>
        {
            http.Response.Headers.SetCookie = "tracking=1";
            return http.Response.WriteAsync("page");
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/@ada/first?utm_source=x&page=2&evil=1");
        foreach (var (name, value) in new[] { ("Cookie", "__Host-blog=secret; a=b"), ("Authorization", "Bearer x"), ("X-User-Id", "1"), ("x-nonce", "mine"), ("Accept-Language", "de"), ("x-middleware-subrequest", "1"), ("X-Forwarded-Host", "evil.test") })
            request.Headers.TryAddWithoutValidation(name, value);

        var answer = await world.Client.SendAsync(request, Cancel);

        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var (path, headers) = world.Site.Requests.ShouldHaveSingleItem();
        path.ShouldBe("/@ada/first?page=2");
        foreach (var name in (string[])["Cookie", "Authorization", "X-User-Id", "Accept-Language", "x-middleware-subrequest"]) headers.ContainsKey(name).ShouldBeFalse(name);
        headers["x-nonce"].ToString().ShouldNotBe("mine");
        headers["X-Forwarded-Host"].ToString().ShouldBe("blog.test");
    }

    [Fact]
    public async Task Parameters_that_mean_nothing_do_not_fill_the_cache()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/", () => "home", "list");

        for (var i = 0; i < 5; i++) await world.Client.GetAsync($"/?utm_campaign={i}", Cancel);
        await world.Client.GetAsync("/?page=abc", Cancel);

        world.Site.CountOf("/").ShouldBe(2);
        world.Bff.Services.GetRequiredService<PageCache>().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Many_readers_of_a_page_that_is_not_known_wait_for_one_fetch()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var gate = new TaskCompletionSource();
        world.Site.Page("/@ada/busy", async http =>
        {
            await gate.Task;
            await http.Response.WriteAsync("busy");
        });

        var readers = Enumerable.Range(0, 20).Select(_ => world.Client.GetStringAsync("/@ada/busy", Cancel)).ToArray();
        await BffWorld.Until(() => Task.FromResult(world.Site.CountOf("/@ada/busy") > 0));
        gate.SetResult();

        (await Task.WhenAll(readers)).ShouldAllBe(text => text == "busy");
        world.Site.CountOf("/@ada/busy").ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_who_leaves_does_not_take_the_page_from_the_others()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var gate = new TaskCompletionSource();
        world.Site.Page("/@ada/slow", async http =>
        {
            await gate.Task;
            await http.Response.WriteAsync("slow");
        });
        using var impatience = new CancellationTokenSource();

        var leaving = world.Client.GetStringAsync("/@ada/slow", impatience.Token);
        await BffWorld.Until(() => Task.FromResult(world.Site.CountOf("/@ada/slow") > 0));
        var staying = world.Client.GetStringAsync("/@ada/slow", Cancel);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(leaving);
        gate.SetResult();

        (await staying).ShouldBe("slow");
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("identity")]
    public async Task A_page_is_sent_in_the_encoding_the_reader_prefers(string encoding)
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/", () => Long, "list");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.AcceptEncoding.Add(new(encoding));

        var answer = await world.Client.SendAsync(request, Cancel);

        answer.Headers.Vary.ShouldContain("Accept-Encoding");
        answer.Content.Headers.ContentEncoding.ShouldBe(encoding == "identity" ? [] : [encoding]);
        Stream body = await answer.Content.ReadAsStreamAsync(Cancel);
        if (encoding == "br") body = new BrotliStream(body, CompressionMode.Decompress);
        if (encoding == "gzip") body = new GZipStream(body, CompressionMode.Decompress);
        (await new StreamReader(body).ReadToEndAsync(Cancel)).ShouldBe(Long);
    }

    [Fact]
    public async Task A_reader_who_has_the_page_is_told_so_and_HEAD_has_no_body()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/", () => Long, "list");
        var first = await world.Client.GetAsync("/", Cancel);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        var known = await world.Client.SendAsync(again, Cancel);
        var head = await world.Client.SendAsync(new(HttpMethod.Head, "/"), Cancel);

        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await known.Content.ReadAsByteArrayAsync(Cancel)).ShouldBeEmpty();
        known.Headers.ETag.ShouldBe(first.Headers.ETag);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(Long));
        (await head.Content.ReadAsByteArrayAsync(Cancel)).ShouldBeEmpty();
        world.Site.CountOf("/").ShouldBe(1);
    }

    [Fact]
    public async Task What_an_author_publishes_is_visible_to_the_next_reader()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = await world.SignInAsync("ada");
        world.Site.Page("/", () => $"{world.Content.Published.Count} articles", "list");
        (await world.Client.GetStringAsync("/", Cancel)).ShouldBe("0 articles");
        (await world.Client.GetAsync("/api/v1/people/ada/articles/first", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var created = await (await author.PostAsJsonAsync("/api/v1/me/articles", new { content = new { title = "First", markdown = "words", slug = "first" } }, Cancel)).Content.ReadFromJsonAsync<Dictionary<string, object>>(Cancel);
        (await author.PostAsJsonAsync($"/api/v1/me/articles/{created!["id"]}/publish", new { revision = 1 }, Cancel)).EnsureSuccessStatusCode();

        (await world.Client.GetStringAsync("/", Cancel)).ShouldBe("1 articles");
        (await world.Client.GetStringAsync("/api/v1/people/ada/articles/first", Cancel)).ShouldContain("words");
    }

    [Fact]
    public async Task A_page_goes_on_being_served_while_the_site_fails()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/first", () => "good", "article:a1");
        await world.Client.GetStringAsync("/@ada/first", Cancel);
        world.Site.Page("/@ada/first", http =>
        {
            http.Response.StatusCode = 500;
            return http.Response.WriteAsync("broken");
        });
        world.Bff.Services.GetRequiredService<PageCache>().Evict("article:a1");

        var answer = await world.Client.GetAsync("/@ada/first", Cancel);

        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe("good");
        answer.Headers.GetValues("Cache-Status").ShouldBe(["blog; hit; detail=stale"]);
    }

    [Fact]
    public async Task Reading_JSON_goes_on_while_the_database_is_away()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = world.Users.Add("ada");
        world.Content.Publish(ada.Id, "first", html: "<p>kept</p>");
        await world.Client.GetStringAsync("/api/v1/people/ada/articles/first", Cancel);
        world.Content.Away = world.Users.Away = true;
        world.Bff.Services.GetRequiredService<PageCache>().EvictEverything();

        (await world.Client.GetStringAsync("/api/v1/people/ada/articles/first", Cancel)).ShouldContain("kept");
        (await world.Client.GetAsync("/api/v1/people/ada", Cancel)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task What_was_taken_back_is_not_served_even_while_nothing_else_can_be_had()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/first", () => "secret", "article:a1");
        await world.Client.GetStringAsync("/@ada/first", Cancel);

        world.Bff.Services.GetRequiredService<PageCache>().ArticleRemoved("a1", ["u1"]);
        await world.StopSiteAsync();

        var answer = await world.Client.GetAsync("/@ada/first", Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_page_that_breaks_off_is_not_kept()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/torn", async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            http.Abort();
        });
        var torn = await world.Client.GetAsync("/@ada/torn", Cancel);
        world.Site.Page("/@ada/torn", () => "whole");

        torn.IsSuccessStatusCode.ShouldBeFalse();
        (await world.Client.GetStringAsync("/@ada/torn", Cancel)).ShouldBe("whole");
    }

    [Fact]
    public async Task The_policy_of_a_kept_page_allows_exactly_the_scripts_that_carried_the_nonce()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/first", http =>
        {
            var nonce = http.Request.Headers["x-nonce"].ToString();
            http.Request.Headers.ContentSecurityPolicy.ToString().ShouldContain($"'nonce-{nonce}'");
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync($"<script nonce=\"{nonce}\">ours(1 > 0)</script><script>injected()</script><script nonce=\"guess\">guessed()</script><script nonce=\"{nonce}\" src=\"/a.js\"></script>");
        });

        var answer = await world.Client.GetAsync("/@ada/first", Cancel);

        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Regex.Matches(policy, "'sha256-[^']+'").Select(m => m.Value).ShouldBe([HashOf("ours(1 > 0)")]);
        policy.ShouldNotContain("unsafe");
        policy.ShouldNotContain("nonce");
        html.ShouldContain("<script>ours(1 > 0)</script>");
        html.ShouldContain("<script src=\"/a.js\"></script>");
    }

    static string HashOf(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";

    [Fact]
    public async Task Pages_for_one_person_are_not_kept_and_have_a_fresh_nonce()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/write", () => "editor");

        var first = await world.Client.GetAsync("/write", Cancel);
        var second = await world.Client.GetAsync("/write", Cancel);

        world.Site.CountOf("/write").ShouldBe(2);
        var policies = new[] { first, second }.Select(a => a.Headers.GetValues("Content-Security-Policy").Single()).ToArray();
        policies[0].ShouldContain($"'nonce-{world.Site.Requests.First().Headers["x-nonce"]}'");
        policies[0].ShouldNotBe(policies[1]);
        first.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }
}
