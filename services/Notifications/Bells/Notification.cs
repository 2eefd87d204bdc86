using Blog.Notifications.ReadModels;
using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.Bells;

/// <summary>What a person is told of: one act, or a group of them. Changed in place while people join or leave.</summary>
sealed class Notification
{
    public const int ShownActors = 3;

    public required Guid PersonId { get; init; }
    public required Guid Id { get; init; }
    public required V1.NotificationKind Kind { get; init; }
    /// <summary>What a group is about: the article, the response, or (followers) the person.</summary>
    public required Guid SubjectId { get; init; }
    public required Guid? ArticleId { get; init; }
    public required Guid? ResponseId { get; init; }
    /// <summary>Last first, at most <see cref="ShownActors"/>.</summary>
    public required List<Guid> Actors { get; set; }
    /// <summary>0: withdrawn.</summary>
    public required int ActorCount { get; set; }
    public required string Excerpt { get; set; }
    public required bool InApp { get; set; }
    public bool Read { get; set; }
    public long Position { get; set; }
    public long Sequence { get; set; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; set; }

    public bool IsWithdrawn => ActorCount == 0;

    public V1.Notification ToMessage(Bell bell, KnownArticle? article) => new()
    {
        Id = Id.ToString(),
        Kind = Kind,
        SubjectId = SubjectId.ToString(),
        Position = Position,
        ActorIds = { Actors.Select(actor => actor.ToString()) },
        ActorCount = ActorCount,
        Article = article?.ToMessage(),
        ResponseId = ResponseId?.ToString() ?? "",
        Excerpt = Excerpt,
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
        UpdateTime = Timestamp.FromDateTimeOffset(UpdateTime),
        Unread = bell.IsUnread(this),
        Withdrawn = IsWithdrawn || !InApp,
    };
}

sealed class NotificationConfiguration : IEntityTypeConfiguration<Notification>
{
    public void Configure(EntityTypeBuilder<Notification> notification)
    {
        notification.ToTable("notifications").HasKey(n => new { n.PersonId, n.Id });
        notification.Property(n => n.Kind).HasConversion<short>();
        notification.Ignore(n => n.IsWithdrawn);
    }
}

/// <summary>Somebody in a group. Kept when withdrawn, so that doing the same again does not tell anew.</summary>
sealed class Act
{
    public required Guid PersonId { get; init; }
    public required V1.NotificationKind Kind { get; init; }
    public required Guid SubjectId { get; init; }
    /// <summary>The actor's id, or that of the highlight: one actor may be in a group several times and counts once.</summary>
    public required Guid ActId { get; init; }
    public required Guid ActorId { get; init; }
    public required Guid NotificationId { get; set; }

    /// <summary>What it said; empty: nothing, or it was taken back.</summary>
    public string Excerpt { get; set; } = "";

    public bool Withdrawn { get; set; }
    public required DateTimeOffset Time { get; set; }
}

sealed class ActConfiguration : IEntityTypeConfiguration<Act>
{
    public void Configure(EntityTypeBuilder<Act> act)
    {
        act.ToTable("acts").HasKey(a => new { a.PersonId, a.Kind, a.SubjectId, a.ActId });
        act.Property(a => a.Kind).HasConversion<short>();
        // Rows of a new group are to be written before those in it.
        act.HasOne<Notification>().WithMany().HasForeignKey(a => new { a.PersonId, a.NotificationId });
    }
}
