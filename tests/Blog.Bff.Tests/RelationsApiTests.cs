using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

public sealed class RelationsApiTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Task<JsonElement> Json(HttpClient client, string path) => client.GetFromJsonAsync<JsonElement>(path, Cancel);

    static async Task<JsonElement> Done(Task<HttpResponseMessage> call, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await call;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(status, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    static string[] Handles(JsonElement list, string inside = "") =>
        [.. list.GetProperty("items").EnumerateArray().Select(item => (inside.Length > 0 ? item.GetProperty(inside) : item).GetProperty("handle").GetString()!)];

    [Fact]
    public async Task Following_is_put_and_deleted_and_readers_see_the_new_count_at_once()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var me = await world.SignInAsync("ada");
        var bo = world.Users.Add("bo");
        (await Json(world.Client, "/api/v1/people/bo")).GetProperty("followerCount").GetInt64().ShouldBe(0);

        var followed = await Done(me.PutAsync($"/api/v1/me/following/people/{bo.Id}", null, Cancel));
        (followed.GetProperty("following").GetBoolean(), followed.GetProperty("followerCount").GetInt64()).ShouldBe((true, 1));
        await Done(me.PutAsync($"/api/v1/me/following/people/{bo.Id}", null, Cancel));
        await Done(me.PutAsync("/api/v1/me/following/topics/c-sharp", null, Cancel));

        (await Json(world.Client, "/api/v1/people/bo")).GetProperty("followerCount").GetInt64().ShouldBe(1);
        (await Json(world.Client, "/api/v1/people/ada")).GetProperty("followingCount").GetInt32().ShouldBe(1);
        Handles(await Json(world.Client, "/api/v1/people/bo/followers")).ShouldBe(["ada"]);
        Handles(await Json(world.Client, "/api/v1/people/ada/following")).ShouldBe(["bo"]);
        Handles(await Json(me, "/api/v1/me/following/people"), "person").ShouldBe(["bo"]);
        await Done(me.PutAsync("/api/v1/me/following/topics/quiet", null, Cancel));
        (await Json(me, "/api/v1/me/following/topics")).GetProperty("items").EnumerateArray()
            .Select(topic => (topic.GetProperty("slug").GetString(), topic.GetProperty("name").GetString())).ShouldBe([("quiet", "quiet"), ("c-sharp", "C#")]);

        (await Done(me.DeleteAsync($"/api/v1/me/following/people/{bo.Id}", Cancel))).GetProperty("following").GetBoolean().ShouldBeFalse();
        (await Json(world.Client, "/api/v1/people/bo")).GetProperty("followerCount").GetInt64().ShouldBe(0);
        Handles(await Json(world.Client, "/api/v1/people/bo/followers")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_learns_where_its_reader_stands_in_one_request_that_nobody_stores()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var me = await world.SignInAsync("ada");
        var (bo, cy) = (world.Users.Add("bo"), world.Users.Add("cy"));
        await Done(me.PutAsync($"/api/v1/me/following/people/{bo.Id}", null, Cancel));
        await Done(me.PutAsync("/api/v1/me/following/topics/rust", null, Cancel));
        await Done(me.PutAsync($"/api/v1/me/muted/{cy.Id}", null, Cancel));

        using var answer = await me.GetAsync($"/api/v1/me/relations?people={cy.Id}&people={bo.Id}&topics=wasm&topics=rust", Cancel);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var standings = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        standings.GetProperty("people").EnumerateArray().Select(p => (p.GetProperty("following").GetBoolean(), p.GetProperty("muted").GetBoolean())).ShouldBe([(false, true), (true, false)]);
        standings.GetProperty("topics").EnumerateArray().Select(t => (t.GetProperty("id").GetString(), t.GetProperty("following").GetBoolean())).ShouldBe([("wasm", false), ("rust", true)]);
    }

    [Fact]
    public async Task Blocking_ends_follows_hides_from_lists_and_can_be_undone()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var me = await world.SignInAsync("ada");
        var (bo, star) = (world.Users.Add("bo"), world.Users.Add("star"));
        world.Relations.Add(bo.Id, star.Id);
        world.Relations.Add(world.Identity.Subject, star.Id);
        await Done(me.PutAsync($"/api/v1/me/following/people/{bo.Id}", null, Cancel));
        Handles(await Json(world.Client, "/api/v1/people/bo/followers")).ShouldBe(["ada"]);

        var blocked = await Done(me.PutAsync($"/api/v1/me/blocked/{bo.Id}", null, Cancel));

        (blocked.GetProperty("blocked").GetBoolean(), blocked.GetProperty("following").GetBoolean()).ShouldBe((true, false));
        Handles(await Json(world.Client, "/api/v1/people/bo/followers")).ShouldBeEmpty();
        Handles(await Json(world.Client, "/api/v1/people/star/followers")).ShouldBe(["ada", "bo"], ignoreOrder: true);
        Handles(await Json(me, "/api/v1/me/people/star/followers"), "person").ShouldBe(["ada"]);
        Handles(await Json(me, "/api/v1/me/blocked"), "person").ShouldBe(["bo"]);
        (await Done(me.DeleteAsync($"/api/v1/me/blocked/{bo.Id}", Cancel))).GetProperty("blocked").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Refusals_name_the_field_say_nothing_of_blocks_and_tell_when_to_come_back()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var me = await world.SignInAsync("ada");
        var (bo, cy) = (world.Users.Add("bo"), world.Users.Add("cy"));
        world.Relations.Block(bo.Id, world.Identity.Subject);

        var own = await Done(me.PutAsync($"/api/v1/me/following/people/{world.Identity.Subject}", null, Cancel), HttpStatusCode.BadRequest);
        own.GetProperty("errors").GetProperty("id")[0].GetString().ShouldBe("You cannot follow yourself.");
        var blocked = await Done(me.PutAsync($"/api/v1/me/following/people/{bo.Id}", null, Cancel), HttpStatusCode.NotFound);
        var stranger = await Done(me.PutAsync($"/api/v1/me/following/people/{Guid.CreateVersion7()}", null, Cancel), HttpStatusCode.NotFound);
        blocked.GetProperty("detail").GetString().ShouldBe(stranger.GetProperty("detail").GetString());
        await Done(me.PutAsync($"/api/v1/me/following/publications/{Guid.CreateVersion7()}", null, Cancel), HttpStatusCode.NotFound);
        (await me.PutAsync($"/api/v1/me/following/stars/{bo.Id}", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        world.Relations.TooFast = TimeSpan.FromSeconds(41.2);
        using var fast = await me.PutAsync($"/api/v1/me/following/people/{cy.Id}", null, Cancel);
        fast.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        fast.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(42));
        (await fast.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("reason").GetString().ShouldBe("FOLLOWS_TOO_FAST");
    }

    [Fact]
    public async Task Lists_of_a_former_handle_have_moved()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Users.FormerHandles["bobby"] = world.Users.Add("bo").Id;

        using var answer = await world.Client.GetAsync("/api/v1/people/bobby/followers?pageSize=5", Cancel);
        ((int)answer.StatusCode, answer.Headers.Location!.ToString()).ShouldBe((308, "/api/v1/people/bo/followers?pageSize=5"));
    }

    [Fact]
    public async Task A_follow_made_elsewhere_reaches_the_cached_page_of_both()
    {
        await using var broker = new BrokerFixture();
        await broker.StartAsync();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, LingerMs = 0 }).Build();
        Task PublishAsync(string topic, IMessage message) => producer.ProduceAsync(topic, new() { Key = "k", Value = message.ToByteArray() }, Cancel);
        await PublishAsync(Topics.Articles, new ArticleChanged());
        await PublishAsync(Topics.Profiles, new ProfileChanged());
        await PublishAsync(Topics.Follows, new FollowChanged());
        await PublishAsync(Topics.Claps, new ClapsChanged());
        await using var world = await BffWorld.StartAsync(redis, null, ("ConnectionStrings:broker", broker.BootstrapServers));
        var events = world.Bff.Services.GetRequiredService<Cache.CacheEvents>();
        await BffWorld.Until(() => Task.FromResult(events.IsFollowing));
        var (ada, bo) = (world.Users.Add("ada"), world.Users.Add("bo"));
        foreach (var handle in (string[])["ada", "bo"]) await Json(world.Client, $"/api/v1/people/{handle}");

        world.Relations.Add(ada.Id, bo.Id);
        await PublishAsync(Topics.Follows, new FollowChanged { FollowerId = ada.Id, Target = FollowTarget.Person, TargetId = bo.Id, Following = true });

        await BffWorld.Until(async () => (await Json(world.Client, "/api/v1/people/bo")).GetProperty("followerCount").GetInt64() == 1);
        await BffWorld.Until(async () => (await Json(world.Client, "/api/v1/people/ada")).GetProperty("followingCount").GetInt32() == 1);
    }
}
