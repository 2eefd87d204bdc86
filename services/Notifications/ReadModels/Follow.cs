using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.Notifications.Telling;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.ReadModels;

/// <summary>Who is to be told when an author publishes.</summary>
sealed class Follow
{
    public required Guid AuthorId { get; init; }
    public required Guid FollowerId { get; init; }
}

sealed class FollowConfiguration : IEntityTypeConfiguration<Follow>
{
    public void Configure(EntityTypeBuilder<Follow> follow) => follow.ToTable("follows").HasKey(f => new { f.AuthorId, f.FollowerId });
}

/// <summary>Follows users.follows.v1: keeps who follows whom, and tells people of new followers. Topics and publications are not people.</summary>
sealed class FollowChangedHandler(NotificationsDbContext db) : IEventHandler<FollowChanged>
{
    public async Task HandleAsync(FollowChanged message, EventContext context, CancellationToken cancel)
    {
        if (message.Target != FollowTarget.Person)
            return;
        var (author, follower) = (Guid.Parse(message.TargetId), Guid.Parse(message.FollowerId));
        var known = await db.Set<Follow>().FindAsync([author, follower], cancel);
        if (message.Following && known is null)
            db.Add(new Follow { AuthorId = author, FollowerId = follower });
        else if (!message.Following && known is not null)
            db.Remove(known);

        db.Tell(context, new PendingTelling
        {
            PersonId = author,
            Act = message.Following ? TellingAct.Tell : TellingAct.Withdraw,
            Kind = V1.NotificationKind.NewFollower,
            SubjectId = author,
            ActId = follower,
            ActorId = follower,
            Time = context.Time,
        });
    }
}
