using System.Runtime.CompilerServices;
using Blog.Recommendations.People;
using Blog.Recommendations.Shelves;

namespace Blog.Recommendations.Ranking;

/// <summary>A number for each <see cref="Feature"/>, in place: a page has a thousand of them.</summary>
[InlineArray(Formula.Features)]
struct FeatureValues
{
    float first;
}

/// <summary>An article that may be recommended, with what speaks for and against it.</summary>
sealed class Candidate(ArticleFacts article)
{
    FeatureValues values;

    public ArticleFacts Article { get; } = article;
    public ReadOnlySpan<float> Features => values;
    public double Score { get; set; }

    /// <summary>The read article that its words, or its readers, are most like.</summary>
    public (ArticleFacts? Article, float Score) BestSimilar, BestCoRead;

    /// <summary>Of its topics the one that is followed, or read most.</summary>
    public string? FollowedTopic, ReadTopic;

    public ref float this[Feature feature] => ref values[(int)feature];
}

/// <summary>
/// Where candidates come from: what is followed, what is like what was read (by words and by readers), authors and topics that are read, and what is popular or trending.
/// About a thousand; each is then described by its <see cref="Feature"/>s. What is new or different is looked for apart (<see cref="Exploration"/>).
/// </summary>
sealed class Candidates(Profile profile, Taste taste, Library library, Catalogue catalogue, DateTime now)
{
    const int FromFollowedPeople = 300, OfPerson = 8, OfPublication = 40, OfTopic = 40, FromTopics = 30, ReadPeople = 20, ReadTopics = 6, FromPopular = 80, FromTrending = 60;

    /// <summary>Sums of similarities that make half of a feature.</summary>
    const float HalfSimilar = 0.5f, HalfCoRead = 0.25f;

    /// <summary>From this likeness on to what was turned down nothing is tried.</summary>
    const float TooLike = 0.4f;

    static readonly TimeSpan FollowFades = TimeSpan.FromDays(30), FreshFades = TimeSpan.FromDays(3);

    const double OftenShown = 5;

    readonly Dictionary<int, Candidate> found = new(1_500);
    readonly HashSet<int> read = [.. profile.Signals.Select(signal => signal.Number)];
    readonly Unwanted unwanted = new(profile, catalogue);

    /// <summary>Whether an article may be recommended to this person at all.</summary>
    public bool IsEligible(ArticleFacts article) =>
        article.Time <= now && article.Author != profile.Person && !read.Contains(article.Number) && !profile.NotArticles.Contains(article.Number)
        && !profile.Hidden.Contains(article.Author) && !profile.NotPeople.Contains(article.Author)
        && (profile.NotTopics.Count == 0 || profile.People.Contains(article.Author) || !article.Topics.Any(profile.NotTopics.Contains));

    /// <summary>Whether it may be tried on this person: it is not like what they turned down.</summary>
    public bool IsWelcome(ArticleFacts article) => IsEligible(article) && unwanted.Likeness(article) < TooLike;

    public IReadOnlyCollection<Candidate> Collect()
    {
        Add(profile.People.SelectMany(OfAuthor).OrderByDescending(article => article.Time).Take(FromFollowedPeople));
        Add(profile.Publications.Take(FromTopics).SelectMany(id => library.ByPublication.TryGetValue(id, out var shelf) ? shelf.Take(OfPublication) : []));
        Add(profile.Topics.Take(FromTopics).SelectMany(OfTopicShelf));
        Add(taste.PersonShare.OrderByDescending(share => share.Value).Take(ReadPeople).SelectMany(share => OfAuthor(share.Key)));
        Add(taste.TopicShare.OrderByDescending(share => share.Value).Take(ReadTopics).SelectMany(share => OfTopicShelf(share.Key)));
        Add(library.Popular.Take(FromPopular));
        Add(library.Trending.Take(FromTrending));
        foreach (var seed in taste.Seeds)
            AddNeighbours(seed);
        foreach (var candidate in found.Values)
            Describe(candidate);
        return found.Values;
    }

    IEnumerable<ArticleFacts> OfAuthor(Guid author) => library.ByAuthor.TryGetValue(author, out var shelf) ? shelf.Take(OfPerson) : [];

    IEnumerable<ArticleFacts> OfTopicShelf(string topic) => library.ByTopic.TryGetValue(topic, out var shelf) ? shelf.Newest.Take(OfTopic).Concat(shelf.Popular.Take(OfTopic)) : [];

    void Add(IEnumerable<ArticleFacts> articles)
    {
        foreach (var article in articles)
            Find(article.Number);
    }

    /// <summary>The candidate of this number as it is now; null: it is none.</summary>
    Candidate? Find(int number)
    {
        if (found.TryGetValue(number, out var known))
            return known;
        if (catalogue.Find(number) is not { } article || !IsEligible(article))
            return null;
        return found[number] = new Candidate(article);
    }

    void AddNeighbours(Seed seed)
    {
        var (similar, coRead) = (seed.Article.Similar, seed.Article.CoRead);
        for (var i = 0; i < similar.Numbers.Length; i++)
            if (Find(similar.Numbers[i]) is { } candidate)
            {
                var score = similar.Scores[i] * seed.Weight;
                candidate[Feature.Similar] += score;
                if (score > candidate.BestSimilar.Score)
                    candidate.BestSimilar = (seed.Article, score);
            }
        for (var i = 0; i < coRead.Numbers.Length; i++)
            if (Find(coRead.Numbers[i]) is { } candidate)
            {
                var score = coRead.Scores[i] * seed.Weight;
                candidate[Feature.CoRead] += score;
                if (score > candidate.BestCoRead.Score)
                    candidate.BestCoRead = (seed.Article, score);
            }
    }

    /// <summary>Fills in the features of a candidate whose similarities have been summed.</summary>
    public void Describe(Candidate candidate)
    {
        var article = candidate.Article;
        var age = now - article.Time;
        var timely = 0.3f + 0.7f * MathF.Pow(2, -(float)(age / FollowFades));
        candidate[Feature.Similar] = candidate[Feature.Similar] / (candidate[Feature.Similar] + HalfSimilar);
        candidate[Feature.CoRead] = candidate[Feature.CoRead] / (candidate[Feature.CoRead] + HalfCoRead);
        candidate[Feature.FollowedPerson] = profile.People.Contains(article.Author) ? timely : 0;
        candidate[Feature.FollowedPublication] = article.Publication is { } publication && profile.Publications.Contains(publication) ? timely : 0;
        candidate[Feature.ReadPerson] = taste.PersonShare.GetValueOrDefault(article.Author);
        foreach (var topic in article.Topics)
        {
            if (candidate.FollowedTopic is null && profile.Topics.Contains(topic))
                (candidate.FollowedTopic, candidate[Feature.FollowedTopic]) = (topic, timely);
            if (taste.TopicShare.GetValueOrDefault(topic) is var share && share > candidate[Feature.ReadTopic])
                (candidate.ReadTopic, candidate[Feature.ReadTopic]) = (topic, share);
        }
        if (article.Readers > 0)
        {
            // a / (a + p) of two logarithms; both fade alike, so the moment does not matter.
            candidate[Feature.Popular] = 1 / (1 + MathF.Pow(2, (float)(library.PopularPivotLog - article.Popular)));
            candidate[Feature.Trending] = 1 / (1 + MathF.Pow(2, (float)(library.TrendPivotLog - article.Trend)));
        }
        candidate[Feature.Fresh] = MathF.Pow(2, -(float)(age / FreshFades));
        candidate[Feature.Finished] = article.Finished;
        candidate[Feature.Shown] = (float)Math.Min(1, profile.Shown.GetValueOrDefault(article.Number) / OftenShown);
        candidate[Feature.Unwanted] = unwanted.Likeness(article);
    }
}

/// <summary>What a person turned down, and how like it other articles are.</summary>
sealed class Unwanted
{
    const float SameAuthor = 0.25f, SameTopic = 0.1f;

    readonly Dictionary<int, float> likeness = [];
    readonly Dictionary<Guid, int> authors = [];
    readonly Dictionary<string, int> topics = new(StringComparer.Ordinal);

    public Unwanted(Profile profile, Catalogue catalogue)
    {
        foreach (var number in profile.NotArticles)
        {
            if (catalogue.Find(number) is not { } article)
                continue;
            authors[article.Author] = authors.GetValueOrDefault(article.Author) + 1;
            foreach (var topic in article.Topics)
                topics[topic] = topics.GetValueOrDefault(topic) + 1;
            foreach (var (neighbour, score) in article.Similar.Numbers.Zip(article.Similar.Scores))
                likeness[neighbour] = likeness.GetValueOrDefault(neighbour) + score;
        }
    }

    /// <summary>0 to 1.</summary>
    public float Likeness(ArticleFacts article) => authors.Count == 0
        ? 0
        : Math.Min(1, likeness.GetValueOrDefault(article.Number) + SameAuthor * authors.GetValueOrDefault(article.Author) + SameTopic * article.Topics.Sum(topic => topics.GetValueOrDefault(topic)));
}
