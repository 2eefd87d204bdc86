using Blog.Events.V1;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;

namespace Blog.ServiceDefaults.ReadModels;

/// <summary>Whom a person muted or blocked, as a service that does not own it knows it from events. No row: neither.</summary>
public sealed class Relation
{
    /// <summary>Who muted or blocked.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Who was muted or blocked.</summary>
    public required Guid OtherId { get; init; }

    /// <summary>What the other writes is not shown to the person.</summary>
    public bool Muted { get; set; }

    /// <summary>The two do not meet, in either direction.</summary>
    public bool Blocked { get; set; }
}

/// <summary>The read model of users.relations.v1: table `relations (person_id, other_id, muted, blocked)`, which the service's own migration makes.</summary>
public static class Relations
{
    /// <summary>Maps <see cref="Relation"/>.</summary>
    public static ModelBuilder MapRelations(this ModelBuilder model)
    {
        var entity = model.Entity<Relation>();
        entity.ToTable("relations").HasKey(r => new { r.PersonId, r.OtherId });
        foreach (var property in entity.Metadata.GetProperties()) property.SetColumnName(SnakeCaseColumns.ColumnName(property.Name));
        return model;
    }

    /// <summary>Keeps what a message says. True: with it the person blocks somebody whom they had not blocked.</summary>
    public static async Task<bool> KeepRelationAsync(this DbContext db, RelationChanged message, CancellationToken cancel)
    {
        var (person, other) = (Guid.Parse(message.PersonId), Guid.Parse(message.OtherId));
        var relation = await db.Set<Relation>().FindAsync([person, other], cancel);
        var wasBlocked = relation is { Blocked: true };
        if (!message.Muted && !message.Blocked)
        {
            if (relation is not null)
                db.Remove(relation);
            return false;
        }
        if (relation is null)
            db.Add(relation = new Relation { PersonId = person, OtherId = other });
        (relation.Muted, relation.Blocked) = (message.Muted, message.Blocked);
        return message.Blocked && !wasBlocked;
    }

    /// <summary>Whether either has blocked the other.</summary>
    public static Task<bool> AreApartAsync(this DbContext db, Guid one, Guid other, CancellationToken cancel) =>
        db.Set<Relation>().AnyAsync(r => r.Blocked && ((r.PersonId == one && r.OtherId == other) || (r.PersonId == other && r.OtherId == one)), cancel);

    /// <summary>Those whom <paramref name="person"/> muted or blocked, and those who blocked them: what they wrote is left out.</summary>
    public static IQueryable<Guid> HiddenFrom(this DbContext db, Guid person) =>
        db.Set<Relation>().Where(r => r.PersonId == person).Select(r => r.OtherId)
            .Union(db.Set<Relation>().Where(r => r.OtherId == person && r.Blocked).Select(r => r.PersonId));
}

/// <summary>Follows users.relations.v1 for a service that only asks.</summary>
/// <typeparam name="TContext">The service's database.</typeparam>
public sealed class RelationHandler<TContext>(TContext db) : IEventHandler<RelationChanged> where TContext : DbContext
{
    /// <inheritdoc/>
    public Task HandleAsync(RelationChanged message, EventContext context, CancellationToken cancel) => db.KeepRelationAsync(message, cancel);
}
