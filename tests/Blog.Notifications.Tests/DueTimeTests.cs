using System.Globalization;
using Blog.Notifications.Choices;
using Blog.Notifications.V1;
using Preferences = Blog.Notifications.Choices.Preferences;

namespace Blog.Notifications.Tests;

public sealed class DueTimeTests
{
    static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    static Preferences In(string zone, EmailCadence cadence = EmailCadence.AtOnce, (int From, int To)? quiet = null, short hour = 8, short day = 1) => new()
    {
        PersonId = Guid.NewGuid(), TimeZone = zone, EmailCadence = cadence, DigestHour = hour, DigestDay = day, Revision = 1,
        QuietFrom = (short?)quiet?.From, QuietTo = (short?)quiet?.To,
    };

    [Theory]
    // Winter, UTC+1: 23:30 local waits for 7:00 local.
    [InlineData("2026-01-10T22:30Z", "2026-01-11T06:00Z")]
    // 3:00 local of the same night.
    [InlineData("2026-01-11T02:00Z", "2026-01-11T06:00Z")]
    // 7:00 sharp is over, 21:59 not yet begun.
    [InlineData("2026-01-11T06:00Z", "2026-01-11T06:00Z")]
    [InlineData("2026-01-10T20:59Z", "2026-01-10T20:59Z")]
    // The night clocks go forward (29 March 2026, 2:00 to 3:00): 7:00 is 5:00 UTC in the morning.
    [InlineData("2026-03-28T22:30Z", "2026-03-29T05:00Z")]
    // The night they go back (25 October 2026): 7:00 is 6:00 UTC again.
    [InlineData("2026-10-24T21:30Z", "2026-10-25T06:00Z")]
    public void Quiet_hours_over_midnight_end_at_the_local_time_of_that_day(string now, string due) =>
        DueTime.AfterQuietHours(At(now), In("Europe/Berlin", quiet: (22 * 60, 7 * 60))).ShouldBe(At(due));

    [Fact]
    public void Quiet_hours_within_a_day_leave_the_night_alone()
    {
        var wishes = In("America/New_York", quiet: (9 * 60, 17 * 60 + 30));
        DueTime.AfterQuietHours(At("2026-06-01T14:00Z"), wishes).ShouldBe(At("2026-06-01T21:30Z"));
        DueTime.AfterQuietHours(At("2026-06-01T04:00Z"), wishes).ShouldBe(At("2026-06-01T04:00Z"));
    }

    [Fact]
    public void An_end_that_the_clocks_skip_is_the_moment_they_jump() =>
        // 2:30 does not exist on 29 March 2026 in Berlin; the clocks jump at 1:00 UTC.
        DueTime.AfterQuietHours(At("2026-03-29T00:30Z"), In("Europe/Berlin", quiet: (0, 2 * 60 + 30))).ShouldBe(At("2026-03-29T01:00Z"));

    [Theory]
    [InlineData("2026-06-01T05:00Z", "2026-06-01T06:00Z")]
    [InlineData("2026-06-01T06:00Z", "2026-06-02T06:00Z")]
    [InlineData("2026-03-28T12:00Z", "2026-03-29T06:00Z")]
    public void A_daily_digest_comes_at_the_local_hour(string now, string due) =>
        DueTime.OfMail(At(now), In("Europe/Berlin", EmailCadence.Daily)).ShouldBe(At(due));

    [Theory]
    // Friday 17:00 in Sydney (UTC+10 in June).
    [InlineData("2026-06-01T00:00Z", "2026-06-05T07:00Z")]
    [InlineData("2026-06-05T08:00Z", "2026-06-12T07:00Z")]
    public void A_weekly_digest_comes_on_its_day(string now, string due) =>
        DueTime.OfMail(At(now), In("Australia/Sydney", EmailCadence.Weekly, hour: 17, day: 5)).ShouldBe(At(due));

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Etc/UTC", true)]
    [InlineData("", false)]
    [InlineData("Mars/Olympus", false)]
    [InlineData("../../etc/passwd", false)]
    public void A_zone_is_known_by_its_IANA_name(string name, bool known) => DueTime.IsZone(name).ShouldBe(known);
}
