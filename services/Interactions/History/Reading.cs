using Blog.ServiceDefaults.Grpc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.History;

/// <summary>That a person read an article, and how far.</summary>
sealed class Reading
{
    /// <summary>From this part of the text on an article counts as read: the last lines are often notes and thanks.</summary>
    public const double Finished = 0.97;

    public const int MaxAnchor = 200, MaxQuote = 80, MaxBlock = 100_000;

    /// <summary>What waited longer on a device without network counts as read this long ago.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    /// <summary>What others are told of a finished article; see <see cref="ToldBy"/>.</summary>
    public const int ToldFinished = 4;

    /// <summary>Others are told of a reading in quarters, so that scrolling is not an event: 0 opened, 1 to 3 that many quarters, 4 finished.</summary>
    public static int ToldBy(double fraction) => fraction >= Finished ? ToldFinished : (int)(Math.Clamp(fraction, 0, 0.99) * 4);

    public required Guid PersonId { get; init; }
    public required Guid ArticleId { get; init; }
    public required DateTimeOffset VisitTime { get; set; }
    public DateTimeOffset? FinishTime { get; set; }
    public DateTimeOffset? PositionTime { get; set; }
    /// <summary>Null: nowhere to continue.</summary>
    public string? Anchor { get; set; }
    public int? Block { get; set; }
    public string? Quote { get; set; }
    public double? BlockOffset { get; set; }
    public double Fraction { get; set; }

    /// <summary>When the reader was there, by our clock: theirs may be wrong, yet it knows how long ago it was.</summary>
    public static DateTimeOffset TimeOf(DateTimeOffset? read, DateTimeOffset? sent, DateTimeOffset now)
    {
        var age = read is { } at && sent is { } when ? when - at : TimeSpan.Zero;
        return now - (age < TimeSpan.Zero ? TimeSpan.Zero : age > LongestWait ? LongestWait : age);
    }

    /// <summary>The position as sent, checked.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT names the field.</exception>
    public static V1.ReadingPosition Checked(V1.ReadingPosition sent)
    {
        List<(string, string)> problems = [];
        if (sent.Anchor.Length > MaxAnchor || sent.Anchor.Contains('\0'))
            problems.Add(("position.anchor", $"An anchor has at most {MaxAnchor} characters."));
        if (sent.Quote.Length > MaxQuote || sent.Quote.Contains('\0'))
            problems.Add(("position.quote", $"A quote has at most {MaxQuote} characters."));
        if (sent.Block is < 0 or > MaxBlock)
            problems.Add(("position.block", $"A block is 0 to {MaxBlock}."));
        // Written so that "not a number" is refused too.
        if (!(sent.Offset is >= 0 and <= 1))
            problems.Add(("position.offset", "An offset is 0 to 1."));
        if (!(sent.Fraction is >= 0 and <= 1))
            problems.Add(("position.fraction", "A fraction is 0 to 1."));
        return problems.Count == 0 ? sent : throw RpcErrors.InvalidArgument([.. problems]);
    }
}

/// <summary>What a person decided about their history. No row: it is kept.</summary>
sealed class HistorySettings
{
    public required Guid PersonId { get; init; }
    public required bool Paused { get; set; }
}

sealed class HistoryConfiguration : IEntityTypeConfiguration<Reading>, IEntityTypeConfiguration<HistorySettings>
{
    public void Configure(EntityTypeBuilder<Reading> reading) => reading.ToTable("readings").HasKey(r => new { r.PersonId, r.ArticleId });

    public void Configure(EntityTypeBuilder<HistorySettings> settings)
    {
        settings.ToTable("history_settings").HasKey(s => s.PersonId);
        settings.Property(s => s.PersonId).ValueGeneratedNever();
    }
}
