using Blog.Recommendations.People;
using Blog.Recommendations.Shelves;

namespace Blog.Recommendations.Ranking;

/// <param name="Article">What was read.</param>
/// <param name="Weight">How much it tells of what the person likes now, 0 to 1.</param>
readonly record struct Seed(ArticleFacts Article, float Weight);

/// <summary>What a profile tells of a person's taste: whom and what they read, and the articles to look for more like.</summary>
sealed class Taste
{
    /// <summary>How many of the articles are looked for more like.</summary>
    const int MostSeeds = 60;

    static readonly TimeSpan HalfLife = TimeSpan.FromDays(45);

    /// <summary>An author's articles, read to the end, that make half of <see cref="PersonShare"/>; and articles that make a taste half certain.</summary>
    const double HalfOfPerson = 1.5, HalfCertain = 4;

    readonly Dictionary<Guid, float> people = [];
    readonly Dictionary<string, float> topics = new(StringComparer.Ordinal);

    public Taste(Profile profile, Catalogue catalogue, Library library, DateTime now)
    {
        var (seeds, total) = (new List<Seed>(MostSeeds), 0d);
        foreach (var signal in profile.Signals)
        {
            if (catalogue.Find(signal.Number) is not { } article || article.Author == profile.Person)
                continue;
            var weight = (float)(Math.Min(1, signal.Strength) * Math.Pow(2, -Math.Max(0, (now - signal.At) / HalfLife)));
            seeds.Add(new(article, weight));
            total += weight;
            people[article.Author] = people.GetValueOrDefault(article.Author) + weight;
            foreach (var topic in article.Topics)
                topics[topic] = topics.GetValueOrDefault(topic) + weight;
        }
        foreach (var (person, weight) in people)
            people[person] = (float)(weight / (weight + HalfOfPerson));
        foreach (var (topic, weight) in topics)
        {
            // A topic that nearly every article has says nothing of a person.
            var everywhere = library.ByTopic.TryGetValue(topic, out var shelf) && library.Count > 0 ? shelf.Articles / (double)library.Count : 0;
            topics[topic] = (float)(weight / total * total / (total + HalfCertain) * Math.Sqrt(Math.Max(0, 1 - everywhere)));
        }
        Seeds = [.. seeds.OrderByDescending(seed => seed.Weight).Take(MostSeeds)];
    }

    /// <summary>Those that tell most.</summary>
    public IReadOnlyList<Seed> Seeds { get; }

    /// <summary>How much they read an author, 0 to 1.</summary>
    public IReadOnlyDictionary<Guid, float> PersonShare => people;

    /// <summary>How much of what they read is in a topic, 0 to 1.</summary>
    public IReadOnlyDictionary<string, float> TopicShare => topics;
}
