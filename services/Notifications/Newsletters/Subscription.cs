using Blog.Events.V1;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Newsletters;

enum SubscriptionState : short
{
    /// <summary>The address was typed; whoever reads its mail has not said yes.</summary>
    Pending = 1,
    Active = 2,
    Ended = 3,
}

/// <summary>Somebody follows an author by mail. Personal data: the address. Kept for a week without a confirmation, and for a month after the end.</summary>
sealed class Subscription
{
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromDays(7), KeptAfterEnd = TimeSpan.FromDays(30);

    public required FollowTarget TargetKind { get; init; }
    public required Guid TargetId { get; init; }
    public required Guid Id { get; init; }
    public required string Address { get; init; }
    public required string AddressKey { get; init; }
    public required SubscriptionState State { get; set; }
    public required DateTimeOffset CreateTime { get; set; }
    public DateTimeOffset? ConfirmTime { get; set; }
    public DateTimeOffset? EndTime { get; set; }

    public static string KeyOf(string address) => address.ToUpperInvariant();

    public void Activate(DateTimeOffset now)
    {
        if (State is SubscriptionState.Active) return;
        (State, ConfirmTime, EndTime) = (SubscriptionState.Active, now, null);
    }

    public void End(DateTimeOffset now)
    {
        if (State is SubscriptionState.Ended) return;
        (State, EndTime) = (SubscriptionState.Ended, now);
    }
}

sealed class SubscriptionConfiguration : IEntityTypeConfiguration<Subscription>
{
    public void Configure(EntityTypeBuilder<Subscription> subscription)
    {
        subscription.ToTable("newsletter_subscriptions").HasKey(s => new { s.TargetKind, s.TargetId, s.Id });
        subscription.Property(s => s.TargetKind).HasConversion<short>();
        subscription.Property(s => s.State).HasConversion<short>();
    }
}
