using Blog.Notifications.Bells;
using Blog.Notifications.ReadModels;

namespace Blog.Notifications.Deliveries;

/// <summary>What is due to one person over one channel now: one notification, or those of a digest.</summary>
/// <param name="ClaimId">Of this attempt; a mail's Message-ID should come from the deliveries, not from this.</param>
/// <param name="MayHaveBeenSent">
/// An earlier sender took at least one of them and never said what became of it: it died, or lost the database. Sending again may send twice.
/// </param>
/// <param name="Items">By time, oldest first; each as it is now. At least one.</param>
sealed record DueDeliveries(Guid ClaimId, Guid PersonId, V1.Channel Channel, int Attempt, bool MayHaveBeenSent, IReadOnlyList<DueItem> Items);

/// <param name="Article">What the notification is about, when it is about an article.</param>
sealed record DueItem(Notification Notification, KnownArticle? Article);

/// <summary>What became of an attempt.</summary>
abstract record SendOutcome
{
    /// <summary>The other side took it.</summary>
    public sealed record Sent : SendOutcome;

    /// <summary>It was not sent; try again then.</summary>
    public sealed record Later(DateTimeOffset Time, string Problem) : SendOutcome;

    /// <summary>It will never be sent: no address, refused for good.</summary>
    public sealed record Failed(string Problem) : SendOutcome;
}

/// <summary>
/// Sends what is due over one channel. Register it as a singleton service; <see cref="DeliveryWorker"/> claims, calls it and records the outcome. An
/// exception counts as <see cref="SendOutcome.Later"/> with back-off. It must return well within <see cref="DeliveryQueue.Lease"/>.
/// </summary>
interface IChannelSender
{
    V1.Channel Channel { get; }

    Task<SendOutcome> SendAsync(DueDeliveries due, CancellationToken cancel);
}
