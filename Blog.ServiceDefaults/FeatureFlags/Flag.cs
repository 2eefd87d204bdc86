namespace Blog.ServiceDefaults.FeatureFlags;

/// <summary>Whom a flag can tell apart.</summary>
public enum FlagScope
{
    /// <summary>Nobody: what it switches is the same for everyone, and is kept by caches for all of them.</summary>
    Site,

    /// <summary>It can be on for some people and off for others.</summary>
    Person,
}

/// <summary>
/// A switch of the platform that takes effect within seconds, in every instance, without a restart. To add one: name it here, and ask
/// <c>IVariantFeatureManager.IsEnabledAsync(Flag.X.Name)</c> in a service that calls <see cref="FlagRegistration.AddFeatureFlags"/>.
/// </summary>
/// <param name="Name">As operators type it.</param>
/// <param name="IsOnByDefault">While nobody touched it, and while nobody can be asked.</param>
/// <param name="Scope">Whether it can be on for some people only.</param>
/// <param name="Does">What it switches, for operators.</param>
public sealed record Flag(string Name, bool IsOnByDefault, FlagScope Scope, string Does)
{
    /// <summary>Variants of formulas. Off: everybody has the formula in use, whatever experiments run.</summary>
    public static readonly Flag Experiments = new("experiments", true, FlagScope.Site, "Experiments: people are assigned to variants of the formula.");

    /// <summary>Places of "for you" that are kept for what is new or different.</summary>
    public static readonly Flag Exploration = new("exploration", true, FlagScope.Person, "Places of “for you” that are kept for what is new or different.");

    /// <summary>What to read next, below a story.</summary>
    public static readonly Flag ReadNext = new("read-next", true, FlagScope.Site, "What to read next, below a story.");

    /// <summary>Suggestions while somebody types a search.</summary>
    public static readonly Flag SearchSuggestions = new("search-suggestions", true, FlagScope.Site, "Suggestions while somebody types a search.");

    /// <summary>Every flag, in the order of their names.</summary>
    public static IReadOnlyList<Flag> All { get; } = [Experiments, Exploration, ReadNext, SearchSuggestions];
}
