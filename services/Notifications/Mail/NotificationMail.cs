using Blog.Notifications.Choices;
using Blog.Notifications.Data;
using Blog.Notifications.Deliveries;
using Microsoft.EntityFrameworkCore;

namespace Blog.Notifications.Mail;

/// <summary>
/// What the unsubscribe link of a mail about notifications does: the same as the person's own choice in the settings, for one kind (the token's scope) or, from a digest, for all.
/// </summary>
sealed class NotificationMail(TimeProvider time)
{
    static V1.NotificationKind[] Kinds(MailToken token) => token.Scope == 0 ? Choice.Kinds : [(V1.NotificationKind)token.Scope];

    /// <summary>Whether any of it is sent.</summary>
    public async Task<bool> IsOnAsync(NotificationsDbContext db, MailToken token, CancellationToken cancel)
    {
        var chosen = await db.Set<Choice>().Where(c => c.PersonId == token.Subject && c.Channel == V1.Channel.Email).ToDictionaryAsync(c => c.Kind, c => c.Enabled, cancel);
        return Kinds(token).Any(kind => chosen.GetValueOrDefault(kind, Choice.IsOnByDefault(kind, V1.Channel.Email)));
    }

    /// <summary>Switches it off, or (for all kinds: to the defaults) on again. Idempotent.</summary>
    public Task SwitchAsync(NotificationsDbContext db, MailToken token, bool on, CancellationToken cancel) => db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (person, now, kinds) = (token.Subject, time.GetUtcNow(), Kinds(token));
        // An open settings page is not to take it back unseen: the revision it saw is no longer the current one.
        var preferences = await db.Set<Preferences>().SingleOrDefaultAsync(p => p.PersonId == person, cancel);
        if (preferences is null) db.Add(preferences = Preferences.Default(person));
        preferences.Revision++;
        var choices = await db.Set<Choice>().Where(c => c.PersonId == person && c.Channel == V1.Channel.Email && kinds.Contains(c.Kind)).ToDictionaryAsync(c => c.Kind, cancel);
        foreach (var kind in kinds)
        {
            var wanted = on && (token.Scope != 0 || Choice.IsOnByDefault(kind, V1.Channel.Email));
            var stored = choices.GetValueOrDefault(kind);
            if (wanted == Choice.IsOnByDefault(kind, V1.Channel.Email)) { if (stored is not null) db.Remove(stored); }
            else if (stored is not null) stored.Enabled = wanted;
            else db.Add(new Choice { PersonId = person, Kind = kind, Channel = V1.Channel.Email, Enabled = wanted });
        }
        if (!on)
            foreach (var delivery in await db.Set<Delivery>().Where(d => d.PersonId == person && d.Channel == V1.Channel.Email && d.State == DeliveryState.Waiting
                         && db.Set<Bells.Notification>().Any(n => n.PersonId == person && n.Id == d.NotificationId && kinds.Contains(n.Kind))).ToListAsync(cancel))
                (delivery.State, delivery.UpdateTime) = (DeliveryState.NotNeeded, now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    });
}
