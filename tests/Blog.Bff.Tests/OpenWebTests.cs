using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Cache;
using Blog.Bff.Tests.World;
using Blog.Notifications.V1;
using Blog.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

/// <summary>What other programs read of the site, as it leaves the entrance.</summary>
public sealed class OpenWebTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static RequestDelegate Feed(Func<string> text) => http =>
    {
        http.Response.ContentType = "application/atom+xml; charset=utf-8";
        http.Response.Headers["Cache-Tags"] = "list";
        http.Response.Headers.Link = "<https://blog.test/websub>; rel=\"hub\"";
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return http.Response.WriteAsync(text());
    };

    static async Task<HttpResponseMessage> AskAsync(HttpClient client, string path, DateTimeOffset? since = null, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfModifiedSince = since;
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await client.SendAsync(request, Cancel);
    }

    [Fact]
    public async Task A_feed_that_says_nothing_new_is_not_sent_again_by_tag_or_by_date()
    {
        var clock = new TestClock();
        await using var world = await BffWorld.StartAsync(redis, clock);
        var text = "one";
        world.Site.Page("/feed.atom", Feed(() => text));
        var cache = world.Bff.Services.GetRequiredService<PageCache>();

        var first = await AskAsync(world.Client, "/feed.atom");
        var (changed, tag) = (first.Content.Headers.LastModified!.Value, first.Headers.ETag!.ToString());
        (first.Headers.GetValues("Link").Single(), first.Headers.GetValues("Access-Control-Allow-Origin").Single()).ShouldBe(("<https://blog.test/websub>; rel=\"hub\"", "*"));
        (await AskAsync(world.Client, "/feed.atom", since: changed)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await AskAsync(world.Client, "/feed.atom", tag: tag)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await AskAsync(world.Client, "/feed.atom", since: changed.AddSeconds(-1))).StatusCode.ShouldBe(HttpStatusCode.OK);
        // RFC 9110 §13.1.3: a tag is more exact than a date.
        (await AskAsync(world.Client, "/feed.atom", since: changed, tag: "\"other\"")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Made anew with the same words: since the same moment.
        clock.Advance(TimeSpan.FromMinutes(1));
        cache.Evict("list");
        (await AskAsync(world.Client, "/feed.atom", since: changed)).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        // Changed twice within a second, and forgotten in between: each version has a moment of its own.
        text = "two";
        cache.Evict("list");
        var second = await AskAsync(world.Client, "/feed.atom", since: changed);
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        text = "three";
        cache.Remove("list");
        var third = await AskAsync(world.Client, "/feed.atom", since: second.Content.Headers.LastModified);
        (await third.Content.ReadAsStringAsync(Cancel)).ShouldBe("three");
        third.Content.Headers.LastModified!.Value.ShouldBeGreaterThan(second.Content.Headers.LastModified!.Value);
    }

    [Fact]
    public async Task Of_a_feeds_address_only_what_it_understands_counts()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/@ada/feed.json", Feed(() => "{}"));

        foreach (var query in (string[])["", "?utm_source=x", "?content=summary", "?content=summary&x=1", "?page=abc"]) await world.Client.GetAsync("/@ada/feed.json" + query, Cancel);

        world.Site.Requests.Select(request => request.Path).ShouldBe(["/@ada/feed.json", "/@ada/feed.json?content=summary", "/@ada/feed.json?page=abc"]);
    }

    [Fact]
    public async Task Only_an_embedded_story_may_stand_in_a_frame_and_it_can_do_nothing()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Site.Page("/embed/@ada/first", () => "<p>card</p>", "article:a1");
        world.Site.Page("/@ada/first", () => "<p>story</p>", "article:a1");

        for (var i = 0; i < 2; i++)
        {
            var embedded = (await world.Client.GetAsync("/embed/@ada/first", Cancel)).Headers.GetValues("Content-Security-Policy").Single();
            embedded.ShouldContain("frame-ancestors *");
            embedded.ShouldStartWith("default-src 'none'");
            embedded.ShouldNotContain("script-src");
            (await world.Client.GetAsync("/@ada/first", Cancel)).Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        }
        world.Site.CountOf("/embed/@ada/first").ShouldBe(1);
    }

    [Fact]
    public async Task The_hub_takes_forms_and_says_in_words_what_it_refuses()
    {
        await using var world = await BffWorld.StartAsync(redis, settings: [("Blog:RateLimits:WebSub:Burst", "4"), ("Blog:RateLimits:WebSub:PerSecond", "0.001")]);
        async Task<(HttpStatusCode, string)> PostAsync(params (string Key, string Value)[] fields)
        {
            using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Key, field.Value)));
            var answer = await world.Client.PostAsync("/websub", form, Cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }

        (await PostAsync(("hub.mode", "subscribe"), ("hub.topic", "https://blog.test/feed.xml"), ("hub.callback", "https://reader.example/cb"), ("hub.secret", "s"), ("hub.lease_seconds", "3600"))).Item1.ShouldBe(HttpStatusCode.Accepted);
        var asked = world.Hub.Requests.ShouldHaveSingleItem();
        asked.ShouldBe(new() { Mode = RequestSubscriptionRequest.Types.Mode.Subscribe, Topic = "https://blog.test/feed.xml", Callback = "https://reader.example/cb", Secret = "s", LeaseSeconds = 3600 });

        (await PostAsync(("hub.mode", "publish"))).ShouldBe((HttpStatusCode.BadRequest, "hub.mode: hub.mode is subscribe or unsubscribe.\n"));
        (await PostAsync(("hub.mode", "unsubscribe"), ("hub.topic", "https://blog.test/full"))).ShouldBe((HttpStatusCode.TooManyRequests, "There are enough.\n"));
        using var json = JsonContent.Create(new { });
        (await world.Client.PostAsync("/websub", json, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(("hub.mode", "subscribe"))).Item1.ShouldBe(HttpStatusCode.TooManyRequests);
        world.Hub.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Well_known_addresses_lead_where_they_should()
    {
        await using var world = await BffWorld.StartAsync(redis, settings: [("Blog:Security:Contact", "mailto:security@blog.test")]);

        var change = await world.Client.GetAsync("/.well-known/change-password", Cancel);
        ((int)change.StatusCode, change.Headers.Location!.ToString()).ShouldBe((302, "/account/forgot"));
        var security = await world.Client.GetAsync("/.well-known/security.txt", Cancel);
        security.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        var fields = (await security.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ", 2)).ToDictionary(field => field[0], field => field[1]);
        fields["Contact"].ShouldBe("mailto:security@blog.test");
        fields["Canonical"].ShouldBe(FakeIdentity.Origin + "/.well-known/security.txt");
        (DateTimeOffset.Parse(fields["Expires"], System.Globalization.CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow).TotalDays.ShouldBeInRange(120, 365);
        (await world.Client.GetAsync("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_contact_there_is_no_security_text()
    {
        await using var world = await BffWorld.StartAsync(redis);
        (await world.Client.GetAsync("/.well-known/security.txt", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Texts_and_public_pages_carry_the_addresses_readers_use_and_are_always_fresh()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var ada = world.Users.Add("ada");
        world.Content.Publish(ada.Id, "über", html: "<p>Words</p>");
        world.Content.Publish(Guid.CreateVersion7().ToString(), "of-nobody");

        var texts = await world.Client.GetFromJsonAsync<JsonElement>("/api/v1/syndication", Cancel);
        var item = texts.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        (item.GetProperty("article").GetProperty("url").GetString(), item.GetProperty("html").GetString()).ShouldBe(("/@ada/%C3%BCber", "<p>Words</p>"));
        var pages = await world.Client.GetFromJsonAsync<JsonElement>("/api/v1/public-pages?kind=articles", Cancel);
        pages.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("url").GetString().ShouldBe("/@ada/%C3%BCber");

        world.Content.Published.Clear();
        (await world.Client.GetFromJsonAsync<JsonElement>("/api/v1/syndication", Cancel)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await world.Client.GetAsync("/api/v1/public-pages?kind=drafts", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }
}
