using Blog.Events.V1;
using Blog.Notifications.Bells;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.ResponseChanged.Types;
using Kind = Blog.Notifications.V1.NotificationKind;

namespace Blog.Notifications.Telling;

/// <summary>Follows interactions.claps.v1. More claps of the same person are no news; none any more takes it back.</summary>
sealed class ClapsChangedHandler(NotificationsDbContext db) : IEventHandler<ClapsChanged>
{
    public Task HandleAsync(ClapsChanged message, EventContext context, CancellationToken cancel)
    {
        if (message.Count == 0 || message.FormerCount == 0)
        {
            var (subject, actor) = (Guid.Parse(message.SubjectId), Guid.Parse(message.PersonId));
            db.Tell(context, new PendingTelling
            {
                PersonId = Guid.Parse(message.SubjectAuthorId),
                Act = message.Count > 0 ? TellingAct.Tell : TellingAct.Withdraw,
                Kind = Kind.Claps,
                SubjectId = subject,
                ActId = actor,
                ActorId = actor,
                ArticleId = Guid.Parse(message.ArticleId),
                ResponseId = message.SubjectIsResponse ? subject : null,
                Time = context.Time,
            });
        }
        return Task.CompletedTask;
    }
}

/// <summary>Follows interactions.highlights.v1.</summary>
sealed class HighlightChangedHandler(NotificationsDbContext db) : IEventHandler<HighlightChanged>
{
    public Task HandleAsync(HighlightChanged message, EventContext context, CancellationToken cancel)
    {
        var article = Guid.Parse(message.ArticleId);
        db.Tell(context, new PendingTelling
        {
            PersonId = Guid.Parse(message.ArticleAuthorId),
            Act = message.Present ? TellingAct.Tell : TellingAct.Withdraw,
            Kind = Kind.Highlight,
            SubjectId = article,
            ActId = Guid.Parse(message.HighlightId),
            ActorId = Guid.Parse(message.PersonId),
            ArticleId = article,
            Excerpt = message.Quote,
            Time = context.Time,
        });
        return Task.CompletedTask;
    }
}

/// <summary>
/// Follows interactions.responses.v1. A person is told of a response once, for the nearest reason: an answer to their own response, then a response
/// to their article, then being named in it.
/// </summary>
sealed class ResponseChangedHandler(NotificationsDbContext db) : IEventHandler<ResponseChanged>
{
    public async Task HandleAsync(ResponseChanged message, EventContext context, CancellationToken cancel)
    {
        if (message.Change is Change.Imported)
            return;
        var (response, author) = (Guid.Parse(message.ResponseId), Guid.Parse(message.AuthorId));
        var addressed = new Dictionary<Guid, Kind>();
        if (message.ParentAuthorId is not "")
            addressed[Guid.Parse(message.ParentAuthorId)] = Kind.Reply;
        addressed.TryAdd(Guid.Parse(message.ArticleAuthorId), Kind.Response);
        var mentioned = message.MentionedIds.Select(Guid.Parse).Where(person => !addressed.ContainsKey(person)).ToHashSet();

        var gone = message.Change is Change.Deleted or Change.Hidden;
        foreach (var (person, kind) in addressed)
            Tell(person, kind, message.Change switch { Change.Edited => TellingAct.Edit, _ => gone ? TellingAct.Withdraw : TellingAct.Tell });
        if (!gone)
            foreach (var person in mentioned)
                Tell(person, Kind.Mention, TellingAct.Tell);
        if (message.Change is not Change.Created)
            foreach (var person in await MentionedBeforeAsync(response, cancel))
                if (gone || !mentioned.Contains(person))
                    Tell(person, Kind.Mention, TellingAct.Withdraw);

        void Tell(Guid person, Kind kind, TellingAct act) => db.Tell(context, new PendingTelling
        {
            PersonId = person,
            Act = act,
            Kind = kind,
            SubjectId = response,
            ActId = response,
            ActorId = author,
            ArticleId = Guid.Parse(message.ArticleId),
            ResponseId = response,
            Excerpt = message.Excerpt,
            Time = context.Time,
        });
    }

    /// <summary>Those who were told that they were named, or are about to be.</summary>
    async Task<List<Guid>> MentionedBeforeAsync(Guid response, CancellationToken cancel)
    {
        var told = await db.Set<Notification>().Where(n => n.SubjectId == response && n.Kind == Kind.Mention).Select(n => n.PersonId)
            .Union(db.Set<PendingTelling>().Where(t => t.SubjectId == response && t.Kind == Kind.Mention).Select(t => t.PersonId)).ToListAsync(cancel);
        // Of an earlier event of the same batch.
        told.AddRange(db.Set<PendingTelling>().Local.Where(t => t.SubjectId == response && t.Kind == Kind.Mention).Select(t => t.PersonId));
        return [.. told.Distinct()];
    }
}
