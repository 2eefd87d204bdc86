using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;

namespace Blog.Bff.Tests;

/// <summary>Publishing at a chosen time, at the entrance.</summary>
public sealed class ScheduleApiTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_time_is_chosen_in_any_zone_told_in_utc_and_taken_back_and_a_past_one_is_told_at_its_field()
    {
        using var me = await shared.World.SignInAsync();
        async Task<JsonElement> Json(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement;
        var draft = await Json(await me.PostAsJsonAsync("/api/v1/me/articles", new { content = new { title = "Morning", markdown = "Text." } }, Cancel));
        var schedule = $"/api/v1/me/articles/{draft.GetProperty("id").GetString()}/schedule";

        var chosen = await Json(await me.PutAsJsonAsync(schedule, new { revision = 1, scheduleTime = "2100-03-01T09:00:00+02:00" }, Cancel));
        chosen.GetProperty("scheduledFor").GetDateTime().ShouldBe(new DateTime(2100, 3, 1, 7, 0, 0, DateTimeKind.Utc));
        var past = await me.PutAsJsonAsync(schedule, new { revision = 1, scheduleTime = "2020-03-01T09:00:00Z" }, Cancel);
        (past.StatusCode, (await Json(past)).GetProperty("errors").GetProperty("scheduleTime").GetArrayLength()).ShouldBe((HttpStatusCode.BadRequest, 1));
        (await Json(await me.DeleteAsync($"{schedule}?revision=1", Cancel))).GetProperty("scheduledFor").ValueKind.ShouldBe(JsonValueKind.Null);
    }
}
