using System.Net;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Notifications.V1;
using Blog.Testing;

namespace Blog.Bff.Tests;

/// <summary>The stream of a browser: it lives as long as the session, and loses nothing when anything behind it breaks.</summary>
public sealed class LiveTests(RedisFixture redis)
{
    static async Task<(HttpResponseMessage Response, StreamReader Lines)> OpenAsync(HttpClient browser, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me/events");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (response, new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    static async Task<(string Id, JsonElement Data)?> NextAsync(StreamReader lines)
    {
        var id = "";
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) is { } line)
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) return (id, JsonDocument.Parse(line[6..]).RootElement);
        return null;
    }

    static Task SubscribedAsync(BffWorld world, int count = 1) => BffWorld.Until(() => Task.FromResult(world.Notifications.Subscriptions.Count == count));

    [Fact]
    public async Task An_event_carries_names_and_addresses_and_the_id_to_resume_from()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var browser = await world.SignInAsync();
        var ben = world.Users.Add("ben");
        var (response, lines) = await OpenAsync(browser);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        await SubscribedAsync(world);
        world.Notifications.Subscriptions.Values.Single().HasAfter.ShouldBeFalse();

        world.Notifications.Ring(7, new Notification { Id = "n", Kind = NotificationKind.NewFollower, ActorIds = { ben.Id }, ActorCount = 1, Position = 7, Unread = true });
        var (id, data) = (await NextAsync(lines))!.Value;
        id.ShouldBe("7");
        var change = data.GetProperty("changes")[0];
        change.GetProperty("kind").GetString().ShouldBe("new_follower");
        change.GetProperty("actors")[0].GetProperty("name").GetString().ShouldBe("BEN");
        change.GetProperty("url").GetString().ShouldBe("/@ben");
        data.GetProperty("bell").GetProperty("unseen").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task After_a_break_on_either_side_it_asks_for_what_came_after_the_last_event()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var browser = await world.SignInAsync();
        var (_, lines) = await OpenAsync(browser, lastEventId: "41");
        await SubscribedAsync(world);
        world.Notifications.Subscriptions.Values.Single().After.ShouldBe(41);
        world.Notifications.Ring(44);
        await NextAsync(lines);

        world.Notifications.Break();
        await SubscribedAsync(world);
        world.Notifications.Subscriptions.Values.Single().After.ShouldBe(44);
        world.Notifications.Ring(45);
        (await NextAsync(lines))!.Value.Id.ShouldBe("45");
    }

    [Fact]
    public async Task It_ends_when_the_session_ends_and_nobody_is_listened_for_any_more()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var browser = await world.SignInAsync();
        var (_, lines) = await OpenAsync(browser);
        await SubscribedAsync(world);
        var user = JsonDocument.Parse(await browser.GetStringAsync("/bff/user")).RootElement;
        await browser.GetAsync(user.GetProperty("logoutUrl").GetString());
        (await NextAsync(lines)).ShouldBeNull();
        await SubscribedAsync(world, 0);
        var (again, _) = await OpenAsync(browser);
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_silent_stream_beats_and_a_person_has_no_more_than_the_allowed_number()
    {
        await using var world = await BffWorld.StartAsync(redis, null, ("Blog:Live:Heartbeat", "00:00:00.05"), ("Blog:Live:StreamsPerPerson", "2"));
        var browser = await world.SignInAsync();
        var (_, lines) = await OpenAsync(browser);
        await OpenAsync(browser);
        var (third, _) = await OpenAsync(browser);
        third.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        third.Headers.RetryAfter.ShouldNotBeNull();
        while (await lines.ReadLineAsync(TestContext.Current.CancellationToken) != ":") ;
    }

    [Fact]
    public async Task A_stranger_and_a_page_of_another_site_get_no_stream()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var stranger = world.NewBrowser();
        (await stranger.GetAsync("/api/v1/me/events")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        stranger.DefaultRequestHeaders.Add("X-CSRF", "1");
        (await stranger.GetAsync("/api/v1/me/events")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
