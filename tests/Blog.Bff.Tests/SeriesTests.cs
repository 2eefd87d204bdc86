using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.Content.V1;

namespace Blog.Bff.Tests;

/// <summary>Series, at the entrance.</summary>
public sealed class SeriesTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    BffWorld World => shared.World;

    static async Task<JsonElement> Json(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    [Fact]
    public async Task A_story_says_which_part_it_is_and_says_it_anew_when_the_series_changes()
    {
        using var me = await World.SignInAsync();
        var ada = World.Users.Add("series-ada");
        var (first, second) = (World.Content.Publish(ada.Id, "first-part"), World.Content.Publish(ada.Id, "second-part"));
        var series = new Series { Id = Guid.CreateVersion7().ToString(), OwnerId = ada.Id, Slug = "a-year", Title = "A year", Parts = { new[] { first, second }.Select(part => new SeriesPart { ArticleId = part.Summary.Id }) } };
        World.Series.All[series.Id] = series;
        second.Series = new() { Id = series.Id, OwnerId = ada.Id, Slug = "a-year", Title = "A year" };
        second.Series.Parts.Add(new[] { first, second }.Select(part => new SeriesPlace.Types.Part { ArticleId = part.Summary.Id, AuthorId = ada.Id, Slug = part.Summary.Slug, Title = part.Summary.Title }));

        async Task<JsonElement> StoryAsync() => (await Json(await World.Client.GetAsync("/api/v1/people/series-ada/articles/second-part", Cancel))).GetProperty("series");
        var place = await StoryAsync();
        (place.GetProperty("number").GetInt32(), place.GetProperty("url").GetString()).ShouldBe((2, "/@series-ada/series/a-year"));
        place.GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("current").GetBoolean()).ShouldBe([false, true]);
        (await Json(await World.Client.GetAsync("/api/v1/people/series-ada/series/a-year", Cancel))).GetProperty("parts").GetArrayLength().ShouldBe(2);

        second.Series.Title = "Another year";
        (await StoryAsync()).GetProperty("title").GetString().ShouldBe("A year");
        await Json(await me.PutAsJsonAsync($"/api/v1/me/series/{series.Id}", new { title = "Another year", description = "", articleIds = Array.Empty<string>(), revision = 1 }, Cancel));
        (await StoryAsync()).GetProperty("title").GetString().ShouldBe("Another year");
    }

    [Fact]
    public async Task A_former_address_leads_to_the_present_one()
    {
        World.Users.Add("series-bo");
        World.Series.Former["old-name"] = "new-name";
        var moved = await World.Client.GetAsync("/api/v1/people/series-bo/series/old-name", Cancel);
        (moved.StatusCode, moved.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.PermanentRedirect, "/api/v1/people/series-bo/series/new-name"));
    }
}
