using Blog.Events.V1;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Relations;

/// <summary>Whom a person muted or blocked, from events. No row: neither.</summary>
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

/// <summary>Follows users.relations.v1.</summary>
sealed class RelationChangedHandler(InteractionsDbContext db) : IEventHandler<RelationChanged>
{
    public async Task HandleAsync(RelationChanged message, EventContext context, CancellationToken cancel)
    {
        var (person, other) = (Guid.Parse(message.PersonId), Guid.Parse(message.OtherId));
        var relation = await db.Set<Relation>().FindAsync([person, other], cancel);
        if (!message.Muted && !message.Blocked)
        {
            if (relation is not null)
                db.Remove(relation);
            return;
        }
        if (relation is null)
            db.Add(relation = new Relation { PersonId = person, OtherId = other });
        (relation.Muted, relation.Blocked) = (message.Muted, message.Blocked);
    }
}

/// <summary>Questions about two people.</summary>
static class Relations
{
    /// <summary>Whether either has blocked the other.</summary>
    public static Task<bool> AreApartAsync(this InteractionsDbContext db, Guid one, Guid other, CancellationToken cancel) =>
        db.Set<Relation>().AnyAsync(r => r.Blocked && ((r.PersonId == one && r.OtherId == other) || (r.PersonId == other && r.OtherId == one)), cancel);

    /// <summary>Those whom <paramref name="person"/> muted or blocked, and those who blocked them: what they wrote is left out.</summary>
    public static IQueryable<Guid> HiddenFrom(this InteractionsDbContext db, Guid person) =>
        db.Set<Relation>().Where(r => r.PersonId == person).Select(r => r.OtherId)
            .Union(db.Set<Relation>().Where(r => r.OtherId == person && r.Blocked).Select(r => r.PersonId));
}
