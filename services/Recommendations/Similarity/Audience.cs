namespace Blog.Recommendations.Similarity;

/// <summary>Somebody among the readers of an article.</summary>
/// <param name="Strength">How much they took to it.</param>
/// <param name="At">When last.</param>
/// <param name="Read">They opened it, by their history.</param>
/// <param name="Finished">They read it to the end.</param>
/// <param name="Others">What else they took to, last first.</param>
sealed record Reader(float Strength, DateTime At, bool Read, bool Finished, IReadOnlyList<OtherArticle> Others);

/// <param name="Number">Of the article.</param>
/// <param name="Author">Null: not known yet.</param>
/// <param name="Strength">How much the reader took to it.</param>
/// <param name="Readers">How many took to it, as measured last.</param>
readonly record struct OtherArticle(int Number, Guid? Author, float Strength, int Readers);

/// <summary>What the readers of an article tell of it. All that is counted here is counted in people, never in clicks.</summary>
/// <param name="Readers">How many there are.</param>
/// <param name="Finished">The share of those who opened it that read it to the end, 0 to 1; drawn towards a half while they are few.</param>
/// <param name="Popular">See <see cref="Audience.At"/>; half-life <see cref="Audience.PopularHalfLife"/>.</param>
/// <param name="Trend">The same with <see cref="Audience.TrendHalfLife"/>.</param>
/// <param name="CoRead">What its readers also read, and what is not simply read by everyone.</param>
sealed record Measures(int Readers, float Finished, double Popular, double Trend, Neighbours CoRead);

/// <summary>
/// The measure of an audience. A person counts for as much as
/// <c>min(strength, 2) × (others + ¼) / (others + 3) × 1 / √(1 + loyal)</c>, where <c>others</c> is the number of other authors they lately took to and <c>loyal</c> the number of other
/// articles of this author: who claps for one author only counts for a twelfth, and less with each of that author's articles. And a crowd counts for no more
/// people than its reading is varied: people of whom every three share one author beside this one are taken together by a square root. So a ring of accounts that applauds its
/// own authors weighs as few. Sums decay with time; they are kept as the logarithm of a sum whose unit grows instead (forward decay, Cormode et al. 2009), so that nothing
/// has to be touched as time passes and articles keep their order.
/// </summary>
static class Audience
{
    /// <summary>The latest readers that are looked at, and how much of what each of them read.</summary>
    public const int MostReaders = 400, MostOthers = 60;

    public static readonly TimeSpan PopularHalfLife = TimeSpan.FromDays(21), TrendHalfLife = TimeSpan.FromHours(36);

    static readonly DateTime Epoch = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Counts of one or two people are chance: a pair needs so many common readers to count by half.</summary>
    const double Shrinkage = 2;

    /// <summary>The decayed sum at a moment: people who count for one and came this instant.</summary>
    /// <param name="log">Popular or trend; negative infinity for nobody.</param>
    /// <param name="now">The moment.</param>
    /// <param name="halfLife">The one it was made with.</param>
    public static double At(double log, DateTime now, TimeSpan halfLife) => Math.Pow(2, log - (now - Epoch) / halfLife);

    /// <summary>The reverse of <see cref="At"/>.</summary>
    public static double Log(double audience, DateTime now, TimeSpan halfLife) => Math.Log2(audience) + (now - Epoch) / halfLife;

    /// <param name="author">Of the article.</param>
    /// <param name="readers">The latest, at most <see cref="MostReaders"/>.</param>
    /// <param name="count">How many there are in all.</param>
    public static Measures Of(Guid? author, IReadOnlyList<Reader> readers, int count)
    {
        if (readers.Count == 0)
            return new(0, 0.5f, double.NegativeInfinity, double.NegativeInfinity, Neighbours.None);
        var authors = new HashSet<Guid>();
        var own = new HashSet<Guid>();
        var weights = new double[readers.Count];
        for (var i = 0; i < readers.Count; i++)
        {
            own.Clear();
            var loyal = 0;
            foreach (var other in readers[i].Others)
                if (other.Author is { } who && who != author)
                    own.Add(who);
                else if (other.Author is not null)
                    loyal++;
            authors.UnionWith(own);
            weights[i] = Math.Min(readers[i].Strength, 2) * (own.Count + 0.25) / (own.Count + 3) / Math.Sqrt(1 + loyal);
        }
        var varied = Math.Sqrt(Math.Min(1, (1 + authors.Count / 3.0) / readers.Count));
        // More readers than are looked at: those who are stand for the rest.
        var scale = varied * Math.Max(1, count / (double)readers.Count);
        var opened = readers.Count(reader => reader.Read);
        return new(count, (float)((readers.Count(reader => reader.Finished) + 2) / (opened + 4.0)),
            Log(readers, weights, scale, PopularHalfLife), Log(readers, weights, scale, TrendHalfLife), CoRead(readers));
    }

    static double Log(IReadOnlyList<Reader> readers, double[] weights, double scale, TimeSpan halfLife)
    {
        // Relative to the latest reader, so that no power overflows.
        var latest = readers.Max(reader => reader.At);
        var sum = readers.Select((reader, i) => weights[i] * Math.Pow(2, (reader.At - latest) / halfLife)).Sum();
        return Math.Log2(sum * scale) + (latest - Epoch) / halfLife;
    }

    /// <summary>
    /// Cosine of co-reading: common readers by the geometric mean of both audiences. Who reads everything says little of each pair, so a reader counts by the
    /// root of how much they read.
    /// </summary>
    static Neighbours CoRead(IReadOnlyList<Reader> readers)
    {
        var pairs = new Dictionary<int, (double Weight, int Common, int Readers)>();
        foreach (var reader in readers)
        {
            var weight = Math.Min(1, reader.Strength) / Math.Sqrt(1 + reader.Others.Count / 20.0);
            foreach (var other in reader.Others)
            {
                var pair = pairs.GetValueOrDefault(other.Number);
                pairs[other.Number] = (pair.Weight + weight * Math.Min(1, other.Strength), pair.Common + 1, other.Readers);
            }
        }
        return Neighbours.Of(pairs.Select(pair => (pair.Key, (float)Math.Min(1,
            pair.Value.Weight / Math.Sqrt(readers.Count * (double)Math.Max(pair.Value.Common, pair.Value.Readers)) * pair.Value.Common / (pair.Value.Common + Shrinkage)))));
    }
}
