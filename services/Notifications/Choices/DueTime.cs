namespace Blog.Notifications.Choices;

/// <summary>
/// When something that happened now is due. Local times are those of the person's time zone by the rules of that day: a time that the change to
/// summer time leaves out is taken as the moment the clocks jump, one that comes twice in autumn as its first coming.
/// </summary>
static class DueTime
{
    const int MinutesOfDay = 24 * 60;

    /// <summary>At once, or at the end of the quiet hours that <paramref name="now"/> falls into.</summary>
    public static DateTimeOffset AfterQuietHours(DateTimeOffset now, Preferences wishes)
    {
        if (wishes is not { QuietFrom: { } from, QuietTo: { } to })
            return now;
        var zone = Zone(wishes);
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var minute = local.Hour * 60 + local.Minute;
        var quiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
        if (!quiet)
            return now;
        var today = DateOnly.FromDateTime(local.DateTime);
        var end = At(today, to, zone);
        return end > now ? end : At(today.AddDays(1), to, zone);
    }

    /// <summary>For a mail by the person's cadence: at once (outside quiet hours), or with the next digest.</summary>
    public static DateTimeOffset OfMail(DateTimeOffset now, Preferences wishes)
    {
        if (wishes.EmailCadence is V1.EmailCadence.AtOnce)
            return AfterQuietHours(now, wishes);
        var zone = Zone(wishes);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        if (wishes.EmailCadence is V1.EmailCadence.Weekly)
            while (IsoDay(day) != wishes.DigestDay)
                day = day.AddDays(1);
        var step = wishes.EmailCadence is V1.EmailCadence.Weekly ? 7 : 1;
        while (true)
        {
            var due = At(day, wishes.DigestHour * 60, zone);
            if (due > now)
                return due;
            day = day.AddDays(step);
        }
    }

    /// <summary>Whether this machine knows the zone by that IANA name.</summary>
    public static bool IsZone(string name) => name.Length is > 0 and <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId;

    static TimeZoneInfo Zone(Preferences wishes) => TimeZoneInfo.TryFindSystemTimeZoneById(wishes.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    static int IsoDay(DateOnly day) => day.DayOfWeek is DayOfWeek.Sunday ? 7 : (int)day.DayOfWeek;

    static DateTimeOffset At(DateOnly day, int minute, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute % MinutesOfDay);
        if (zone.IsInvalidTime(local))
        {
            // The first moment after the gap; zone changes happen on whole minutes.
            while (zone.IsInvalidTime(local))
                local = local.AddMinutes(1);
        }
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
