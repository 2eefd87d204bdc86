using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Claps;

/// <summary>How often one person clapped for an article or a response. No row: not at all.</summary>
sealed class Clap
{
    public const int Most = 50;

    public required Guid SubjectId { get; init; }
    public required Guid PersonId { get; init; }
    public required Guid ArticleId { get; init; }
    public required short Count { get; init; }
    public required DateTimeOffset ClappedAt { get; init; }
}

/// <summary>A part of the sum of a subject's claps: that of the people who fall into one of sixteen slots.</summary>
sealed class ClapTotal
{
    public required Guid SubjectId { get; init; }
    public required short Slot { get; init; }
    public required long Claps { get; init; }
    public required long People { get; init; }
    public required double Weight { get; init; }
}

sealed class ClapConfiguration : IEntityTypeConfiguration<Clap>, IEntityTypeConfiguration<ClapTotal>
{
    public void Configure(EntityTypeBuilder<Clap> clap) => clap.ToTable("clap").HasKey(c => new { c.SubjectId, c.PersonId });

    public void Configure(EntityTypeBuilder<ClapTotal> total) => total.ToTable("clap_total").HasKey(t => new { t.SubjectId, t.Slot });
}

/// <summary>
/// Applause that fades: of two claps, the one that came thirty days later counts double. Weights grow instead of fading, which gives the same order
/// and lets it stand in an index (forward decay: Cormode, Shkapenyuk, Srivastava, Xu, ICDE 2009). A response itself counts as one clap of its moment.
/// </summary>
static class Applause
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);
    // A double holds the weights of the 84 years after this day.
    static readonly DateTimeOffset Beginning = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>What one clap of this moment counts.</summary>
    public static double WeightAt(DateTimeOffset moment) => Math.Pow(2, (moment - Beginning) / HalfLife);

    /// <summary>The order by "best": log2 of all weights together.</summary>
    public static double Score(double weight) => Math.Log2(weight);

    /// <summary>Which part of the sum a person adds to.</summary>
    public static short SlotOf(Guid person) => (short)(person.ToByteArray()[15] & 15);
}
