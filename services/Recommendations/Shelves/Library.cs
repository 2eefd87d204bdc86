using Blog.Recommendations.Similarity;

namespace Blog.Recommendations.Shelves;

/// <summary>The articles of one topic.</summary>
/// <param name="Newest">Newest first.</param>
/// <param name="Popular">Most popular first; only what somebody read.</param>
/// <param name="Articles">How many there are.</param>
/// <param name="Audience">How popular they are together, in decayed people (<see cref="Similarity.Audience.At"/>).</param>
sealed record TopicShelf(ArticleFacts[] Newest, ArticleFacts[] Popular, int Articles, double Audience);

/// <summary>An author as the public sees one.</summary>
/// <param name="Id">Of the profile.</param>
/// <param name="Audience">How popular their stories are together.</param>
/// <param name="Topic">What they mostly write of, by audience; null: nothing.</param>
sealed record PopularAuthor(Guid Id, double Audience, string? Topic);

/// <summary>
/// All published articles in the orders in which candidates are looked for. Never changes: when articles change another one is made. An article on a shelf may have changed since;
/// what is true now is asked from the <see cref="Catalogue"/>.
/// </summary>
sealed class Library
{
    const int MostOfAuthor = 40, MostOfTopic = 200, MostPopular = 300, MostAuthors = 300, Pivot = 30;

    public static readonly Library Empty = new([], DateTime.UnixEpoch, TimeSpan.Zero);

    public IReadOnlyDictionary<Guid, ArticleFacts[]> ByAuthor { get; }
    public IReadOnlyDictionary<Guid, ArticleFacts[]> ByPublication { get; }
    public IReadOnlyDictionary<string, TopicShelf> ByTopic { get; }

    /// <summary>Most popular, most trending and newest first.</summary>
    public ArticleFacts[] Popular { get; }
    public ArticleFacts[] Trending { get; }
    public ArticleFacts[] New { get; }
    public PopularAuthor[] Authors { get; }

    /// <summary>Topics, most read first.</summary>
    public KeyValuePair<string, TopicShelf>[] Topics { get; }

    public int Count { get; }

    /// <summary>The decayed audience of an article that is popular here, the thirtieth; and, as logarithms, of that and of one that trends.</summary>
    public double PopularPivot { get; }
    public double PopularPivotLog { get; }
    public double TrendPivotLog { get; }

    public Library(IReadOnlyCollection<ArticleFacts> articles, DateTime now, TimeSpan newFor)
    {
        Count = articles.Count;
        var newest = articles.OrderByDescending(a => a.Time).ThenByDescending(a => a.Number).ToArray();
        ByAuthor = newest.GroupBy(a => a.Author).ToDictionary(group => group.Key, group => group.Take(MostOfAuthor).ToArray());
        ByPublication = newest.Where(a => a.Publication is not null).GroupBy(a => a.Publication!.Value).ToDictionary(group => group.Key, group => group.Take(MostOfTopic).ToArray());
        New = [.. newest.TakeWhile(a => a.Time > now - newFor)];
        var popular = articles.Where(a => a.Readers > 0).OrderByDescending(a => a.Popular).ThenBy(a => a.Number).ToArray();
        Popular = [.. popular.Take(MostPopular)];
        Trending = [.. popular.OrderByDescending(a => a.Trend).ThenBy(a => a.Number).Take(MostPopular)];
        PopularPivot = Popular.Length == 0 ? 1 : Math.Max(0.01, PopularAt(Popular[Math.Min(Pivot, Popular.Length - 1)], now));
        PopularPivotLog = Audience.Log(PopularPivot, now, Audience.PopularHalfLife);
        TrendPivotLog = Audience.Log(Trending.Length == 0 ? 1 : Math.Max(0.01, TrendAt(Trending[Math.Min(Pivot, Trending.Length - 1)], now)), now, Audience.TrendHalfLife);

        var popularByTopic = popular.SelectMany(a => a.Topics, (a, topic) => (topic, a)).ToLookup(pair => pair.topic, pair => pair.a, StringComparer.Ordinal);
        ByTopic = newest.SelectMany(a => a.Topics, (a, topic) => (topic, a)).GroupBy(pair => pair.topic, StringComparer.Ordinal).ToDictionary(
            group => group.Key,
            group => new TopicShelf([.. group.Take(MostOfTopic).Select(pair => pair.a)], [.. popularByTopic[group.Key].Take(MostOfTopic)], group.Count(), popularByTopic[group.Key].Sum(a => PopularAt(a, now))),
            StringComparer.Ordinal);
        Topics = [.. ByTopic.OrderByDescending(t => t.Value.Audience).ThenByDescending(t => t.Value.Articles).ThenBy(t => t.Key, StringComparer.Ordinal)];
        Authors = [.. popular.GroupBy(a => a.Author)
            .Select(group => new PopularAuthor(group.Key, group.Sum(a => PopularAt(a, now)), group
                .SelectMany(a => a.Topics, (a, topic) => (Topic: topic, Audience: PopularAt(a, now))).GroupBy(t => t.Topic, StringComparer.Ordinal)
                .OrderByDescending(t => t.Sum(one => one.Audience)).ThenBy(t => t.Key, StringComparer.Ordinal).FirstOrDefault()?.Key))
            .OrderByDescending(author => author.Audience).ThenBy(author => author.Id).Take(MostAuthors)];
    }

    public static double PopularAt(ArticleFacts article, DateTime now) => Audience.At(article.Popular, now, Audience.PopularHalfLife);

    public static double TrendAt(ArticleFacts article, DateTime now) => Audience.At(article.Trend, now, Audience.TrendHalfLife);
}
