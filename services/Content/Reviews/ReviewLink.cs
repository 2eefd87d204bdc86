using Google.Protobuf.WellKnownTypes;

namespace Blog.Content.Reviews;

/// <summary>A link that shows a draft to whoever has it.</summary>
sealed class ReviewLink
{
    public const int MaxName = 80, MostOpen = 50, MostListed = 100;

    public required Guid ArticleId { get; init; }
    public required Guid Id { get; init; }

    /// <summary><see cref="ReviewSecret.HashOf"/> the token.</summary>
    public required byte[] TokenHash { get; init; }

    public required string Name { get; init; }
    public required bool CanComment { get; init; }
    public required Guid CreatorId { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset? ExpireTime { get; init; }
    public DateTimeOffset? RevokeTime { get; set; }

    public bool IsOpen(DateTimeOffset now) => RevokeTime is null && !(ExpireTime <= now);

    public V1.ReviewLink ToMessage() => new()
    {
        Id = Id.ToString(),
        Name = Name,
        CanComment = CanComment,
        CreatorId = CreatorId.ToString(),
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
        ExpireTime = ExpireTime is { } expires ? Timestamp.FromDateTimeOffset(expires) : null,
        RevokeTime = RevokeTime is { } revoked ? Timestamp.FromDateTimeOffset(revoked) : null,
    };
}
