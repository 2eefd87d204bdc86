using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Recommendations.V1;
using Blog.Testing;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Bff.Tests;

/// <summary>Recommendations at the entrance: cards, and reasons with the names and pages of what they speak of.</summary>
public sealed class RecommendationTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static RecommendedArticle Recommend(string article, string author, Kind kind, string subject = "") => new() { ArticleId = article, AuthorId = author, Reason = FakeForYou.Because(kind, subject) };

    static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    static (string?, string?, string?) Reason(JsonElement item)
    {
        var reason = item.GetProperty("reason");
        return (reason.GetProperty("kind").GetString(), reason.GetProperty("name").GetString(), reason.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Each_story_for_me_says_why_with_a_name_and_a_page_and_pages_follow_each_other()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = world.Users.Add("ranked");
        string Publish(string slug, string title) => world.Content.Publish(author.Id, slug, title).Summary.Id;
        var (one, two, three, read) = (Publish("one", "One"), Publish("two", "Two"), Publish("three", "Three"), Publish("read", "What I read"));
        using var reader = await world.SignInAsync();
        (await Json(await reader.GetAsync("/api/v1/me/for-you", Cancel))).GetProperty("cold").GetBoolean().ShouldBeTrue();
        world.ForYou.Lists[world.Identity.Subject] =
        [
            Recommend(one, author.Id, Kind.Read, read), Recommend(Guid.CreateVersion7().ToString(), author.Id, Kind.Popular),
            Recommend(two, author.Id, Kind.PopularInTopic, "rust"), Recommend(three, author.Id, Kind.FollowedPerson, author.Id),
        ];

        var first = await reader.GetAsync("/api/v1/me/for-you?pageSize=3", Cancel);
        var page = await Json(first);
        var next = await Json(await reader.GetAsync($"/api/v1/me/for-you?pageToken={page.GetProperty("nextPageToken").GetString()}", Cancel));

        first.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("article").GetProperty("title").GetString(), Reason(item)))
            .ShouldBe([("One", ("read", "What I read", "/@ranked/read")), ("Two", ("popularInTopic", "Rust", "/topics/rust"))]);
        Reason(next.GetProperty("items").EnumerateArray().ShouldHaveSingleItem()).ShouldBe(("followedPerson", "RANKED", "/@ranked"));
        next.GetProperty("nextPageToken").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task What_I_turn_down_goes_at_once_and_comes_back_when_I_undo_it()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = world.Users.Add("unwanted");
        var id = world.Content.Publish(author.Id, "story").Summary.Id;
        world.ForYou.Lists[world.Identity.Subject] = [Recommend(id, author.Id, Kind.New)];
        using var reader = await world.SignInAsync();
        async Task<int> Count() => (await Json(await reader.GetAsync("/api/v1/me/for-you", Cancel))).GetProperty("items").GetArrayLength();

        foreach (var path in new[] { $"articles/{id}", $"people/{author.Id}" })
        {
            (await reader.PutAsync($"/api/v1/me/turned-down/{path}", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            (await reader.PutAsync($"/api/v1/me/turned-down/{path}", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            (await Count()).ShouldBe(0);
            (await reader.DeleteAsync($"/api/v1/me/turned-down/{path}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
            (await Count()).ShouldBe(1);
        }

        (await reader.PutAsync("/api/v1/me/turned-down/articles/unknown", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await reader.PutAsync("/api/v1/me/turned-down/colours/red", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_I_turned_down_is_listed_by_name_in_pages_and_what_is_gone_has_none()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = world.Users.Add("listed");
        var story = world.Content.Publish(author.Id, "story", "A story").Summary.Id;
        var gone = Guid.CreateVersion7().ToString();
        using var reader = await world.SignInAsync();
        foreach (var path in new[] { $"articles/{story}", $"articles/{gone}", $"people/{author.Id}", "topics/rust" })
            (await reader.PutAsync($"/api/v1/me/turned-down/{path}", null, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var all = await Json(await reader.GetAsync("/api/v1/me/turned-down", Cancel));
        var first = await Json(await reader.GetAsync("/api/v1/me/turned-down?pageSize=3", Cancel));
        var rest = await Json(await reader.GetAsync($"/api/v1/me/turned-down?pageToken={first.GetProperty("nextPageToken").GetString()}", Cancel));
        using var wrong = await reader.GetAsync("/api/v1/me/turned-down?pageToken=%3F", Cancel);

        (string?, string?, string?, string?) Said(JsonElement item) => (item.GetProperty("kind").GetString(), item.GetProperty("name").GetString(), item.GetProperty("url").GetString(), item.GetProperty("by").GetString());
        all.GetProperty("items").EnumerateArray().Select(Said).ShouldBe(
            [("articles", "A story", "/@listed/story", "LISTED"), ("articles", null, null, null), ("people", "LISTED", "/@listed", null), ("topics", "Rust", "/topics/rust", null)], ignoreOrder: true);
        first.GetProperty("items").GetArrayLength().ShouldBe(3);
        rest.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("kind").GetString().ShouldBe("topics");
        (await Json(wrong)).GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("pageToken");
    }

    [Fact]
    public async Task People_and_topics_are_suggested_with_reasons()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var (suggested, mediator) = (world.Users.Add("suggested"), world.Users.Add("mediator"));
        world.ForYou.People[world.Identity.Subject] = [new() { PersonId = suggested.Id, Reason = FakeForYou.Because(Kind.FollowedByFollowed, mediator.Id, 3) }];
        world.Discovery.People.Add(new() { PersonId = suggested.Id, Reason = FakeForYou.Because(Kind.Popular) });
        using var reader = await world.SignInAsync();

        var mine = (await Json(await reader.GetAsync("/api/v1/me/suggestions/people", Cancel))).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        var popular = await world.Client.GetAsync("/api/v1/popular/people", Cancel);
        var topics = (await Json(await world.Client.GetAsync("/api/v1/popular/topics", Cancel))).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        var myTopics = (await Json(await reader.GetAsync("/api/v1/me/suggestions/topics", Cancel))).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();

        mine.GetProperty("person").GetProperty("handle").GetString().ShouldBe("suggested");
        Reason(mine).ShouldBe(("followedByFollowed", "MEDIATOR", "/@mediator"));
        mine.GetProperty("reason").GetProperty("count").GetInt32().ShouldBe(3);
        popular.Headers.CacheControl!.Public.ShouldBeTrue();
        Reason((await Json(popular)).GetProperty("items")[0]).ShouldBe(("popular", null, null));
        topics.GetProperty("topic").GetProperty("name").GetString().ShouldBe("Rust");
        myTopics.GetProperty("topic").GetProperty("slug").GetString().ShouldBe("c-sharp");
    }

    [Fact]
    public async Task Topics_are_suggested_for_the_words_of_my_story_and_of_nobody_elses()
    {
        await using var world = await BffWorld.StartAsync(redis);
        using var writer = await world.SignInAsync();
        var created = await writer.PostAsJsonAsync("/api/v1/me/articles", new { content = new { title = "T", markdown = new string('x', 60_000).Insert(10, " rust and c-sharp ") } }, Cancel);
        var id = JsonDocument.Parse(await created.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("id").GetString();

        var topics = (await Json(await writer.GetAsync($"/api/v1/me/articles/{id}/suggested-topics", Cancel))).GetProperty("items").EnumerateArray();

        topics.Select(topic => topic.GetProperty("name").GetString()).ShouldBe(["C#", "Rust"]);
        (await writer.GetAsync($"/api/v1/me/articles/{Guid.CreateVersion7()}/suggested-topics", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_to_read_next_is_the_same_for_everyone_and_goes_with_the_story_it_shows()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var author = world.Users.Add("series");
        var (part, next) = (world.Content.Publish(author.Id, "part-1").Summary.Id, world.Content.Publish(author.Id, "part-2", "Part 2").Summary.Id);
        world.Discovery.Related[part] = [Recommend(next, author.Id, Kind.SameAuthor, author.Id)];
        world.Discovery.Trending.Add(Recommend(next, author.Id, Kind.Popular));

        var related = await world.Client.GetAsync($"/api/v1/articles/{part}/related", Cancel);
        var trending = await Json(await world.Client.GetAsync("/api/v1/trending", Cancel));

        related.Headers.CacheControl!.Public.ShouldBeTrue();
        var item = (await Json(related)).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        item.GetProperty("article").GetProperty("title").GetString().ShouldBe("Part 2");
        Reason(item).ShouldBe(("sameAuthor", "SERIES", "/@series"));
        trending.GetProperty("items")[0].GetProperty("url").GetString().ShouldBe("/@series/part-2");
    }

    [Fact]
    public async Task While_recommendations_are_away_the_answer_says_so_soon()
    {
        await using var world = await BffWorld.StartAsync(redis);
        world.Discovery.Away = true;

        var away = await world.Client.GetAsync("/api/v1/trending", Cancel);

        ((int)away.StatusCode).ShouldBeInRange(503, 504);
        (await Json(away)).GetProperty("detail").GetString().ShouldBe("A part of the site is away for a moment. Nothing was lost; please try again.");
    }
}
