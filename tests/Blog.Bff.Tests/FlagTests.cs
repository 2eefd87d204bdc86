using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Blog.Bff.Tests.World;
using Blog.ServiceDefaults.FeatureFlags;
using Blog.Testing;

namespace Blog.Bff.Tests;

/// <summary>Flags at the entrance: they take effect without a restart in every instance, and nothing depends on who keeps them.</summary>
public sealed class FlagTests(RedisFixture redis)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<HttpStatusCode> SuggestAsync(HttpClient client)
    {
        // What is kept for those who type the same would be answered although it is switched off.
        using var answer = await client.GetAsync($"/api/v1/search/suggest?q={Guid.NewGuid():N}", Cancel);
        return answer.StatusCode;
    }

    [Fact]
    public async Task A_flag_that_is_turned_off_takes_effect_in_every_instance_and_stays_so_while_its_owner_is_away()
    {
        await using var world = await BffWorld.StartAsync(redis);
        using var other = world.NewBrowser(world.StartAnother());
        (await SuggestAsync(world.Client)).ShouldBe(HttpStatusCode.OK);
        (await SuggestAsync(other)).ShouldBe(HttpStatusCode.OK);

        world.Flags.Set["search-suggestions"] = new() { Name = Flag.SearchSuggestions.Name, On = false, Share = 100 };

        foreach (var client in new[] { world.Client, other })
            await BffWorld.Until(async () => await SuggestAsync(client) == HttpStatusCode.ServiceUnavailable);
        var problem = await (await world.Client.GetAsync("/api/v1/search/suggest?q=off", Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);
        problem.GetProperty("reason").GetString().ShouldBe("SWITCHED_OFF");
        // The rest of search is as it was.
        (await world.Client.GetAsync("/api/v1/search?q=anything", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

        world.Flags.Away = true;
        world.Flags.Set.Clear();
        var asked = world.Flags.Asked;
        await BffWorld.Until(() => Task.FromResult(world.Flags.Asked > asked + 3));
        (await SuggestAsync(world.Client)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        world.Flags.Away = false;
        await BffWorld.Until(async () => await SuggestAsync(world.Client) == HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_nobody_can_say_how_flags_stand_they_are_as_in_code()
    {
        await using var world = await BffWorld.StartAsync(redis, null, ("services:recommendations:grpc:0", "http://127.0.0.1:1"));

        (await SuggestAsync(world.Client)).ShouldBe(HttpStatusCode.OK);
    }
}
