using Blog.Recommendations.Similarity;

namespace Blog.Recommendations.Shelves;

/// <summary>What is known of a published article, in memory. Replaced as a whole when something changes, but for how often it was shown.</summary>
sealed class ArticleFacts
{
    int shown;

    public required int Number { get; init; }
    public required Guid Id { get; init; }
    public required Guid Author { get; init; }
    public required Guid? Publication { get; init; }
    public required DateTime Time { get; init; }
    public required string[] Topics { get; init; }

    /// <summary>See <see cref="Measures"/>.</summary>
    public required int Readers { get; init; }
    public required float Finished { get; init; }
    public required double Popular { get; init; }
    public required double Trend { get; init; }
    public required Neighbours CoRead { get; init; }
    public required Neighbours Similar { get; init; }

    /// <summary>How often it was shown to somebody, as far as this instance knows.</summary>
    public int Shown { get => Volatile.Read(ref shown); init => shown = value; }

    public void CountShown() => Interlocked.Increment(ref shown);
}
