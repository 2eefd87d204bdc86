using Blog.Notifications.Choices;
using Blog.Notifications.Deliveries;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Notifications;

partial class NotificationsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetPreferencesResponse> GetPreferences(V1.GetPreferencesRequest request, ServerCallContext context) =>
        new() { Preferences = await StoredPreferencesAsync(Caller(context), context.CancellationToken) };

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.UpdatePreferencesResponse> UpdatePreferences(V1.UpdatePreferencesRequest request, ServerCallContext context)
    {
        var (person, cancel, wish) = (Caller(context), context.CancellationToken, request.Preferences ?? new());
        Check(wish);
        try
        {
            return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                db.ChangeTracker.Clear();
                await using var transaction = await db.Database.BeginTransactionAsync(cancel);
                var stored = await db.Set<Preferences>().SingleOrDefaultAsync(p => p.PersonId == person, cancel);
                if ((stored?.Revision ?? 0) != request.ExpectedRevision)
                    throw RpcErrors.StaleRevision(await StoredPreferencesAsync(person, cancel));
                if (stored is null)
                    db.Add(stored = Preferences.Default(person));
                (stored.TimeZone, stored.EmailCadence, stored.DigestHour, stored.DigestDay) = (wish.TimeZone, wish.EmailCadence, (short)wish.DigestHour, (short)wish.DigestDay);
                (stored.QuietFrom, stored.QuietTo) = ((short?)wish.QuietHours?.FromMinute, (short?)wish.QuietHours?.ToMinute);
                stored.Revision++;

                var former = await db.Set<Choice>().Where(c => c.PersonId == person).ToListAsync(cancel);
                db.RemoveRange(former);
                await db.SaveChangesAsync(cancel);
                foreach (var choice in wish.Choices.Where(c => c.Enabled != Choice.IsOnByDefault(c.Kind, c.Channel)))
                    db.Add(new Choice { PersonId = person, Kind = choice.Kind, Channel = choice.Channel, Enabled = choice.Enabled });
                await RescheduleAsync(person, stored, wish, cancel);
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return new V1.UpdatePreferencesResponse { Preferences = await StoredPreferencesAsync(person, cancel) };
            });
        }
        catch (DbUpdateException lost) when (lost is DbUpdateConcurrencyException || lost.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw RpcErrors.StaleRevision(await StoredPreferencesAsync(person, cancel));
        }
    }

    /// <summary>What waits to be sent follows the new wishes.</summary>
    async Task RescheduleAsync(Guid person, Preferences wishes, V1.Preferences wish, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var enabled = wish.Choices.Where(c => c.Enabled).Select(c => (c.Kind, c.Channel)).ToHashSet();
        var waiting = await db.Set<Delivery>().Where(d => d.PersonId == person && d.State == DeliveryState.Waiting)
            .Join(db.Set<Bells.Notification>(), d => new { d.PersonId, Id = d.NotificationId }, n => new { n.PersonId, n.Id }, (d, n) => new { Delivery = d, n.Kind })
            .ToListAsync(cancel);
        foreach (var (delivery, kind) in waiting.Select(w => (w.Delivery, w.Kind)))
        {
            delivery.UpdateTime = now;
            if (!enabled.Contains((kind, delivery.Channel)))
                delivery.State = DeliveryState.NotNeeded;
            else
                delivery.DueTime = delivery.Channel is V1.Channel.Email ? DueTime.OfMail(now, wishes) : DueTime.AfterQuietHours(now, wishes);
        }
    }

    async Task<V1.Preferences> StoredPreferencesAsync(Guid person, CancellationToken cancel)
    {
        var stored = await db.Set<Preferences>().AsNoTracking().SingleOrDefaultAsync(p => p.PersonId == person, cancel) ?? Preferences.Default(person);
        var chosen = await db.Set<Choice>().AsNoTracking().Where(c => c.PersonId == person).ToDictionaryAsync(c => (c.Kind, c.Channel), c => c.Enabled, cancel);
        var message = new V1.Preferences
        {
            TimeZone = stored.TimeZone,
            EmailCadence = stored.EmailCadence,
            DigestHour = stored.DigestHour,
            DigestDay = stored.DigestDay,
            Revision = stored.Revision,
        };
        if (stored is { QuietFrom: { } from, QuietTo: { } to })
            message.QuietHours = new() { FromMinute = from, ToMinute = to };
        foreach (var kind in Choice.Kinds)
            foreach (var channel in Choice.Channels)
                message.Choices.Add(new V1.Choice { Kind = kind, Channel = channel, Enabled = chosen.TryGetValue((kind, channel), out var enabled) ? enabled : Choice.IsOnByDefault(kind, channel) });
        return message;
    }

    static void Check(V1.Preferences wish)
    {
        const int lastMinute = 24 * 60 - 1;
        var violations = new List<(string Field, string Description)>();
        if (!DueTime.IsZone(wish.TimeZone))
            violations.Add(("preferences.time_zone", "Choose a time zone by its IANA name, such as Europe/Berlin."));
        if (wish.QuietHours is { } quiet && (quiet.FromMinute is < 0 or > lastMinute || quiet.ToMinute is < 0 or > lastMinute))
            violations.Add(("preferences.quiet_hours", "Quiet hours begin and end between 0:00 and 23:59."));
        else if (wish.QuietHours is { } whole && whole.FromMinute == whole.ToMinute)
            violations.Add(("preferences.quiet_hours", "Quiet hours end at another time than they begin."));
        if (wish.EmailCadence is V1.EmailCadence.Unspecified || !Enum.IsDefined(wish.EmailCadence))
            violations.Add(("preferences.email_cadence", "Mail comes at once, daily or weekly."));
        if (wish.DigestHour is < 0 or > 23)
            violations.Add(("preferences.digest_hour", "The hour of a digest is 0 to 23."));
        if (wish.DigestDay is < 1 or > 7)
            violations.Add(("preferences.digest_day", "The day of a digest is 1 (Monday) to 7 (Sunday)."));
        var choices = wish.Choices.Select(c => (c.Kind, c.Channel)).ToHashSet();
        if (choices.Count != wish.Choices.Count || choices.Count != Choice.Kinds.Length * Choice.Channels.Length
            || !choices.All(c => Choice.Kinds.Contains(c.Kind) && Choice.Channels.Contains(c.Channel)))
            violations.Add(("preferences.choices", "Say yes or no once for each kind and channel."));
        if (violations.Count > 0)
            throw RpcErrors.InvalidArgument(violations);
    }
}
