using Blog.Events.V1;
using Blog.Interactions.Claps;
using Grpc.Core;

namespace Blog.Interactions.Tests;

/// <summary>Applause: how much, by whom, for what.</summary>
public sealed class ClapTests(InteractionsFixture interactions) : IClassFixture<InteractionsFixture>
{
    static Guid Someone() => Guid.CreateVersion7();

    [Fact]
    public async Task Claps_of_a_person_replace_the_former_ones_and_add_to_those_of_others()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben) = (Someone(), Someone());

        await stage.ClapAsync(ada, 3);
        await stage.ClapAsync(ben, 50);
        var answer = await stage.ClapAsync(ada, 5);

        (answer.Claps, answer.Total).ShouldBe((5, 55L));
        var counts = await stage.CountsAsync();
        (counts.Claps, counts.People).ShouldBe((55, 2));
        var mine = await stage.ClapsAs(ada).GetMyClapsAsync(new() { SubjectIds = { stage.Article.ToString(), Someone().ToString() } }, cancellationToken: Stage.Cancel);
        mine.Counts.ShouldHaveSingleItem().Value.ShouldBe(5);
    }

    [Fact]
    public async Task The_same_count_again_changes_nothing_and_tells_nobody()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();
        await stage.ClapAsync(ada, 4);
        await stage.ClapAsync(ada, 4);
        await stage.ClapAsync(ada, 0);

        var events = await stage.EventsAsync(ClapsChanged.Parser, stage.Article.ToString());

        events.Select(e => (e.FormerCount, e.Count, e.Total)).ShouldBe([(0, 4, 4L), (4, 0, 0L)]);
        events[0].SubjectAuthorId.ShouldBe(stage.Author.ToString());
        (await stage.CountsAsync()).People.ShouldBe(0);
    }

    [Theory, InlineData(-1), InlineData(51)]
    public async Task A_count_below_0_or_above_50_is_refused(int claps)
    {
        var stage = await Stage.WithArticleAsync(interactions);
        (await Stage.RefusalOf(() => stage.ClapAsync(Someone(), claps))).ShouldBe((StatusCode.InvalidArgument, "INVALID_FIELDS", "claps"));
    }

    [Fact]
    public async Task Drafts_unknown_things_and_deleted_responses_cannot_be_clapped_for()
    {
        var draft = await Stage.WithArticleAsync(interactions, published: false);
        (await Stage.RefusalOf(() => draft.ClapAsync(Someone(), 1))).Status.ShouldBe(StatusCode.NotFound);
        (await Stage.RefusalOf(() => draft.ClapAsync(Someone(), 1, Someone().ToString()))).Status.ShouldBe(StatusCode.NotFound);

        var stage = await Stage.WithArticleAsync(interactions);
        var ada = Someone();
        var response = await stage.RespondAsync(ada, "Gone soon.");
        await stage.DeleteAsync(ada, response.Id);
        (await Stage.RefusalOf(() => stage.ClapAsync(Someone(), 1, response.Id))).Status.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Nobody_claps_for_themselves_or_across_a_block()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var (ada, ben) = (Someone(), Someone());
        (await Stage.RefusalOf(() => stage.ClapAsync(stage.Author, 1))).Reason.ShouldBe("OWN_WORK");
        var response = await stage.RespondAsync(ada, "Mine.");
        (await Stage.RefusalOf(() => stage.ClapAsync(ada, 1, response.Id))).Reason.ShouldBe("OWN_WORK");

        await stage.ClapAsync(ben, 2);
        await stage.BlockAsync(stage.Author, ben);

        (await Stage.RefusalOf(() => stage.ClapAsync(ben, 3))).Reason.ShouldBe("APART");
        (await stage.ClapAsync(ben, 0)).Claps.ShouldBe(0, "what one gave can always be taken back");
    }

    [Fact]
    public async Task Sixty_people_who_clap_at_once_and_one_who_clicks_in_two_windows_are_all_counted_exactly()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var people = Enumerable.Range(1, 60).Select(_ => Someone()).ToArray();
        var twice = Someone();

        await Task.WhenAll([.. people.Select((person, i) => stage.ClapAsync(person, 1 + i % 50)), .. Enumerable.Range(1, 8).Select(i => stage.ClapAsync(twice, i))]);

        var mine = (await stage.ClapsAs(twice).GetMyClapsAsync(new() { SubjectIds = { stage.Article.ToString() } }, cancellationToken: Stage.Cancel)).Counts.Values.Single();
        var counts = await stage.CountsAsync();
        counts.Claps.ShouldBe(people.Select((_, i) => 1L + i % 50).Sum() + mine);
        counts.People.ShouldBe(61);
    }

    [Fact]
    public async Task Who_clapped_is_listed_latest_first_page_by_page()
    {
        var stage = await Stage.WithArticleAsync(interactions);
        var people = Enumerable.Range(1, 7).Select(_ => Someone()).ToArray();
        foreach (var person in people) await stage.ClapAsync(person, 2);

        var seen = new List<string>();
        var token = "";
        do
        {
            var page = await stage.ClapsOfAnybody.ListClappersAsync(new() { SubjectId = stage.Article.ToString(), PageSize = 3, PageToken = token }, cancellationToken: Stage.Cancel);
            page.TotalPeople.ShouldBe(7);
            seen.AddRange(page.Clappers.Select(c => c.PersonId));
            token = page.NextPageToken;
        }
        while (token != "");

        seen.ShouldBe(people.Reverse().Select(p => p.ToString()));
    }

    [Fact]
    public void A_clap_counts_half_as_much_as_one_thirty_days_later()
    {
        var moment = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        (Applause.WeightAt(moment + Applause.HalfLife) / Applause.WeightAt(moment)).ShouldBe(2, 1e-9);
        double.IsFinite(Applause.WeightAt(moment.AddYears(70)) * 1e9).ShouldBeTrue("the order holds for decades");
    }
}
