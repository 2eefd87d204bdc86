using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;

namespace Blog.ServiceDefaults.Events;

/// <summary>
/// One event waiting for, or already carried to, the broker. Written in the transaction of the change it tells of, so that it
/// exists exactly when the change does (transactional outbox).
/// </summary>
public sealed class OutboxMessage
{
    /// <summary>How many independent sequences the relay works on. The table <c>outbox_lane</c> has as many rows.</summary>
    public const int Lanes = 16;

    /// <summary>Set by the database, in the order of commits of one key.</summary>
    public long Position { get; private set; }
    /// <summary>The event's id (UUIDv7); consumers know a repetition by it.</summary>
    public required Guid Id { get; init; }
    /// <summary>The topic of the broker.</summary>
    public required string Topic { get; init; }
    /// <summary>The aggregate's id: order holds per key.</summary>
    public required string Key { get; init; }
    /// <summary>Which sequence the key falls into, 0 to <see cref="Lanes"/> - 1.</summary>
    public required short Lane { get; init; }
    /// <summary>Full protobuf name of the payload's message.</summary>
    public required string Type { get; init; }
    /// <summary>The message in protobuf's binary form.</summary>
    public required byte[] Payload { get; init; }
    /// <summary>W3C trace context of the request that caused the event.</summary>
    public string? Traceparent { get; init; }
    /// <summary>When the change happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
    /// <summary>When the broker acknowledged it; null while it waits.</summary>
    public DateTimeOffset? PublishedAt { get; init; }
}

/// <summary>Publishing events from a use case.</summary>
public static class Outbox
{
    /// <summary>Maps <see cref="OutboxMessage"/> to the table <c>outbox</c>.</summary>
    public static ModelBuilder MapOutbox(this ModelBuilder model)
    {
        model.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox").HasKey(m => m.Position);
            outbox.Property(m => m.Position).HasColumnName("position").UseIdentityAlwaysColumn();
            outbox.Property(m => m.Id).HasColumnName("id");
            outbox.Property(m => m.Topic).HasColumnName("topic");
            outbox.Property(m => m.Key).HasColumnName("key");
            outbox.Property(m => m.Lane).HasColumnName("lane");
            outbox.Property(m => m.Type).HasColumnName("type");
            outbox.Property(m => m.Payload).HasColumnName("payload");
            outbox.Property(m => m.Traceparent).HasColumnName("traceparent");
            outbox.Property(m => m.CreatedAt).HasColumnName("created_at");
            outbox.Property(m => m.PublishedAt).HasColumnName("published_at");
        });
        return model;
    }

    /// <summary>Adds an event to the change that the next <c>SaveChanges</c> commits. The key is the aggregate's id.</summary>
    public static void Publish(this DbContext db, string topic, Guid key, IMessage @event, TimeProvider time)
    {
        var now = time.GetUtcNow();
        db.Set<OutboxMessage>().Add(new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Topic = topic,
            Key = key.ToString(),
            Lane = LaneOf(key.ToString()),
            Type = @event.Descriptor.FullName,
            Payload = @event.ToByteArray(),
            Traceparent = Activity.Current?.Id,
            CreatedAt = now,
        });
    }

    /// <summary>The lane of a key: FNV-1a over its UTF-8 bytes (draft-eastlake-fnv), the same in every process.</summary>
    public static short LaneOf(string key)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(key)) hash = (hash ^ b) * 16777619u;
        return (short)(hash % OutboxMessage.Lanes);
    }
}
