using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;

namespace Blog.Bff.Tests;

/// <summary>Responses at the entrance: everyone's from the cache, one's own never.</summary>
public sealed class ResponseTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    static async Task<JsonElement> Json(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

    string Article(string handle) => World.Content.Publish(World.Users.Add(handle).Id, handle).Summary.Id;

    [Fact]
    public async Task Everyones_list_comes_from_the_cache_until_somebody_responds_or_deletes()
    {
        var article = Article("answered");
        World.Responses.Add(article, World.Users.Add("first-voice").Id, "First");
        var address = $"/api/v1/articles/{article}/responses";
        await BffWorld.Until(async () => (await World.Client.GetAsync(address, Cancel)).IsSuccessStatusCode);
        var reads = World.Responses.Reads;
        (await Json(await World.Client.GetAsync(address, Cancel))).GetProperty("items")[0].GetProperty("author").GetProperty("handle").GetString().ShouldBe("first-voice");
        World.Responses.Reads.ShouldBe(reads);

        using var reader = await World.SignInAsync();
        var created = await reader.PostAsJsonAsync($"/api/v1/me/reader/{article}/responses", new { markdown = "Second" }, Cancel);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Json(await World.Client.GetAsync(address, Cancel))).GetProperty("total").GetInt32().ShouldBe(2);

        var id = (await Json(created)).GetProperty("id").GetString();
        (await reader.DeleteAsync($"/api/v1/me/reader/{article}/responses/{id}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Json(await World.Client.GetAsync(address, Cancel))).GetProperty("total").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task What_a_reader_sees_is_their_own_and_not_stored()
    {
        var article = Article("heard");
        var noisy = World.Users.Add("noisy").Id;
        World.Responses.Add(article, noisy, "Noise");
        World.Responses.Unseen[noisy] = true;
        using var reader = await World.SignInAsync();

        var mine = await reader.GetAsync($"/api/v1/me/reader/{article}/responses?sort=newest", Cancel);

        mine.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await Json(mine)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Json(await World.Client.GetAsync($"/api/v1/articles/{article}/responses?sort=newest", Cancel))).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_response_of_a_megabyte_is_refused_by_the_name_of_its_field()
    {
        var article = Article("long");
        using var reader = await World.SignInAsync();

        var refused = await reader.PostAsJsonAsync($"/api/v1/me/reader/{article}/responses", new { markdown = new string('a', 1_048_576) }, Cancel);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Json(refused)).GetProperty("errors").GetProperty("markdown")[0].GetString()!.ShouldContain("10,000");
        (await World.Client.GetAsync($"/api/v1/articles/{article}/responses?sort=loudest", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_stale_edit_shows_the_other_version()
    {
        var article = Article("edited");
        var response = World.Responses.Add(article, World.Identity.Subject, "Mine");
        response.Revision = 3;
        using var reader = await World.SignInAsync();

        var stale = await reader.PutAsJsonAsync($"/api/v1/me/reader/{article}/responses/{response.Id}", new { markdown = "Older", revision = 2 }, Cancel);

        stale.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var problem = await Json(stale);
        (problem.GetProperty("reason").GetString(), problem.GetProperty("current").GetProperty("markdown").GetString()).ShouldBe(("STALE_REVISION", "The other."));
    }
}

/// <summary>Of its own, because it uses up what a person may write.</summary>
public sealed class ResponseLimitTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task Whoever_responds_like_a_program_has_to_wait()
    {
        var cancel = TestContext.Current.CancellationToken;
        var article = shared.World.Content.Publish(shared.World.Users.Add("flooded").Id, "flooded").Summary.Id;
        using var reader = await shared.World.SignInAsync();
        HttpResponseMessage answer;
        var sent = 0;
        do answer = await reader.PostAsJsonAsync($"/api/v1/me/reader/{article}/responses", new { markdown = "Again" }, cancel);
        while (answer.StatusCode == HttpStatusCode.Created && ++sent < 30);

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("reason").GetString().ShouldBe("TOO_MANY_RESPONSES");
        sent.ShouldBeInRange(10, 15);
    }
}
