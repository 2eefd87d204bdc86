using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Cache;
using Blog.Bff.Tests.World;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Bff.Tests;

/// <summary>Highlights and gift links at the entrance: passages for everyone from the cache, what is personal in one request.</summary>
public sealed class HighlightTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    static object Marking(string article, string words, bool isPublic = false) =>
        new { articleId = article, selector = new { exact = words, prefix = "before ", suffix = " after", start = 7 }, note = "Why?", @public = isPublic };

    HttpClient Stranger()
    {
        var browser = World.NewBrowser();
        browser.DefaultRequestHeaders.Add("X-CSRF", "1");
        return browser;
    }

    [Fact]
    public async Task What_a_reader_marks_is_in_their_part_of_the_page_and_public_passages_are_for_everyone()
    {
        var article = World.Content.Publish(World.Users.Add("marked").Id, "marked").Summary.Id;
        (await Json(await World.Client.GetAsync($"/api/v1/articles/{article}/highlights", Cancel))).GetProperty("items").GetArrayLength().ShouldBe(0);
        using var reader = await World.SignInAsync();

        var made = await Json(await reader.PostAsJsonAsync("/api/v1/me/highlights", Marking(article, "some words", isPublic: true), Cancel));
        made.GetProperty("place").GetString().ShouldBe("anchored");
        made.GetProperty("selector").GetProperty("prefix").GetString().ShouldBe("before ");

        var mine = (await Json(await reader.GetAsync($"/api/v1/me/reader/{article}", Cancel))).GetProperty("highlights");
        mine.GetProperty("mine")[0].GetProperty("note").GetString().ShouldBe("Why?");
        mine.GetProperty("passages").ValueKind.ShouldBe(JsonValueKind.Null);
        var passage = (await Json(await World.Client.GetAsync($"/api/v1/articles/{article}/highlights", Cancel))).GetProperty("items")[0];
        passage.GetProperty("people").GetInt32().ShouldBe(1);
        passage.GetProperty("highlights")[0].GetProperty("person").GetProperty("handle").GetString().ShouldBe("shared");

        var list = (await Json(await reader.GetAsync("/api/v1/me/highlights", Cancel))).GetProperty("items").EnumerateArray().Single(a => a.GetProperty("articleId").GetString() == article);
        list.GetProperty("article").GetProperty("url").GetString().ShouldBe("/@marked/marked");
        using var stranger = Stranger();
        (await stranger.GetAsync("/api/v1/me/highlights", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Passages_come_from_the_cache_until_an_event_says_that_they_changed_or_moved()
    {
        var article = World.Content.Publish(World.Users.Add("kept-passages").Id, "kept").Summary.Id;
        var address = $"/api/v1/articles/{article}/highlights";
        await World.Client.GetAsync(address, Cancel);
        var reads = World.Highlights.Reads;
        await World.Client.GetAsync(address, Cancel);
        World.Highlights.Reads.ShouldBe(reads);

        var events = World.Bff.Services.GetRequiredService<CacheEvents>();
        events.Apply(Topics.Highlights, new HighlightChanged { ArticleId = article }.ToByteArray());
        await World.Client.GetAsync(address, Cancel);
        World.Highlights.Reads.ShouldBe(reads + 1);
        events.Apply(Topics.Anchors, new HighlightsMoved { ArticleId = article }.ToByteArray());
        await World.Client.GetAsync(address, Cancel);
        World.Highlights.Reads.ShouldBe(reads + 2);
    }

    [Fact]
    public async Task A_forged_quote_and_a_stale_note_are_conflicts_that_say_why()
    {
        var article = World.Content.Publish(World.Users.Add("forged").Id, "forged").Summary.Id;
        using var reader = await World.SignInAsync();
        var refused = await reader.PostAsJsonAsync("/api/v1/me/highlights", Marking(article, "forged"), Cancel);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Json(refused)).GetProperty("reason").GetString().ShouldBe("QUOTE_NOT_FOUND");

        var id = (await Json(await reader.PostAsJsonAsync("/api/v1/me/highlights", Marking(article, "fine"), Cancel))).GetProperty("id").GetString();
        var stale = await reader.PatchAsJsonAsync($"/api/v1/me/highlights/{id}", new { revision = 9, note = "Mine" }, Cancel);
        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await Json(stale)).GetProperty("current").GetProperty("note").GetString().ShouldBe("Why?");
        (await Json(await reader.PatchAsJsonAsync($"/api/v1/me/highlights/{id}", new { revision = 1, note = "Mine" }, Cancel))).GetProperty("note").GetString().ShouldBe("Mine");
    }

    [Fact]
    public async Task A_gift_link_leads_to_the_article_and_says_whose_it_is()
    {
        var article = World.Content.Publish(World.Users.Add("giver-of").Id, "given").Summary.Id;
        using var giver = await World.SignInAsync();
        var gift = await Json(await giver.PostAsJsonAsync("/api/v1/me/gifts", new { articleId = article }, Cancel));
        gift.GetProperty("gift").GetProperty("url").GetString().ShouldBe("/@giver-of/given?gift=aToken");
        gift.GetProperty("left").GetInt32().ShouldBe(9);

        using var stranger = Stranger();
        var opened = await stranger.PostAsJsonAsync($"/api/v1/articles/{article}/gift", new { token = "aToken" }, Cancel);
        opened.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Json(opened)).GetProperty("from").GetProperty("handle").GetString().ShouldBe("shared");
        (await Json(await stranger.PostAsJsonAsync($"/api/v1/articles/{article}/gift", new { token = "another" }, Cancel))).GetProperty("opens").GetBoolean().ShouldBeFalse();
    }
}
