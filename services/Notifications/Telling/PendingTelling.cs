using System.Buffers.Binary;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Telling;

enum TellingAct : short
{
    /// <summary>The act happened. Told once, however often it comes.</summary>
    Tell = 1,
    /// <summary>It was taken back.</summary>
    Withdraw = 2,
    /// <summary>Everything this actor did is taken back (block).</summary>
    WithdrawActor = 3,
    /// <summary>Only the words changed.</summary>
    Edit = 4,
}

/// <summary>
/// An act that one person is to be told of. Event handlers only write it down: lists, which several acts compete for, are changed by the
/// <see cref="TellingWorker"/>, so that a batch of events never waits for a lock.
/// </summary>
sealed class PendingTelling
{
    /// <summary>How many sequences of work there are; a person is always in the same one.</summary>
    public const int Lanes = 8;

    public long Position { get; private set; }
    public short Lane { get; private set; }
    public required Guid PersonId { get; init; }
    public required TellingAct Act { get; init; }
    public required V1.NotificationKind Kind { get; init; }
    public required Guid SubjectId { get; init; }
    public required Guid ActId { get; init; }
    public required Guid ActorId { get; init; }
    public Guid? ArticleId { get; init; }
    public Guid? ResponseId { get; init; }
    public string Excerpt { get; init; } = "";
    public required DateTimeOffset Time { get; init; }
    /// <summary>Why it was set aside; null while it waits.</summary>
    public string? Failure { get; set; }

    public void TakeLane()
    {
        Span<byte> id = stackalloc byte[16];
        PersonId.TryWriteBytes(id);
        // The last bytes of a UUIDv7 are random.
        Lane = (short)(BinaryPrimitives.ReadUInt32LittleEndian(id[12..]) % Lanes);
    }
}

sealed class PendingTellingConfiguration : IEntityTypeConfiguration<PendingTelling>
{
    public void Configure(EntityTypeBuilder<PendingTelling> telling)
    {
        telling.ToTable("tellings").HasKey(t => t.Position);
        telling.Property(t => t.Position).UseIdentityAlwaysColumn();
        telling.Property(t => t.Act).HasConversion<short>();
        telling.Property(t => t.Kind).HasConversion<short>();
    }
}

static class Tellings
{
    /// <summary>An act as old as this is no news, for example when this service follows a topic for the first time.</summary>
    static readonly TimeSpan News = TimeSpan.FromDays(7);

    /// <summary>Notes the act in the transaction of its event. Nobody is told of their own acts, nor anew when a read model is rebuilt; what came in from people without an account here has nobody to tell.</summary>
    public static void Tell(this DbContext db, EventContext context, PendingTelling telling)
    {
        if (context.IsReplay || telling.PersonId == Guid.Empty || telling.ActorId == telling.PersonId)
            return;
        telling.TakeLane();
        db.Add(telling);
    }

    public static bool IsNews(this TimeProvider time, DateTimeOffset when) => time.GetUtcNow() - when < News;
}
