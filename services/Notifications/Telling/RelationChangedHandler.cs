using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.ReadModels;

namespace Blog.Notifications.Telling;

/// <summary>Follows users.relations.v1. A block also takes back what the two were told of each other before.</summary>
sealed class RelationChangedHandler(NotificationsDbContext db) : IEventHandler<RelationChanged>
{
    public async Task HandleAsync(RelationChanged message, EventContext context, CancellationToken cancel)
    {
        if (!await db.KeepRelationAsync(message, cancel)) return;
        var (person, other) = (Guid.Parse(message.PersonId), Guid.Parse(message.OtherId));
        foreach (var (told, actor) in ((Guid, Guid)[])[(person, other), (other, person)])
            db.Tell(context, new PendingTelling
            {
                PersonId = told,
                Act = TellingAct.WithdrawActor,
                Kind = V1.NotificationKind.Unspecified,
                SubjectId = actor,
                ActId = actor,
                ActorId = actor,
                Time = context.Time,
            });
    }
}
