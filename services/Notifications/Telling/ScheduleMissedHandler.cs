using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Telling;

/// <summary>Follows content.schedules.v1: authors are told when their story could not be published at its time.</summary>
sealed class ScheduleMissedHandler(NotificationsDbContext db) : IEventHandler<ScheduleMissed>
{
    public Task HandleAsync(ScheduleMissed message, EventContext context, CancellationToken cancel)
    {
        var article = Guid.Parse(message.ArticleId);
        foreach (var author in message.AuthorIds)
            db.Tell(context, new PendingTelling
            {
                PersonId = Guid.Parse(author),
                Act = TellingAct.Tell,
                Kind = Kind.ScheduleMissed,
                SubjectId = article,
                ActId = article,
                // Time did it.
                ActorId = Guid.Empty,
                Excerpt = message.Title,
                Time = context.Time,
            });
        return Task.CompletedTask;
    }
}
