using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

/// <summary>Reading lists and history at the entrance.</summary>
public sealed class ListTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<JsonElement> Json(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    static async Task<JsonElement> Get(HttpClient client, string address) => await Json(await client.GetAsync(new Uri(address, UriKind.Relative), Cancel));

    [Fact]
    public async Task An_article_is_saved_told_for_many_cards_and_stays_when_it_is_not_published_any_more()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var reader = await world.SignInAsync();
        var author = world.Users.Add("author");
        var (kept, other) = (world.Content.Publish(author.Id, "kept", "Kept").Summary.Id, world.Content.Publish(author.Id, "other").Summary.Id);

        var added = await Json(await reader.PutAsync(new Uri($"/api/v1/me/saved/{kept}", UriKind.Relative), null, Cancel));

        added.GetProperty("list").GetProperty("name").GetString().ShouldBe("Weekend");
        added.GetProperty("list").GetProperty("url").GetString().ShouldBe("/@ada/lists/weekend");
        added.GetProperty("item").GetProperty("article").GetProperty("title").GetString().ShouldBe("Kept");
        var saved = await Get(reader, $"/api/v1/me/saved?ids={kept},{other}");
        saved.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("articleId").GetString()).ShouldBe([kept]);

        world.Content.Published.Clear();
        var items = await Get(reader, $"/api/v1/me/lists/{world.Lists.List.Id}/items");
        items.GetProperty("items")[0].GetProperty("article").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_public_list_is_cached_without_its_secrets_until_its_owner_or_an_event_changes_it()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var owner = await world.SignInAsync();
        var author = world.Users.Add("author");
        await owner.PutAsync(new Uri($"/api/v1/me/saved/{world.Content.Publish(author.Id, "one", "One").Summary.Id}", UriKind.Relative), null, Cancel);

        var page = await world.Client.GetStringAsync(new Uri("/api/v1/people/ada/lists/weekend", UriKind.Relative), Cancel);
        await world.Client.GetStringAsync(new Uri("/api/v1/people/ada/lists/weekend", UriKind.Relative), Cancel);
        page.ShouldNotContain("secret");
        world.Lists.Reads.ShouldBe(1);

        await owner.PutAsync(new Uri($"/api/v1/me/saved/{world.Content.Publish(author.Id, "two", "Two").Summary.Id}", UriKind.Relative), null, Cancel);
        (await Get(world.Client, "/api/v1/people/ada/lists/weekend")).GetProperty("items").GetArrayLength().ShouldBe(2);

        world.Lists.List.Name = "Renamed elsewhere";
        world.Bff.Services.GetRequiredService<Cache.CacheEvents>().Apply(Topics.ReadingLists, new ReadingListChanged { OwnerId = world.Lists.List.OwnerId }.ToByteArray());
        (await Get(world.Client, "/api/v1/people/ada/lists/weekend")).GetProperty("list").GetProperty("name").GetString().ShouldBe("Renamed elsewhere");

        (await Json(await owner.PatchAsJsonAsync($"/api/v1/me/lists/{world.Lists.List.Id}", new { revision = 3, visibility = "private" }, Cancel))).GetProperty("url").ValueKind.ShouldBe(JsonValueKind.Null);
        (await world.Client.GetAsync(new Uri("/api/v1/people/ada/lists/weekend", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_former_address_of_a_list_leads_to_the_present_one()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Lists.List.OwnerId = world.Users.Add("ada").Id;

        var answer = await world.Client.GetAsync(new Uri("/api/v1/people/ada/lists/old-name", UriKind.Relative), Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect);
        answer.Headers.Location!.ToString().ShouldBe("/api/v1/people/ada/lists/weekend");
    }

    [Fact]
    public async Task What_is_shared_by_link_is_kept_by_nobody()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Lists.List.OwnerId = world.Users.Add("ada").Id;

        for (var i = 1; i <= 2; i++)
        {
            var answer = await world.Client.GetAsync(new Uri("/api/v1/lists/secret", UriKind.Relative), Cancel);
            (await Json(answer)).GetProperty("list").GetProperty("url").ValueKind.ShouldBe(JsonValueKind.Null);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            world.Lists.Reads.ShouldBe(i);
        }

        (await world.Client.GetAsync(new Uri("/api/v1/lists/guessed", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Conflicts_show_what_is_stored()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var owner = await world.SignInAsync();
        var id = world.Lists.List.Id;

        var stale = await Json(await owner.PatchAsJsonAsync($"/api/v1/me/lists/{id}", new { revision = 1, name = "Mine" }, Cancel), HttpStatusCode.Conflict);
        var order = await Json(await owner.PostAsJsonAsync($"/api/v1/me/lists/{id}/items/{id}/move", new { revision = 1 }, Cancel), HttpStatusCode.Conflict);

        stale.GetProperty("current").GetProperty("name").GetString().ShouldBe("Weekend");
        order.GetProperty("reason").GetString().ShouldBe("STALE_ORDER");
        order.GetProperty("order").GetProperty("articleIds").EnumerateArray().Select(article => article.GetString()).ShouldBe(["b", "a"]);
    }

    [Fact]
    public async Task Where_reading_stopped_comes_back_with_the_readers_part_of_the_page()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var reader = await world.SignInAsync();
        var article = world.Content.Publish(world.Users.Add("author").Id, "long").Summary.Id;
        var place = new { anchor = "a-heading", block = 2, quote = "It was", offset = 0.5, fraction = 0.6 };

        await Json(await reader.PutAsJsonAsync($"/api/v1/me/history/{article}", new { place, readAt = "2026-05-04T10:00:00+02:00", sentAt = "2026-05-04T08:00:05Z" }, Cancel));

        (world.History.Readings[article].SendTime - world.History.Readings[article].ReadTime).Seconds.ShouldBe(5);
        var mine = (await Get(reader, $"/api/v1/me/reader/{article}")).GetProperty("reading").GetProperty("place");
        (mine.GetProperty("anchor").GetString(), mine.GetProperty("fraction").GetDouble()).ShouldBe(("a-heading", 0.6));
        var history = (await Get(reader, "/api/v1/me/history")).GetProperty("items")[0];
        (history.GetProperty("progress").GetDouble(), history.GetProperty("article").GetProperty("slug").GetString()).ShouldBe((0.6, "long"));
    }
}
