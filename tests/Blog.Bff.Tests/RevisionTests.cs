using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Content.V1;
using Blog.Testing;

namespace Blog.Bff.Tests;

/// <summary>The history of an article at the entrance.</summary>
public sealed class RevisionTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<JsonElement> Json(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(expected, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    static Uri At(BffWorld world, string rest = "") => new($"/api/v1/me/articles/{world.Revisions.ArticleId}/revisions{rest}", UriKind.Relative);

    [Fact]
    public async Task Versions_are_told_with_who_when_and_why_and_each_with_its_text()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var writer = await world.SignInAsync();
        var jun = world.Users.Add("jun");
        world.Revisions.Add(jun.Id, RevisionReason.AuthorChanged);
        world.Revisions.Add(Guid.CreateVersion7().ToString(), RevisionReason.Unspecified);

        var list = await Json(await writer.GetAsync(At(world), Cancel));

        var (working, handedOver) = (list.GetProperty("items")[0], list.GetProperty("items")[1]);
        working.GetProperty("reason").GetString().ShouldBe("working");
        working.GetProperty("person").ValueKind.ShouldBe(JsonValueKind.Null, "somebody who left");
        handedOver.GetProperty("reason").GetString().ShouldBe("authorChanged");
        handedOver.GetProperty("person").GetProperty("handle").GetString().ShouldBe("jun");
        handedOver.GetProperty("createdAt").GetString().ShouldBe("2026-05-04T03:02:01Z");
        (await Json(await writer.GetAsync(At(world, "?pageSize=1"), Cancel))).GetProperty("nextPageToken").GetString().ShouldBe("next");
        (await Json(await writer.GetAsync(At(world, "/1"), Cancel))).GetProperty("content").GetProperty("markdown").GetString().ShouldBe("Text 1");
        await Json(await writer.GetAsync(At(world, "/9"), Cancel), HttpStatusCode.NotFound);
        (await world.Client.GetAsync(At(world), Cancel)).StatusCode.ShouldBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_version_is_saved_named_and_restored_once_and_a_stale_one_is_a_conflict_that_shows_the_other()
    {
        await using var world = await BffWorld.StartAsync(redis);
        var writer = await world.SignInAsync();
        var first = world.Revisions.Add(world.Users.Add("jun").Id, RevisionReason.Published);
        world.Revisions.Add(first.PersonId, RevisionReason.Unspecified);

        var saved = await Json(await writer.PostAsJsonAsync(At(world), new { revision = 2, name = "Before" }, Cancel));
        (saved.GetProperty("reason").GetString(), saved.GetProperty("name").GetString()).ShouldBe(("saved", "Before"));
        (await Json(await writer.PutAsJsonAsync(At(world, "/1/name"), new { name = "Sent" }, Cancel))).GetProperty("name").GetString().ShouldBe("Sent");
        (await Json(await writer.PutAsJsonAsync(At(world, "/1/name"), new { name = new string('x', 101) }, Cancel), HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("name")[0].GetString().ShouldStartWith("A name has");

        using var restore = new HttpRequestMessage(HttpMethod.Post, At(world, "/1/restore")) { Content = JsonContent.Create(new { revision = 2 }), Headers = { { "Idempotency-Key", "once" } } };
        var restored = await Json(await writer.SendAsync(restore, Cancel));
        (restored.GetProperty("revision").GetProperty("restoredNumber").GetInt64(), restored.GetProperty("replacedNumber").GetInt64()).ShouldBe((1, 2));
        world.Revisions.Keys.ShouldBe(["once"]);

        var stale = await Json(await writer.PostAsJsonAsync(At(world, "/1/restore"), new { revision = 2 }, Cancel), HttpStatusCode.Conflict);
        stale.GetProperty("reason").GetString().ShouldBe("STALE_REVISION");
        stale.GetProperty("current").GetProperty("content").GetProperty("title").GetString().ShouldBe("Theirs");
    }
}
