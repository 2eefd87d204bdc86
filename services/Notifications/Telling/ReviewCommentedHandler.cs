using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Telling;

/// <summary>Follows content.reviews.v1: authors are told that their draft is commented on, all comments on a draft as one.</summary>
sealed class ReviewCommentedHandler(NotificationsDbContext db) : IEventHandler<ReviewCommented>
{
    public Task HandleAsync(ReviewCommented message, EventContext context, CancellationToken cancel)
    {
        // Who has no account is known by the link they came by.
        var actor = Guid.Parse(message.PersonId is "" ? message.LinkId : message.PersonId);
        foreach (var author in message.AuthorIds.Where(author => author != message.PersonId))
            db.Tell(context, new PendingTelling
            {
                PersonId = Guid.Parse(author),
                Act = message.Present ? TellingAct.Tell : TellingAct.Withdraw,
                Kind = Kind.ReviewComment,
                SubjectId = Guid.Parse(message.ArticleId),
                ActId = Guid.Parse(message.CommentId),
                ActorId = actor,
                Excerpt = message.GuestName is "" ? message.Excerpt : $"{message.GuestName}: {message.Excerpt}",
                Time = context.Time,
            });
        return Task.CompletedTask;
    }
}
