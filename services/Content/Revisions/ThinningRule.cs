namespace Blog.Content.Revisions;

/// <summary>
/// Which of the revisions that nobody asked for go as they grow old: all of the last hour stay, of a day the last of each hour, of thirty days the
/// last of each day, and of what is older the last of each week (UTC, weeks begin on Thursday, as time does).
/// </summary>
static class ThinningRule
{
    public static readonly TimeSpan WholeFor = TimeSpan.FromHours(1), HourlyFor = TimeSpan.FromDays(1), DailyFor = TimeSpan.FromDays(30);

    static readonly TimeSpan Hour = TimeSpan.FromHours(1), Day = TimeSpan.FromDays(1), Week = TimeSpan.FromDays(7);

    /// <summary>Of the times of such revisions, those that are not needed any more.</summary>
    public static IEnumerable<DateTimeOffset> Excess(IEnumerable<DateTimeOffset> times, DateTimeOffset now) =>
        times.Where(time => now - time >= WholeFor).GroupBy(time => Slot(time, now - time)).SelectMany(slot => slot.Order().SkipLast(1));

    /// <summary>When the next of them reaches the age at which fewer are needed; null: all have.</summary>
    public static DateTimeOffset? NextLook(IEnumerable<DateTimeOffset> times, DateTimeOffset now) =>
        times.SelectMany(time => new[] { time + WholeFor, time + HourlyFor, time + DailyFor }).Where(at => at > now).Select(at => (DateTimeOffset?)at).Min();

    static (TimeSpan Length, long Number) Slot(DateTimeOffset time, TimeSpan age)
    {
        var length = age < HourlyFor ? Hour : age < DailyFor ? Day : Week;
        return (length, (time - DateTimeOffset.UnixEpoch).Ticks / length.Ticks);
    }
}
