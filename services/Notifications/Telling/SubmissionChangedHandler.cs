using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using static Blog.Events.V1.SubmissionChanged.Types;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Telling;

/// <summary>Follows content.submissions.v1: editors are told while a story waits for them, its author is told of the answer.</summary>
sealed class SubmissionChangedHandler(NotificationsDbContext db) : IEventHandler<SubmissionChanged>
{
    public Task HandleAsync(SubmissionChanged message, EventContext context, CancellationToken cancel)
    {
        var (id, author) = (Guid.Parse(message.SubmissionId), Guid.Parse(message.AuthorId));
        foreach (var editor in message.EditorIds)
            Tell(Guid.Parse(editor), author, Kind.Submission, message.State is State.Waiting ? TellingAct.Tell : TellingAct.Withdraw);
        if (message.State is State.Accepted or State.SentBack)
            Tell(author, Guid.Parse(message.AnsweredBy), Kind.SubmissionAnswered, TellingAct.Tell);
        return Task.CompletedTask;

        void Tell(Guid person, Guid actor, Kind kind, TellingAct act) => db.Tell(context, new PendingTelling
        {
            PersonId = person,
            Act = act,
            Kind = kind,
            SubjectId = id,
            ActId = id,
            ActorId = actor,
            Excerpt = message.Title,
            Time = context.Time,
        });
    }
}
