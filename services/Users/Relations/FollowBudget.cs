using Blog.Events.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Users.Relations;

/// <summary>
/// How much a person follows, and when they may follow the next one. Two generic cell rate algorithms (ITU-T I.371 annex A), of which only the
/// theoretical arrival time is kept: whoever unfollows and follows again to be noticed spends as well.
/// </summary>
sealed class FollowBudget
{
    /// <summary>What one person follows at most: as much as a feed can be read by key for.</summary>
    public const int MaxFollowing = 5000;

    /// <summary>At most <c>Burst</c> at once, then one each <c>Interval</c>.</summary>
    internal sealed record Rate(int Burst, TimeSpan Interval);

    // Together at most 60 in any minute, and 500 in any day.
    internal static readonly Rate Minute = new(30, TimeSpan.FromSeconds(2)), Day = new(250, TimeSpan.FromDays(1) / 250);

    public required Guid PersonId { get; init; }
    public int People { get; private set; }
    public int Publications { get; private set; }
    public int Topics { get; private set; }
    public DateTimeOffset MinuteSpent { get; private set; } = DateTimeOffset.MinValue;
    public DateTimeOffset DaySpent { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Counts one more, or refuses it and changes nothing.</summary>
    public void Begin(FollowTarget kind, DateTimeOffset now)
    {
        if (People + Publications + Topics >= MaxFollowing)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, $"You follow {MaxFollowing:N0} already, which is the most. Unfollow something first.", "FOLLOWS_TOO_MANY");

        var (minute, day) = (Spent(MinuteSpent, Minute, now), Spent(DaySpent, Day, now));
        var wait = TimeSpan.FromTicks(Math.Max(Wait(minute, Minute, now).Ticks, Wait(day, Day, now).Ticks));
        if (wait > TimeSpan.Zero)
            throw RpcErrors.Create(StatusCode.ResourceExhausted, $"You have followed many in a short time. You can go on in {Words(wait)}.", "FOLLOWS_TOO_FAST",
                new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) });

        (MinuteSpent, DaySpent) = (minute, day);
        Count(kind, 1);
    }

    public void End(FollowTarget kind) => Count(kind, -1);

    static DateTimeOffset Spent(DateTimeOffset before, Rate rate, DateTimeOffset now) => (before > now ? before : now) + rate.Interval;

    static TimeSpan Wait(DateTimeOffset spent, Rate rate, DateTimeOffset now) => spent - rate.Burst * rate.Interval - now;

    static string Words(TimeSpan wait) => wait.TotalSeconds switch
    {
        <= 1 => "a second",
        < 60 => $"{Math.Ceiling(wait.TotalSeconds):0} seconds",
        <= 120 => "two minutes",
        _ => $"{Math.Ceiling(wait.TotalMinutes):0} minutes",
    };

    void Count(FollowTarget kind, int change)
    {
        if (kind == FollowTarget.Person) People += change;
        else if (kind == FollowTarget.Publication) Publications += change;
        else Topics += change;
    }
}

sealed class FollowBudgetConfiguration : IEntityTypeConfiguration<FollowBudget>
{
    public void Configure(EntityTypeBuilder<FollowBudget> budget) => budget.ToTable("follow_budgets").HasKey(b => b.PersonId);
}
