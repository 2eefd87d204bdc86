using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Deliveries;

enum DeliveryState : short
{
    Waiting = 1,
    /// <summary>Claimed by a sender, until its lease ends.</summary>
    Sending = 2,
    Sent = 3,
    /// <summary>Given up; <see cref="Delivery.Problem"/> says why.</summary>
    Failed = 4,
    /// <summary>Read in the site or taken back before it was due.</summary>
    NotNeeded = 5,
}

/// <summary>
/// One notification to be sent over one channel, at most once: the key is (person, notification, channel), written with the notification. Whoever
/// joins a group later does not make it due again; what is sent shows the group as it is then.
/// </summary>
sealed class Delivery
{
    public required Guid PersonId { get; init; }
    public required Guid NotificationId { get; init; }
    public required V1.Channel Channel { get; init; }
    public required DeliveryState State { get; set; }
    public required DateTimeOffset DueTime { get; set; }
    public int Attempts { get; set; }
    /// <summary>The attempt that is under way.</summary>
    public Guid? ClaimId { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public string? Problem { get; set; }
    public required DateTimeOffset UpdateTime { get; set; }
}

sealed class DeliveryConfiguration : IEntityTypeConfiguration<Delivery>
{
    public void Configure(EntityTypeBuilder<Delivery> delivery)
    {
        delivery.ToTable("deliveries").HasKey(d => new { d.PersonId, d.NotificationId, d.Channel });
        delivery.Property(d => d.Channel).HasConversion<short>();
        delivery.Property(d => d.State).HasConversion<short>();
    }
}

/// <summary>A channel beside mail that can reach this person at all. Written by the owner of subscriptions, in the transaction of the first and the last.</summary>
sealed class Reachable
{
    public required Guid PersonId { get; init; }
    public required V1.Channel Channel { get; init; }
}

sealed class ReachableConfiguration : IEntityTypeConfiguration<Reachable>
{
    public void Configure(EntityTypeBuilder<Reachable> reachable)
    {
        reachable.ToTable("reachable").HasKey(r => new { r.PersonId, r.Channel });
        reachable.Property(r => r.Channel).HasConversion<short>();
    }
}
