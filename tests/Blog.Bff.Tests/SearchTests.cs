using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Search.V1;
using Blog.Testing;

namespace Blog.Bff.Tests;

/// <summary>Search at the entrance: the same for everyone from the cache, and without whom one does not want to see under /me.</summary>
public sealed class SearchTests(SharedWorld shared, RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    /// <summary>An article that only this test finds.</summary>
    (string Id, string Author) Publish(string slug, string title, BffWorld? world = null)
    {
        world ??= World;
        var author = world.Users.Add($"author-of-{slug}");
        var id = world.Content.Publish(author.Id, slug, title).Summary.Id;
        world.Search.Articles[id] = (author.Id, title);
        world.Search.People[author.Id] = author.Name;
        return (id, author.Id);
    }

    static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    static (string?, bool)[] Pieces(JsonElement pieces) => [.. pieces.EnumerateArray().Select(piece => (piece.GetProperty("text").GetString(), piece.GetProperty("found").GetBoolean()))];

    [Fact]
    public async Task What_was_found_comes_as_cards_with_the_found_words_marked_and_filters_that_have_names()
    {
        var first = Publish("salt-1", "A saltmarsh in winter");
        Publish("salt-2", "Saltmarsh again");

        var page = await Json(await World.Client.GetAsync("/api/v1/search?q=saltmarsh&pageSize=1", Cancel));
        var next = await Json(await World.Client.GetAsync($"/api/v1/search?q=saltmarsh&pageSize=1&pageToken={page.GetProperty("nextPageToken").GetString()}", Cancel));

        var item = page.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        item.GetProperty("article").GetProperty("id").GetString().ShouldBe(first.Id);
        item.GetProperty("article").GetProperty("url").GetString().ShouldBe("/@author-of-salt-1/salt-1");
        Pieces(item.GetProperty("title")).ShouldBe([("A ", false), ("saltmarsh", true), (" in winter", false)]);
        Pieces(item.GetProperty("passage")).ShouldBe([("A passage.", false)]);
        page.GetProperty("total").GetInt32().ShouldBe(2);
        page.GetProperty("topics").EnumerateArray().Select(topic => (topic.GetProperty("id").GetString(), topic.GetProperty("name").GetString())).ShouldBe([("rust", "Rust"), ("unheard-of", null)]);
        page.GetProperty("didYouMean").ValueKind.ShouldBe(JsonValueKind.Null);
        next.GetProperty("items")[0].GetProperty("article").GetProperty("slug").GetString().ShouldBe("salt-2");
        next.GetProperty("nextPageToken").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Filters_and_the_sort_reach_the_engine()
    {
        await World.Client.GetAsync("/api/v1/search?q=everything-asked&sort=oldest&topic=rust,c-sharp&lang=de&author=a-1&after=2023&before=2024-05-01", Cancel);

        var asked = World.Search.Requests.Single(request => request.Query == "everything-asked");
        (asked.Sort, asked.Language, asked.AuthorId).ShouldBe((Sort.Oldest, "de", "a-1"));
        asked.TopicSlugs.ShouldBe(["rust", "c-sharp"]);
        asked.PublishedAfter.ToDateTime().ShouldBe(new(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        asked.PublishedBefore.ToDateTime().ShouldBe(new(2024, 5, 1, 0, 0, 0, DateTimeKind.Utc));
    }

    [Theory]
    [InlineData("q=x&sort=loudest", "sort")]
    [InlineData("q=x&after=yesterday", "after")]
    [InlineData("q=x&before=2024-13-01", "before")]
    [InlineData("q=x&pageToken=%3F", "pageToken")]
    public async Task What_cannot_be_asked_is_refused_by_the_name_the_caller_gave_it(string query, string field)
    {
        var refused = await World.Client.GetAsync($"/api/v1/search?{query}", Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Json(refused)).GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
    }

    [Fact]
    public async Task A_query_of_ten_kilobytes_is_refused_with_the_limit()
    {
        var refused = await World.Client.GetAsync($"/api/v1/search?q={new string('x', 10_000)}", Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Json(refused)).GetProperty("errors").GetProperty("q")[0].GetString().ShouldBe("A search has up to 1,000 characters.");
    }

    [Fact]
    public async Task People_publications_and_topics_are_found_too()
    {
        var (_, author) = Publish("weir", "The weir");
        World.Publications.All["p-1"] = new() { Id = "p-1", Slug = "tide-table", Name = "The Tide Table" };

        var people = await Json(await World.Client.GetAsync("/api/v1/search/people?q=author-of-weir", Cancel));
        var publications = await Json(await World.Client.GetAsync("/api/v1/search/publications?q=tide", Cancel));
        var topics = await Json(await World.Client.GetAsync("/api/v1/search/topics?q=rus", Cancel));

        var person = people.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        person.GetProperty("person").GetProperty("id").GetString().ShouldBe(author);
        Pieces(person.GetProperty("name")).ShouldBe([("AUTHOR-OF-WEIR", true)]);
        Pieces(publications.GetProperty("items")[0].GetProperty("name")).ShouldBe([("The ", false), ("Tide", true), (" Table", false)]);
        (topics.GetProperty("items")[0].GetProperty("slug").GetString(), topics.GetProperty("items")[0].GetProperty("articleCount").GetInt32()).ShouldBe(("rust", 7));
    }

    [Fact]
    public async Task Suggestions_come_while_somebody_types_and_an_empty_field_gets_none()
    {
        var (id, _) = Publish("estuary", "Estuary light");

        var some = await Json(await World.Client.GetAsync("/api/v1/search/suggest?q=estu", Cancel));
        var none = await Json(await World.Client.GetAsync("/api/v1/search/suggest?q=%20", Cancel));
        var browser = await World.Client.GetAsync("/api/v1/search/completions?q=estu", Cancel);

        some.GetProperty("queries")[0].GetString().ShouldBe("estu tables");
        some.GetProperty("articles")[0].GetProperty("article").GetProperty("id").GetString().ShouldBe(id);
        some.GetProperty("people")[0].GetProperty("person").GetProperty("handle").GetString().ShouldBe("author-of-estuary");
        some.GetProperty("topics")[0].GetProperty("slug").GetString().ShouldBe("rust");
        none.GetProperty("queries").GetArrayLength().ShouldBe(0);
        browser.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-suggestions+json");
        (await browser.Content.ReadAsStringAsync(Cancel)).ShouldBe("""["estu",["estu tables"]]""");
    }

    [Fact]
    public async Task A_search_is_the_same_for_everyone_and_under_me_without_whom_I_do_not_see()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var (_, author) = Publish("moor", "The moor", world);
        world.Search.Hidden[world.Identity.Subject] = author;
        using var reader = await world.SignInAsync();

        var mine = await reader.GetAsync("/api/v1/me/search?q=moor", Cancel);
        var publicOne = await reader.GetAsync("/api/v1/search?q=moor", Cancel);

        (await Json(mine)).GetProperty("items").GetArrayLength().ShouldBe(0);
        mine.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Json(publicOne)).GetProperty("items").GetArrayLength().ShouldBe(1);
        publicOne.Headers.CacheControl!.Public.ShouldBeTrue();
        (await Json(await reader.GetAsync("/api/v1/me/search/people?q=author-of-moor", Cancel))).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Json(await reader.GetAsync("/api/v1/me/search/suggest?q=moor", Cancel))).GetProperty("articles").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Drafts_are_found_by_whoever_wrote_them_and_by_nobody_else()
    {
        using var writer = await World.SignInAsync();

        var drafts = await Json(await writer.GetAsync("/api/v1/me/search/drafts?q=draft", Cancel));
        using var stranger = World.NewBrowser();
        stranger.DefaultRequestHeaders.Add("X-CSRF", "1");

        var draft = drafts.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        Pieces(draft.GetProperty("title")).ShouldBe([("A ", false), ("draft", true), ($" of {World.Identity.Subject}", false)]);
        draft.GetProperty("updatedAt").GetString().ShouldBe("2026-05-04T03:02:01Z");
        (await stranger.GetAsync("/api/v1/me/search/drafts?q=draft", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_engine_that_is_away_or_too_slow_is_said_in_words_and_what_was_found_before_is_still_found()
    {
        await using var world = await BffWorld.StartAsync(redis);
        Publish("cove", "The cove", world);
        (await world.Client.GetAsync("/api/v1/search?q=cove", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

        world.Search.Away = true;
        var away = await world.Client.GetAsync("/api/v1/search?q=bay", Cancel);
        world.Search.Away = false;
        world.Search.Slow = true;
        var slow = await world.Client.GetAsync("/api/v1/search/suggest?q=bay", Cancel);
        world.Search.Away = true;

        foreach (var answer in new[] { away, slow })
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            var problem = await Json(answer);
            problem.GetProperty("reason").GetString().ShouldBe("SEARCH_AWAY");
            problem.GetProperty("detail").GetString().ShouldBe("Search does not answer right now. Everything else works; please try again in a moment.");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        (await Json(await world.Client.GetAsync("/api/v1/search?q=cove", Cancel))).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task What_was_just_published_is_found_a_moment_later_although_the_same_was_searched_before()
    {
        await using var world = await BffWorld.StartAsync(redis);
        (await Json(await world.Client.GetAsync("/api/v1/search?q=heath", Cancel))).GetProperty("didYouMean").GetString().ShouldBe("tidal");

        Publish("heath", "The heath", world);

        await BffWorld.Until(async () => (await Json(await world.Client.GetAsync("/api/v1/search?q=heath", Cancel))).GetProperty("items").GetArrayLength() == 1);
    }

    [Fact]
    public async Task What_was_taken_from_readers_is_not_shown_although_the_index_still_has_it()
    {
        var (id, author) = Publish("quay", "The quay");
        World.Content.Published.TryRemove($"{author}/quay", out _);

        var page = await Json(await World.Client.GetAsync("/api/v1/search?q=quay", Cancel));

        page.GetProperty("items").GetArrayLength().ShouldBe(0);
        World.Search.Articles.TryRemove(id, out _);
    }
}
