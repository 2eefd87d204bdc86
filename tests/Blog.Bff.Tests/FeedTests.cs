using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Feed.V1;
using Kind = Blog.Feed.V1.FeedReason.Types.Kind;

namespace Blog.Bff.Tests;

/// <summary>The home feed at the entrance: cards with the reasons for them.</summary>
public sealed class FeedTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    static FeedEntry Entry(string article, params (Kind Kind, string Id)[] reasons) =>
        new() { ArticleId = article, Reasons = { reasons.Select(r => new FeedReason { Kind = r.Kind, Id = r.Id }) } };

    [Fact]
    public async Task My_feed_is_cards_in_order_with_the_names_of_what_I_follow_and_a_link_to_the_next_page()
    {
        var author = World.Users.Add("followed");
        var (newer, older) = (World.Content.Publish(author.Id, "newer").Summary.Id, World.Content.Publish(author.Id, "older").Summary.Id);
        World.Feed.Feeds[World.Identity.Subject] = [Entry(newer, (Kind.Person, author.Id), (Kind.Topic, "rust")), Entry(Guid.CreateVersion7().ToString(), (Kind.Topic, "gone")), Entry(older, (Kind.Publication, "p-1"))];
        using var reader = await World.SignInAsync();

        var first = await Json(await reader.GetAsync("/api/v1/me/feed?pageSize=2", Cancel));
        var second = await Json(await reader.GetAsync($"/api/v1/me/feed?pageSize=2&pageToken={first.GetProperty("nextPageToken").GetString()}", Cancel));

        // What Content no longer has is left out of its page.
        var item = first.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        item.GetProperty("article").GetProperty("url").GetString().ShouldBe("/@followed/newer");
        item.GetProperty("reasons").EnumerateArray().Select(r => (r.GetProperty("kind").GetString(), r.GetProperty("id").GetString(), r.GetProperty("name").GetString()))
            .ShouldBe([("person", author.Id, "FOLLOWED"), ("topic", "rust", "Rust")]);
        second.GetProperty("items")[0].GetProperty("article").GetProperty("url").GetString().ShouldBe("/@followed/older");
        second.GetProperty("items")[0].GetProperty("reasons")[0].GetProperty("name").ValueKind.ShouldBe(JsonValueKind.Null);
        second.GetProperty("nextPageToken").ValueKind.ShouldBe(JsonValueKind.Null);

        (await Json(await reader.GetAsync($"/api/v1/me/feed/news?since={older}", Cancel))).GetProperty("count").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_feed_is_personal_never_stored_and_names_a_wrong_token()
    {
        using var stranger = World.NewBrowser();
        stranger.DefaultRequestHeaders.Add("X-CSRF", "1");
        (await stranger.GetAsync("/api/v1/me/feed", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        using var reader = await World.SignInAsync();
        var answer = await reader.GetAsync("/api/v1/me/feed", Cancel);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var wrong = await reader.GetAsync("/api/v1/me/feed?pageToken=%3F", Cancel);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Json(wrong)).GetProperty("errors").TryGetProperty("pageToken", out _).ShouldBeTrue();
        (await reader.GetAsync("/api/v1/me/feed/news", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
}
