using System.Diagnostics.Metrics;
using System.Net;
using Blog.Events.V1;
using Blog.Recommendations.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Down = Blog.Recommendations.V1.TurnedDown.Types.Kind;
using Flag = Blog.ServiceDefaults.FeatureFlags.Flag;
using Kind = Blog.Recommendations.V1.Outcome.Types.Kind;

namespace Blog.Recommendations.Tests;

/// <summary>Experiments and flags concern everybody, so nothing else is tested meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class ExperimentTests(RecommendationsFixture blog)
{
    readonly string name = $"try-{Guid.NewGuid():N}"[..20];
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    V1.Experiments.ExperimentsClient Operator => new(blog.Host.CallInvoker(blog.Issuer.ServiceToken("cli")));
    Flags.V1.Flags.FlagsClient Switches => new(blog.Host.CallInvoker(blog.Issuer.ServiceToken("cli")));

    static V1.Variant Trying(string name, params (string Feature, double Weight)[] weights) => new() { Name = name, Weights = { weights.ToDictionary(w => w.Feature, w => w.Weight) } };

    async Task<V1.Experiment> FindAsync() => (await Operator.ListExperimentsAsync(new() { PageSize = 100 }, cancellationToken: Cancel)).Experiments.Single(experiment => experiment.Name == name);

    static V1.Variant Of(V1.Experiment experiment, string variant) => experiment.Variants.Single(one => one.Name == variant);

    static long Did(V1.Variant variant, Kind kind) => variant.Outcomes.Single(outcome => outcome.Kind == kind).People;

    Task<V1.Experiment> StopAsync() => Operator.StopExperimentAsync(new() { Name = name }, cancellationToken: Cancel).ResponseAsync;

    /// <summary>People who were shown a page, by variant.</summary>
    async Task<Dictionary<string, List<Guid>>> ShowAsync(int count)
    {
        var people = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var person in people)
            await blog.PageAsync(person, 1);
        await RecommendationsFixture.Until(async () => (long)(await blog.ScalarAsync("select count(*) from exposures where person_id = any($1)", people))! == count);
        var found = new Dictionary<string, List<Guid>>();
        foreach (var person in people)
        {
            var variant = (string)(await blog.ScalarAsync("select variant from exposures where person_id = $1", person))!;
            (found.TryGetValue(variant, out var same) ? same : found[variant] = []).Add(person);
        }
        return found;
    }

    [Fact]
    public async Task What_people_do_after_a_page_counts_for_the_variant_that_ranked_it_when_their_window_is_over()
    {
        var story = new Story(Guid.CreateVersion7()) { Time = Story.LongAgo };
        await blog.PublishAsync(story);
        var early = Guid.CreateVersion7();
        await Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("fresher", ("Fresh", 0.2)) } }, cancellationToken: Cancel);
        var shown = await ShowAsync(40);
        shown.Keys.Order().ShouldBe(["default", "fresher"]);
        var (doers, others) = (shown["fresher"], shown["default"]);

        // Everybody of one variant reads to the end, one claps, follows and turns down; of the other one opens a story, twice.
        await blog.SettledAsync([.. await Task.WhenAll(doers.Select(person => blog.ReadsAsync(person, story)))]);
        await blog.SettledAsync(await blog.ClapsAsync(doers[0], story), await blog.FollowsAsync(doers[0], FollowTarget.Topic, "anything"),
            await blog.ReadsAsync(others[0], story, 0.2), await blog.ReadsAsync(others[0], story, 0.4), await blog.ReadsAsync(early, story));
        await blog.As(doers[0]).TurnDownAsync(new() { Kind = Down.Topic, SubjectId = "anything" }, cancellationToken: Cancel);
        Of(await FindAsync(), "fresher").Counted.ShouldBe(0);
        await blog.ScalarAsync("update exposures set first_at = first_at - interval '2 days' where person_id = any($1)", doers.Concat(others).ToArray());
        // Too late to count.
        await blog.SettledAsync(await blog.ClapsAsync(doers[1], story));

        var experiment = await FindAsync();
        await StopAsync();

        var (fresher, control) = (Of(experiment, "fresher"), Of(experiment, "default"));
        (fresher.Exposed, fresher.Counted, control.Exposed, control.Counted).ShouldBe((doers.Count, doers.Count, others.Count, others.Count));
        (Did(fresher, Kind.Opened), Did(fresher, Kind.Finished), Did(fresher, Kind.Clapped), Did(fresher, Kind.Followed), Did(fresher, Kind.TurnedDown)).ShouldBe((doers.Count, doers.Count, 1, 1, 1));
        (Did(control, Kind.Opened), Did(control, Kind.Finished), Did(control, Kind.Clapped)).ShouldBe((1, 0, 0));
        fresher.Outcomes.ShouldAllBe(outcome => !outcome.HasDifference);
    }

    [Fact]
    public async Task Exposures_are_told_once_a_day_and_turned_down_things_when_that_changes()
    {
        await Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("calm", ("Trending", 0.1)) } }, cancellationToken: Cancel);
        var shown = await ShowAsync(1);
        var (variant, person) = (shown.Keys.Single(), shown.Values.Single().Single());
        for (var i = 0; i < 3; i++)
        {
            await blog.PageAsync(person, 1);
            await blog.As(person).TurnDownAsync(new() { Kind = Down.Topic, SubjectId = "noise" }, cancellationToken: Cancel);
        }
        await blog.As(person).UndoTurnDownAsync(new() { Kind = Down.Topic, SubjectId = "noise" }, cancellationToken: Cancel);
        // Somebody else's exposure comes after all of this person's.
        await ShowAsync(1);
        await StopAsync();

        var told = ExperimentExposed.Parser.ParseFrom((byte[])(await blog.ScalarAsync("select payload from outbox where topic = $1 and key = $2", Topics.Exposures, person.ToString()))!);
        (await blog.ScalarAsync("select count(*) from outbox where topic = $1 and key = $2", Topics.Exposures, person.ToString())).ShouldBe(1L);
        (told.Experiment, told.Variant, told.PersonId, told.Day).ShouldBe((name, variant, person.ToString(), blog.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
        (await blog.ScalarAsync("select count(*) from outbox where topic = $1 and key = $2", Topics.TurnDowns, person.ToString())).ShouldBe(2L);
    }

    [Fact]
    public async Task An_experiment_that_is_stopped_ends_for_everybody_and_stopping_it_again_is_no_error()
    {
        await Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("other", ("Popular", 0.4)) } }, cancellationToken: Cancel);
        await ShowAsync(1);

        await StopAsync();
        await StopAsync();
        var after = Guid.CreateVersion7();
        await blog.PageAsync(after, 1);
        await Operator.StartExperimentAsync(new() { Name = name + "-2", Variants = { Trying("other", ("Popular", 0.4)) } }, cancellationToken: Cancel);
        await ShowAsync(1);
        await Operator.StopExperimentAsync(new() { Name = name + "-2" }, cancellationToken: Cancel);

        (await blog.ScalarAsync("select count(*) from exposures where person_id = $1", after)).ShouldBe(0L);
        (await FindAsync()).StopTime.ShouldNotBeNull();
    }

    [Fact]
    public async Task While_experiments_are_switched_off_nobody_is_assigned()
    {
        await Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("other", ("Finished", 0.2)) } }, cancellationToken: Cancel);
        var off = await Switches.SetFlagAsync(new() { Name = Flag.Experiments.Name, On = false, Share = 100, Revision = await RevisionAsync(Flag.Experiments) }, cancellationToken: Cancel);
        var meanwhile = Guid.CreateVersion7();
        await blog.PageAsync(meanwhile, 1);
        await Switches.SetFlagAsync(new() { Name = Flag.Experiments.Name, On = true, Share = 100, Revision = off.Revision }, cancellationToken: Cancel);
        await ShowAsync(1);
        await StopAsync();

        (await blog.ScalarAsync("select count(*) from exposures where person_id = $1", meanwhile)).ShouldBe(0L);
    }

    [Fact]
    public async Task A_variant_that_cannot_be_used_means_the_formula_in_use_and_says_so()
    {
        var fallbacks = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Name == "blog.recommendations.formula_fallbacks") self.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => { foreach (var tag in tags) if (Equals(tag.Value, name)) Interlocked.Add(ref fallbacks, value); });
        listener.Start();
        // As a version that knew another feature would have left it.
        await blog.ScalarAsync(
            """
            insert into experiments (id, name, variants, people, time_frame, started_at)
            values ($1, $2, '[{"name": "default", "weights": {"Moon": 1}}, {"name": "moon", "weights": {"Moon": 1}}]', 100, '1 day', now())
            """, Guid.CreateVersion7(), name);
        var person = Guid.CreateVersion7();

        await RecommendationsFixture.Until(async () =>
        {
            await blog.As(person).ListForYouAsync(new(), cancellationToken: Cancel);
            return Interlocked.Read(ref fallbacks) > 0;
        });
        var problem = Of(await FindAsync(), "moon").Problem;
        await StopAsync();

        problem.ShouldContain("Moon");
        (await blog.ScalarAsync("select count(*) from exposures where person_id = $1", person)).ShouldBe(0L);
    }

    [Fact]
    public async Task An_experiment_that_makes_no_sense_is_refused_with_the_field()
    {
        foreach (var (field, request) in new (string, StartExperimentRequest)[]
        {
            ("name", new() { Name = "Fresher!", Variants = { Trying("a", ("Fresh", 1)) } }),
            ("people", new() { Name = name, People = 101, Variants = { Trying("a", ("Fresh", 1)) } }),
            ("window", new() { Name = name, Window = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)), Variants = { Trying("a", ("Fresh", 1)) } }),
            ("variants", new() { Name = name }),
            ("variants", new() { Name = name, Variants = { Trying("default", ("Fresh", 1)) } }),
            ("variants", new() { Name = name, Variants = { Trying("a", ("Fresh", 1)), Trying("a", ("Fresh", 2)) } }),
            ("variants", new() { Name = name, Variants = { Trying("a", ("Moon", 1)) } }),
            ("variants", new() { Name = name, Variants = { Trying("a", ("Fresh", double.NaN)) } }),
            ("variants", new() { Name = name, Variants = { Trying("a") } }),
        })
            (await FailureOf(Operator.StartExperimentAsync(request))).Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field.ShouldBe(field);

        await Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("a", ("CoRead", 0.9)) } }, cancellationToken: Cancel);
        (await FailureOf(Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("a", ("Similar", 1)) } }))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
        (await FailureOf(Operator.StartExperimentAsync(new() { Name = name + "-2", Variants = { Trying("a", ("CoRead", 1)) } }))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        await StopAsync();
        (await FailureOf(Operator.StopExperimentAsync(new() { Name = "never" }))).StatusCode.ShouldBe(StatusCode.NotFound);
        var person = new V1.Experiments.ExperimentsClient(blog.Host.CallInvoker(blog.Issuer.PersonToken(Guid.CreateVersion7())));
        (await FailureOf(person.StopExperimentAsync(new() { Name = name }))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task A_flag_that_was_changed_meanwhile_or_cannot_be_so_is_refused()
    {
        var revision = await RevisionAsync(Flag.ReadNext);
        var off = await Switches.SetFlagAsync(new() { Name = Flag.ReadNext.Name, Share = 100, Revision = revision }, cancellationToken: Cancel);
        off.On.ShouldBeFalse();
        (await Switches.ListFlagsAsync(new(), cancellationToken: Cancel)).Flags.Select(flag => flag.Name).ShouldBe(Flag.All.Select(flag => flag.Name));

        (await FailureOf(Switches.SetFlagAsync(new() { Name = Flag.ReadNext.Name, On = true, Share = 100, Revision = revision }))).StatusCode.ShouldBe(StatusCode.Aborted);
        (await FailureOf(Switches.SetFlagAsync(new() { Name = "nothing", On = true, Share = 100 }))).StatusCode.ShouldBe(StatusCode.NotFound);
        FieldOf(await FailureOf(Switches.SetFlagAsync(new() { Name = Flag.ReadNext.Name, On = true, Share = 50, Revision = off.Revision }))).ShouldBe("share");
        FieldOf(await FailureOf(Switches.SetFlagAsync(new() { Name = Flag.Exploration.Name, On = true, Share = 101 }))).ShouldBe("share");
        FieldOf(await FailureOf(Switches.SetFlagAsync(new() { Name = Flag.Exploration.Name, On = true, Share = 0, PersonIds = { "somebody" } }))).ShouldBe("person_ids");
        var nobody = new Flags.V1.Flags.FlagsClient(blog.Host.CallInvoker());
        (await FailureOf(nobody.SetFlagAsync(new() { Name = Flag.ReadNext.Name, On = true, Share = 100, Revision = off.Revision }))).StatusCode.ShouldBe(StatusCode.Unauthenticated);

        (await Switches.SetFlagAsync(new() { Name = Flag.ReadNext.Name, On = true, Share = 100, Revision = off.Revision }, cancellationToken: Cancel)).On.ShouldBeTrue();

        static string FieldOf(RpcException failure) => failure.Detail<Google.Rpc.BadRequest>()!.FieldViolations.ShouldHaveSingleItem().Field;
    }

    [Fact]
    public async Task Without_exploration_no_place_is_kept_for_what_is_new()
    {
        var (reader, topic) = (Guid.CreateVersion7(), $"topic-{Guid.NewGuid():N}");
        await blog.FollowAsync(reader, FollowTarget.Topic, topic);
        await blog.PublishAsync([.. Enumerable.Range(0, 20).Select(_ => new Story(Guid.CreateVersion7(), topic) { Time = Story.LongAgo })]);
        // Nobody read these and nothing speaks for them, but that they are new.
        var unread = await blog.PublishAsync([.. Enumerable.Range(0, 3).Select(_ => new Story(Guid.CreateVersion7()) { Time = blog.Clock.GetUtcNow().UtcDateTime.AddMinutes(-1) })]);
        await RecommendationsFixture.Until(async () => (await blog.PageAsync(reader, 14)).Any(item => item.Reason.Kind is Reason.Types.Kind.New));

        var off = await Switches.SetFlagAsync(new() { Name = Flag.Exploration.Name, On = false, Share = 100, Revision = await RevisionAsync(Flag.Exploration) }, cancellationToken: Cancel);
        var page = await blog.PageAsync(reader, 14);
        await Switches.SetFlagAsync(new() { Name = Flag.Exploration.Name, On = true, Share = 100, Revision = off.Revision }, cancellationToken: Cancel);

        page.Count.ShouldBe(14);
        page.ShouldAllBe(item => item.Reason.Kind != Reason.Types.Kind.Different && unread.All(story => item.ArticleId != story.Id.ToString()));
    }

    [Fact]
    public async Task The_operators_page_shows_variants_side_by_side_and_its_button_ends_an_experiment_but_not_from_elsewhere()
    {
        await Operator.StartExperimentAsync(new() { Name = name, Variants = { Trying("fresher", ("Fresh", 0.2)) } }, cancellationToken: Cancel);
        var id = await blog.ScalarAsync("select id from experiments where name = $1", name);
        // A thousand people a variant, of whom 30 and 45 of a hundred read to the end.
        await blog.ScalarAsync(
            """
            insert into exposures select gen_random_uuid(), $1, case when i % 2 = 0 then 'default' else 'fresher' end, now() - interval '3 days', current_date - 3 from generate_series(1, 2000) i
            """, id!);
        await blog.ScalarAsync(
            """
            insert into outcomes select person_id, experiment_id, 2 from
                (select *, row_number() over (partition by variant order by person_id) as n from exposures where experiment_id = $1) e
            where n <= case variant when 'default' then 300 else 450 end
            """, id!);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = blog.Host.HttpAddress };

        var page = await http.GetStringAsync("/experiments", Cancel);
        using var fromElsewhere = await PressAsync("https://elsewhere.example");
        using var without = await http.PostAsync($"/experiments/{name}/stop", null, Cancel);
        var finished = Of(await FindAsync(), "fresher").Outcomes.Single(outcome => outcome.Kind == Kind.Finished);
        var runs = (await FindAsync()).StopTime is null;
        using var pressed = await PressAsync(blog.Host.HttpAddress.GetLeftPart(UriPartial.Authority));
        var stopped = await FindAsync();

        page.ShouldContain(name);
        page.ShouldContain("45.0 %");
        page.ShouldContain("<strong>more</strong>");
        foreach (var flag in Flag.All)
            page.ShouldContain(flag.Name);
        finished.Difference.ShouldBe(0.15, 1e-9);
        finished.Lowest.ShouldBeInRange(0.07, 0.1);
        finished.Highest.ShouldBeInRange(0.2, 0.23);
        (fromElsewhere.StatusCode, without.StatusCode, runs).ShouldBe((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, true));
        (pressed.StatusCode, pressed.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.Found, "/experiments"));
        stopped.StopTime.ShouldNotBeNull();

        async Task<HttpResponseMessage> PressAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/experiments/{name}/stop") { Headers = { { "Origin", origin } } };
            return await http.SendAsync(request, Cancel);
        }
    }

    async Task<long> RevisionAsync(Flag flag) => (await Switches.ListFlagsAsync(new(), cancellationToken: Cancel)).Flags.Single(known => known.Name == flag.Name).Revision;

    static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);
}
