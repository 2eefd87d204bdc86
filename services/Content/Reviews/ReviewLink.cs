using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace Blog.Content.Reviews;

/// <summary>A link that shows a draft to whoever has it.</summary>
sealed class ReviewLink
{
    public const int MaxName = 80, MostOpen = 50, MostListed = 100;

    const int TokenBytes = 24, LongestToken = 64;

    public required Guid ArticleId { get; init; }
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the token. A token is random in all of its 192 bits, so there is nothing to guess and no salt is needed.</summary>
    public required byte[] TokenHash { get; init; }

    public required string Name { get; init; }
    public required bool CanComment { get; init; }
    public required Guid CreatorId { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset? ExpireTime { get; init; }
    public DateTimeOffset? RevokeTime { get; set; }

    public bool IsOpen(DateTimeOffset now) => RevokeTime is null && !(ExpireTime <= now);

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>What is kept of a token; null for what never was one.</summary>
    public static byte[]? HashOf(string token) => token.Length is > 0 and <= LongestToken ? SHA256.HashData(Encoding.UTF8.GetBytes(token)) : null;

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
