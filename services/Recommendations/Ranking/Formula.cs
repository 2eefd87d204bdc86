using Microsoft.Extensions.Options;

namespace Blog.Recommendations.Ranking;

/// <summary>What is weighed of a candidate. Each is 0 to 1, but <see cref="Shown"/> and <see cref="Unwanted"/>, which weigh against it.</summary>
enum Feature
{
    /// <summary>The author, publication or a topic is followed; fades with the age of the article.</summary>
    FollowedPerson,
    FollowedPublication,
    FollowedTopic,

    /// <summary>Words like those of what was read: s / (s + ½) of the similarities s to it, each by how much the person took to it and how long ago.</summary>
    Similar,

    /// <summary>Read by those who read what the person read; the same with co-reading.</summary>
    CoRead,

    /// <summary>The share of the author, and of the topics, in what the person read.</summary>
    ReadPerson,
    ReadTopic,

    /// <summary>a / (a + p) of the decayed audience a; p is that of the thirtieth of the site. Half-lives: 21 days, 36 hours.</summary>
    Popular,
    Trending,

    /// <summary>Halves every 3 days.</summary>
    Fresh,

    /// <summary>The share of readers who came to the end.</summary>
    Finished,

    /// <summary>How often it was shown to the person before without being opened; 5 times is all of it.</summary>
    Shown,

    /// <summary>How like it is to what the person turned down: its words, its author, its topics.</summary>
    Unwanted,
}

/// <summary>
/// score = Σ weight × feature; then diversity: what follows articles of the same author or topic is worth less (see <see cref="Ranker"/>). A formula is data: its weights by the
/// names of <see cref="Feature"/>.
/// </summary>
sealed class Formula
{
    public const string DefaultName = "default";

    /// <summary>How many there are to weigh.</summary>
    public const int Features = (int)Feature.Unwanted + 1;

    /// <summary>By judgement; `./blog bench recommendation-quality` says what they give, docs/recommendations.md how to try others.</summary>
    public static readonly Formula Default = new(DefaultName, new Dictionary<Feature, double>
    {
        [Feature.FollowedPerson] = 0.6,
        [Feature.FollowedPublication] = 0.4,
        [Feature.FollowedTopic] = 0.25,
        [Feature.Similar] = 0.8,
        [Feature.CoRead] = 1.0,
        [Feature.ReadPerson] = 0.5,
        [Feature.ReadTopic] = 0.4,
        [Feature.Popular] = 0.3,
        [Feature.Trending] = 0.2,
        [Feature.Fresh] = 0.15,
        [Feature.Finished] = 0.1,
        [Feature.Shown] = -0.5,
        [Feature.Unwanted] = -1.5,
    });

    readonly double[] weights = new double[Features];

    public Formula(string name, IReadOnlyDictionary<Feature, double> byFeature)
    {
        Name = name;
        foreach (var (feature, weight) in byFeature)
            weights[(int)feature] = weight;
    }

    public string Name { get; }

    public double WeightOf(Feature feature) => weights[(int)feature];

    /// <summary>How much a feature adds to the score.</summary>
    public double Contribution(ReadOnlySpan<float> features, Feature feature) => weights[(int)feature] * features[(int)feature];

    public double Score(ReadOnlySpan<float> features)
    {
        var score = 0d;
        for (var i = 0; i < weights.Length; i++)
            score += weights[i] * features[i];
        return score;
    }

    /// <summary>The default with other weights for some features.</summary>
    /// <exception cref="InvalidOperationException">A name is not a feature.</exception>
    public static Formula From(string name, IReadOnlyDictionary<string, double> changes) => Default.With(name, changes);

    /// <summary>This one with other weights for some features.</summary>
    /// <exception cref="InvalidOperationException">A name is not a feature.</exception>
    public Formula With(string name, IReadOnlyDictionary<string, double> changes) => new(name, Enum.GetValues<Feature>().ToDictionary(
        feature => feature, feature => changes.FirstOrDefault(change => Named(change.Key) == feature, new("", WeightOf(feature))).Value));

    static Feature Named(string name) => Enum.TryParse<Feature>(name, out var feature) && Enum.IsDefined(feature)
        ? feature
        : throw new InvalidOperationException($"Blog:Recommendations:Formulas names “{name}”, which is not a feature. There are {string.Join(", ", Enum.GetNames<Feature>())}.");
}

/// <summary>The formulas by name, of configuration. The default is always there.</summary>
sealed class Formulas(IOptionsMonitor<RecommendationsOptions> options, ILogger<Formulas> log)
{
    /// <summary>The one in use now; a mistake in configuration means the default.</summary>
    public Formula InUse
    {
        get
        {
            var wanted = options.CurrentValue;
            if (made is { } known && known.For == wanted)
                return known.Formula;
            var formula = Formula.Default;
            try
            {
                if (wanted.Formula != Formula.DefaultName)
                    formula = Formula.From(wanted.Formula, wanted.Formulas[wanted.Formula]);
            }
            catch (Exception mistake) when (mistake is InvalidOperationException or KeyNotFoundException)
            {
                log.LogError("The formula “{Name}” cannot be used, the default is: {Reason}", wanted.Formula, mistake.Message);
            }
            made = new(wanted, formula);
            return formula;
        }
    }

    sealed record Made(RecommendationsOptions For, Formula Formula);
    volatile Made? made;
}
