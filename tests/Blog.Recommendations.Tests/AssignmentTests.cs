using Blog.Recommendations.Experiments;
using Blog.ServiceDefaults.FeatureFlags;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using FlagState = Blog.Flags.V1.Flag;

namespace Blog.Recommendations.Tests;

/// <summary>Who gets what, of many people: the mathematics, without a database.</summary>
public sealed class AssignmentTests
{
    const int Many = 20_000;
    static readonly string[] People = [.. Enumerable.Range(0, Many).Select(_ => Guid.CreateVersion7().ToString())];
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Experiment Trying(string name, int people = 100, params string[] variants) => new(Guid.CreateVersion7(), name,
        [.. variants.Prepend(Experiment.Control).Select(variant => new Blog.Recommendations.Experiments.Variant(variant, new Dictionary<string, double>()))], people, TimeSpan.FromDays(1), DateTime.UtcNow, null);

    static IVariantFeatureManager Manager(IEnumerable<FlagState> flags, params Experiment[] experiments)
    {
        var services = new ServiceCollection();
        services.AddFeatureManagement().WithTargeting<Nobody>();
        var states = new FlagStates();
        states.Set(flags, experiments.Select(experiment => experiment.ToFeature()));
        services.Replace(ServiceDescriptor.Singleton<IFeatureDefinitionProvider>(states));
        return services.BuildServiceProvider().GetRequiredService<IVariantFeatureManager>();
    }

    static async Task<string[]> VariantsAsync(IVariantFeatureManager manager, Experiment experiment) =>
        await Task.WhenAll(People.Select(async person => (await manager.GetVariantAsync(experiment.Feature, new TargetingContext { UserId = person }, Cancel))?.Name ?? "none"));

    /// <summary>Pearson's statistic of counts against what is expected.</summary>
    static double ChiSquared(IEnumerable<(double Seen, double Expected)> cells) => cells.Sum(cell => (cell.Seen - cell.Expected) * (cell.Seen - cell.Expected) / cell.Expected);

    [Fact]
    public async Task A_person_has_the_same_variant_every_time_and_in_every_process()
    {
        var experiment = Trying("steady", 100, "one", "two");

        var first = await VariantsAsync(Manager([], experiment), experiment);
        // Another process knows the experiment from the database: another object, another id.
        var again = await VariantsAsync(Manager([], Trying("steady", 100, "one", "two")), experiment);

        again.ShouldBe(first);
    }

    [Fact]
    public async Task Variants_get_the_same_part_of_people_and_who_does_not_take_part_gets_none()
    {
        var experiment = Trying("uniform", 60, "one", "two");

        var counts = (await VariantsAsync(Manager([], experiment), experiment)).CountBy(name => name).ToDictionary();

        // 3 degrees of freedom: 16.3 is exceeded once in a thousand sets of people.
        ChiSquared([(counts["default"], Many * 0.2), (counts["one"], Many * 0.2), (counts["two"], Many * 0.2), (counts["none"], Many * 0.4)]).ShouldBeLessThan(16.3);
    }

    [Fact]
    public async Task The_variant_in_one_experiment_says_nothing_of_that_in_another()
    {
        var (one, two) = (Trying("first", 100, "new"), Trying("second", 100, "new"));
        var manager = Manager([], one, two);

        var both = (await VariantsAsync(manager, one)).Zip(await VariantsAsync(manager, two)).CountBy(pair => pair).ToDictionary();

        both.Count.ShouldBe(4);
        ChiSquared(both.Values.Select(count => ((double)count, Many / 4.0))).ShouldBeLessThan(16.3);
    }

    [Fact]
    public async Task A_share_of_a_flag_is_that_share_of_people_and_growing_only_adds_some()
    {
        var (some, more) = (await OnForAsync(20), await OnForAsync(50));
        var named = await OnForAsync(0, People[7]);

        some.Count.ShouldBeInRange((int)(Many * 0.185), (int)(Many * 0.215));
        more.Count.ShouldBeInRange((int)(Many * 0.485), (int)(Many * 0.515));
        some.IsSubsetOf(more).ShouldBeTrue();
        named.ShouldHaveSingleItem().ShouldBe(People[7]);

        static async Task<HashSet<string>> OnForAsync(int share, params string[] named)
        {
            var manager = Manager([new() { Name = Flag.Exploration.Name, On = true, Share = share, PersonIds = { named } }]);
            var on = new HashSet<string>();
            foreach (var person in People)
                if (await manager.IsEnabledAsync(Flag.Exploration.Name, new TargetingContext { UserId = person }, Cancel))
                    on.Add(person);
            return on;
        }
    }

    [Fact]
    public async Task Flags_are_as_in_code_until_somebody_says_otherwise_and_what_is_no_flag_is_off()
    {
        var asInCode = Manager([]);
        var changed = Manager([new() { Name = Flag.ReadNext.Name, On = false, Share = 100 }, new() { Name = "of-another-version", On = true, Share = 100 }]);

        foreach (var flag in Flag.All)
            (await asInCode.IsEnabledAsync(flag.Name, Cancel)).ShouldBe(flag.IsOnByDefault);
        (await changed.IsEnabledAsync(Flag.ReadNext.Name, Cancel)).ShouldBeFalse();
        (await changed.IsEnabledAsync(Flag.SearchSuggestions.Name, Cancel)).ShouldBeTrue();
        (await changed.IsEnabledAsync("of-another-version", Cancel)).ShouldBeFalse();
    }

    sealed class Nobody : ITargetingContextAccessor
    {
        public ValueTask<TargetingContext> GetContextAsync() => new(new TargetingContext { UserId = "" });
    }
}
