using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Blog.Recommendations.Ranking;
using Blog.Recommendations.Switches;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.FeatureFlags;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;

namespace Blog.Recommendations.Experiments;

/// <summary>By which formula a person's pages are ranked.</summary>
/// <param name="Formula">The one in use, with the weights that the variants change.</param>
/// <param name="Variants">Of each experiment the person takes part in.</param>
sealed record Assignment(Formula Formula, IReadOnlyList<(Experiment Experiment, Variant Variant)> Variants);

/// <summary>
/// Assigns people to variants. A variant that cannot be used, or is missing, means the formula in use: the page comes in any case, the person does not count for the
/// experiment, and the log and the counter <c>blog.recommendations.formula_fallbacks</c> say so.
/// </summary>
sealed class Assignments(IVariantFeatureManager features, Switchboard switchboard, Formulas formulas, ILogger<Assignments> log)
{
    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>("blog.recommendations.formula_fallbacks", "{page}", "Pages ranked by the formula in use because a variant could not be, by experiment.");

    readonly ConcurrentDictionary<(Formula Base, string Variants), Formula> made = new();
    readonly ConcurrentDictionary<string, bool> told = new(StringComparer.Ordinal);

    public async ValueTask<Assignment> OfAsync(Guid person, CancellationToken cancel)
    {
        var inUse = formulas.InUse;
        if (switchboard.Running is not { Count: > 0 } running || !await features.IsEnabledAsync(Flag.Experiments.Name, cancel))
            return new(inUse, []);
        var assigned = new List<(Experiment Experiment, Variant Variant)>(running.Count);
        foreach (var experiment in running)
            if (await VariantOfAsync(experiment, person, cancel) is { } variant)
                assigned.Add((experiment, variant));
        return new(With(inUse, assigned), assigned);
    }

    async ValueTask<Variant?> VariantOfAsync(Experiment experiment, Guid person, CancellationToken cancel)
    {
        try
        {
            if (await features.GetVariantAsync(experiment.Feature, new TargetingContext { UserId = person.ToString() }, cancel) is not { Name: var name })
                return null;
            var variant = experiment.Variants.FirstOrDefault(known => known.Name == name);
            if (variant is { Problem: null })
                return variant;
            Fallback(experiment, name, variant?.Problem ?? "there is none");
        }
        catch (FeatureManagementException problem)
        {
            Fallback(experiment, "", problem.Message);
        }
        return null;
    }

    void Fallback(Experiment experiment, string variant, string problem)
    {
        Fallbacks.Add(1, new KeyValuePair<string, object?>("experiment", experiment.Name));
        if (told.TryAdd($"{experiment.Name}/{variant}", true))
            log.LogError("The variant “{Variant}” of the experiment “{Experiment}” cannot be used, the formula in use is: {Problem}", variant, experiment.Name, problem);
    }

    Formula With(Formula inUse, List<(Experiment Experiment, Variant Variant)> assigned)
    {
        var changes = assigned.SelectMany(one => one.Variant.Weights).ToArray();
        if (changes.Length == 0)
            return inUse;
        return made.GetOrAdd((inUse, string.Join(", ", assigned.Select(one => $"{one.Experiment.Name}: {one.Variant.Name}"))), key =>
            key.Base.With(key.Variants, changes.GroupBy(change => change.Key).ToDictionary(same => same.Key, same => same.Last().Value)));
    }
}
