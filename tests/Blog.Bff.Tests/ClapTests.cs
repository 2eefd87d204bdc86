using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;

namespace Blog.Bff.Tests;

/// <summary>Applause at the entrance: numbers for everyone from the cache, what is personal in one request.</summary>
public sealed class ClapTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    [Fact]
    public async Task Whoever_claps_sees_it_at_once_in_their_part_of_the_page_and_everyone_in_the_public_number()
    {
        var article = World.Content.Publish(World.Users.Add("clapped").Id, "clapped").Summary.Id;
        (await Json(await World.Client.GetAsync($"/api/v1/articles/{article}/counts", Cancel))).GetProperty("claps").GetInt64().ShouldBe(0);

        using var reader = await World.SignInAsync();
        var set = await reader.PutAsJsonAsync($"/api/v1/me/claps/{article}", new { claps = 7 }, Cancel);

        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        var mine = await Json(await reader.GetAsync($"/api/v1/me/reader/{article}", Cancel));
        mine.GetProperty("claps").GetInt32().ShouldBe(7);
        mine.GetProperty("counts").GetProperty("claps").GetInt64().ShouldBe(7);
        (await Json(await World.Client.GetAsync($"/api/v1/articles/{article}/counts", Cancel))).GetProperty("claps").GetInt64().ShouldBe(7);
        var clappers = await Json(await World.Client.GetAsync($"/api/v1/claps/{article}", Cancel));
        clappers.GetProperty("items")[0].GetProperty("person").GetProperty("handle").GetString().ShouldBe("shared");
    }

    [Fact]
    public async Task An_article_that_is_not_counted_yet_has_no_claps()
    {
        World.Claps.NotYetKnown = Guid.CreateVersion7().ToString();
        var counts = await World.Client.GetAsync($"/api/v1/articles/{World.Claps.NotYetKnown}/counts", Cancel);
        counts.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Json(counts)).GetProperty("responses").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task The_public_number_comes_from_the_cache_and_is_asked_for_again_by_its_tag()
    {
        var article = World.Content.Publish(World.Users.Add("counted").Id, "counted").Summary.Id;
        var first = await World.Client.GetAsync($"/api/v1/articles/{article}/counts", Cancel);
        var reads = World.Claps.Reads;

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/articles/{article}/counts");
        again.Headers.TryAddWithoutValidation("If-None-Match", first.Headers.ETag!.Tag);

        (await World.Client.SendAsync(again, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        World.Claps.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task A_page_can_be_read_while_nobody_knows_its_numbers()
    {
        var author = World.Users.Add("unnumbered");
        World.Content.Publish(author.Id, "quiet");
        using var reader = await World.SignInAsync();
        World.Claps.Away = true;
        try
        {
            var page = await Json(await World.Client.GetAsync("/api/v1/people/unnumbered/articles/quiet", Cancel));
            page.GetProperty("counts").ValueKind.ShouldBe(JsonValueKind.Null);
            var mine = await Json(await reader.GetAsync($"/api/v1/me/reader/{page.GetProperty("id").GetString()}", Cancel));
            mine.GetProperty("claps").ValueKind.ShouldBe(JsonValueKind.Null);
        }
        finally
        {
            World.Claps.Away = false;
        }
    }

    [Fact]
    public async Task Too_many_claps_are_refused_by_name_and_strangers_are_asked_to_sign_in()
    {
        var article = World.Content.Publish(World.Users.Add("loud").Id, "loud").Summary.Id;
        using var reader = await World.SignInAsync();

        var refused = await reader.PutAsJsonAsync($"/api/v1/me/claps/{article}", new { claps = 51 }, Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Json(refused)).GetProperty("errors").GetProperty("claps")[0].GetString()!.ShouldContain("50");
        using var stranger = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/me/claps/{article}") { Content = JsonContent.Create(new { claps = 1 }) };
        stranger.Headers.Add("X-CSRF", "1");
        (await World.Client.SendAsync(stranger, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
