using Blog.Notifications.Data;
using Blog.ServiceDefaults.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Mail;

/// <summary>An address that bounced. Only its hash is kept.</summary>
sealed class DeadAddress
{
    public required byte[] AddressHash { get; init; }
    /// <summary>RFC 3463 code, or the reply code.</summary>
    public required string Status { get; set; }
    public required DateTimeOffset Time { get; set; }
}

sealed class DeadAddressConfiguration : IEntityTypeConfiguration<DeadAddress>
{
    public void Configure(EntityTypeBuilder<DeadAddress> dead) => dead.ToTable("dead_addresses").HasKey(d => d.AddressHash);
}

/// <summary>Nothing is sent where it cannot arrive: each further attempt would cost the sender's good name with the receiving side.</summary>
static class DeadAddresses
{
    public static Task<bool> IsDeadAsync(this NotificationsDbContext db, string address, CancellationToken cancel)
    {
        var hash = EmailAddress.Hash(address);
        return db.Set<DeadAddress>().AnyAsync(d => d.AddressHash == hash, cancel);
    }

    public static Task BuryAsync(this NotificationsDbContext db, string address, string status, DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"insert into dead_addresses values ({EmailAddress.Hash(address)}, {status}, {now}) on conflict (address_hash) do update set status = excluded.status, time = excluded.time", cancel);

    /// <summary>Its owner opened a link that came there.</summary>
    public static Task ReviveAsync(this NotificationsDbContext db, string address, CancellationToken cancel)
    {
        var hash = EmailAddress.Hash(address);
        return db.Set<DeadAddress>().Where(d => d.AddressHash == hash).ExecuteDeleteAsync(cancel);
    }
}

/// <summary>What the mail server says at once is known at once.</summary>
sealed class RefusedMail(TimeProvider time) : IRefusedMail<NotificationsDbContext>
{
    public Task HandleAsync(NotificationsDbContext db, QueuedMail mail, MailRefusedException reason, CancellationToken cancel) => reason.IsHardBounce
        ? db.BuryAsync(mail.Recipient, reason.EnhancedCode ?? $"{reason.Code}", time.GetUtcNow(), cancel)
        : Task.CompletedTask;
}
