using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.Notifications.Telling;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.ReadModels;

/// <summary>Whom a person muted or blocked. No row: neither.</summary>
sealed class Relation
{
    public required Guid PersonId { get; init; }
    public required Guid OtherId { get; init; }
    public bool Muted { get; set; }
    public bool Blocked { get; set; }
}

sealed class RelationConfiguration : IEntityTypeConfiguration<Relation>
{
    public void Configure(EntityTypeBuilder<Relation> relation) => relation.ToTable("relations").HasKey(r => new { r.PersonId, r.OtherId });
}

/// <summary>Follows users.relations.v1. A block also takes back what the two were told of each other before.</summary>
sealed class RelationChangedHandler(NotificationsDbContext db) : IEventHandler<RelationChanged>
{
    public async Task HandleAsync(RelationChanged message, EventContext context, CancellationToken cancel)
    {
        var (person, other) = (Guid.Parse(message.PersonId), Guid.Parse(message.OtherId));
        var relation = await db.Set<Relation>().FindAsync([person, other], cancel);
        var wasBlocked = relation is { Blocked: true };
        if (!message.Muted && !message.Blocked)
        {
            if (relation is not null)
                db.Remove(relation);
            return;
        }
        if (relation is null)
            db.Add(relation = new Relation { PersonId = person, OtherId = other });
        (relation.Muted, relation.Blocked) = (message.Muted, message.Blocked);

        if (message.Blocked && !wasBlocked)
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
