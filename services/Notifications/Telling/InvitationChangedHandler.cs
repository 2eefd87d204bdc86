using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using static Blog.Events.V1.InvitationChanged.Types;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Telling;

/// <summary>Follows content.invitations.v1: whoever is asked is told until they answer, whoever asked is told that they agreed. A refusal is told to nobody.</summary>
sealed class InvitationChangedHandler(NotificationsDbContext db) : IEventHandler<InvitationChanged>
{
    public Task HandleAsync(InvitationChanged message, EventContext context, CancellationToken cancel)
    {
        var (id, inviter, invitee) = (Guid.Parse(message.InvitationId), Guid.Parse(message.InviterId), Guid.Parse(message.InviteeId));
        Tell(invitee, inviter, Kind.Invitation, message.Change is Change.Sent ? TellingAct.Tell : TellingAct.Withdraw);
        if (message.Change is Change.Accepted)
            Tell(inviter, invitee, Kind.InvitationAccepted, TellingAct.Tell);
        return Task.CompletedTask;

        void Tell(Guid person, Guid actor, Kind kind, TellingAct act) => db.Tell(context, new PendingTelling
        {
            PersonId = person,
            Act = act,
            Kind = kind,
            SubjectId = id,
            ActId = id,
            ActorId = actor,
            Excerpt = message.Subject,
            Time = context.Time,
        });
    }
}
