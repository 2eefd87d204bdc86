using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.FeatureManagement;
using FlagsV1 = Blog.Flags.V1;

namespace Blog.ServiceDefaults.FeatureFlags;

/// <summary>
/// How the flags stand, as far as this process knows: at first as in code, then as it was last told. Asking never waits for anything, so nothing here depends on whether
/// the owner of the flags is there.
/// </summary>
public sealed class FlagStates : IFeatureDefinitionProvider
{
    volatile FrozenDictionary<string, FeatureDefinition> definitions = Define([], []);

    /// <summary>Replaces what is known.</summary>
    /// <param name="touched">Flags that somebody touched; those that are not in code here are left out, the others are as in code.</param>
    /// <param name="more">Further features, with variants.</param>
    public void Set(IEnumerable<FlagsV1.Flag> touched, IEnumerable<FeatureDefinition>? more = null) => definitions = Define(touched, more ?? []);

    static FrozenDictionary<string, FeatureDefinition> Define(IEnumerable<FlagsV1.Flag> touched, IEnumerable<FeatureDefinition> more)
    {
        var states = touched.ToDictionary(flag => flag.Name, StringComparer.Ordinal);
        return Flag.All.Select(flag => Define(flag, states.GetValueOrDefault(flag.Name))).Concat(more).ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);
    }

    static FeatureDefinition Define(Flag flag, FlagsV1.Flag? state) => new()
    {
        Name = flag.Name,
        Status = state?.On ?? flag.IsOnByDefault ? FeatureStatus.Conditional : FeatureStatus.Disabled,
        EnabledFor = [state is null or { Share: 100 } || flag.Scope == FlagScope.Site ? new() { Name = "AlwaysOn" } : ForSome(state)],
    };

    /// <summary>The filter that puts people in order by SHA-256 of person and flag: each flag in another one, and always in the same.</summary>
    static FeatureFilterConfiguration ForSome(FlagsV1.Flag state) => new()
    {
        Name = "Microsoft.Targeting",
        Parameters = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Audience:DefaultRolloutPercentage", state.Share.ToString(CultureInfo.InvariantCulture)),
            .. state.PersonIds.Select((person, index) => KeyValuePair.Create($"Audience:Users:{index}", (string?)person)),
        ]).Build(),
    };

    /// <inheritdoc/>
    public Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName) => Task.FromResult(definitions.GetValueOrDefault(featureName)!);

    /// <inheritdoc/>
    public IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync() => definitions.Values.ToAsyncEnumerable();
}
