using Blog.Events.V1;
using Blog.Notifications.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Newsletters;

enum IssueState : short
{
    /// <summary>The article is to be fetched and the mail to be written.</summary>
    ToBeWritten = 1,
    /// <summary>Recipients are listed, a chunk at a time.</summary>
    Listing = 2,
    Sending = 3,
    Done = 4,
    /// <summary>The article was taken back before anything went out.</summary>
    CalledOff = 5,
}

/// <summary>An article that goes out by mail. One row per article, so that it goes out once however often it is unpublished and published again.</summary>
sealed class Issue
{
    public required Guid ArticleId { get; init; }
    public required FollowTarget TargetKind { get; init; }
    public required Guid TargetId { get; init; }
    public required Guid AuthorId { get; init; }
    public required string Slug { get; set; }
    public required IssueState State { get; set; }
    /// <summary>The last subscription that was listed.</summary>
    public Guid Cursor { get; set; }
    /// <summary>Stands in the bodies where each recipient's own link goes. Random, so that no article can contain it.</summary>
    public required Guid Mark { get; init; }
    public string SenderName { get; set; } = "";
    public string Subject { get; set; } = "";
    public string TextBody { get; set; } = "";
    public string HtmlBody { get; set; } = "";
    public int Attempts { get; set; }
    public required DateTimeOffset DueTime { get; set; }
    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>
    /// Begins an issue when an article that was written here is published for the first time; how long ago it may have happened is for <paramref name="isNews"/> to say. Part of
    /// the event's transaction.
    /// </summary>
    public static async Task FollowAsync(NotificationsDbContext db, ArticleChanged article, bool isNews, TimeProvider time, CancellationToken cancel)
    {
        if (article.Change is not ArticleChanged.Types.Change.Published || article.Imported || !isNews) return;
        var id = Guid.Parse(article.ArticleId);
        if (await db.Set<Issue>().FindAsync([id], cancel) is not null) return;
        var (now, author) = (time.GetUtcNow(), Guid.Parse(article.AuthorId));
        db.Add(new Issue
        {
            ArticleId = id, TargetKind = FollowTarget.Person, TargetId = author, AuthorId = author, Slug = article.Slug,
            State = IssueState.ToBeWritten, Mark = Guid.NewGuid(), DueTime = now, CreateTime = now,
        });
    }
}

sealed class IssueConfiguration : IEntityTypeConfiguration<Issue>
{
    public void Configure(EntityTypeBuilder<Issue> issue)
    {
        issue.ToTable("newsletter_issues").HasKey(i => i.ArticleId);
        issue.Property(i => i.ArticleId).ValueGeneratedNever();
        issue.Property(i => i.TargetKind).HasConversion<short>();
        issue.Property(i => i.State).HasConversion<short>();
    }
}

enum IssueDeliveryState : short
{
    Waiting = 1,
    /// <summary>Claimed by a sender, until <see cref="IssueDelivery.DueTime"/>.</summary>
    Sending = 2,
    Sent = 3,
    /// <summary>Refused for good; <see cref="IssueDelivery.Status"/> says why.</summary>
    Refused = 4,
    /// <summary>Unsubscribed, or known to bounce, before its turn came.</summary>
    NotWanted = 5,
}

/// <summary>One article to one subscription.</summary>
sealed class IssueDelivery
{
    public required Guid ArticleId { get; init; }
    public required Guid SubscriptionId { get; init; }
    public required IssueDeliveryState State { get; set; }
    public required DateTimeOffset DueTime { get; set; }
    public int Attempts { get; set; }
    public string? Status { get; set; }

    /// <summary>The same on every attempt (RFC 5322 §3.6.4).</summary>
    public string MessageId => $"{ArticleId:N}.{SubscriptionId:N}";
}

sealed class IssueDeliveryConfiguration : IEntityTypeConfiguration<IssueDelivery>
{
    public void Configure(EntityTypeBuilder<IssueDelivery> delivery)
    {
        delivery.ToTable("newsletter_deliveries").HasKey(d => new { d.ArticleId, d.SubscriptionId });
        delivery.Property(d => d.State).HasConversion<short>();
        delivery.Ignore(d => d.MessageId);
    }
}
