using Google.Protobuf.WellKnownTypes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Gifts;

/// <summary>A link that opens one article for whoever has it.</summary>
sealed class Gift
{
    public const int MostPerMonth = 10;
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public required Guid Id { get; init; }
    public required Guid PersonId { get; init; }
    public required Guid ArticleId { get; init; }
    public required string Token { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset ExpireTime { get; init; }
    public bool Revoked { get; set; }
    public int Opens { get; init; }

    public V1.Gift ToMessage() => new()
    {
        Id = Id.ToString(),
        ArticleId = ArticleId.ToString(),
        Token = Token,
        CreateTime = Timestamp.FromDateTimeOffset(CreateTime),
        ExpireTime = Timestamp.FromDateTimeOffset(ExpireTime),
        Revoked = Revoked,
        Opens = Opens,
    };
}

sealed class GiftConfiguration : IEntityTypeConfiguration<Gift>
{
    public void Configure(EntityTypeBuilder<Gift> gift)
    {
        gift.ToTable("gift_links").HasKey(g => g.Id);
        gift.Property(g => g.Id).ValueGeneratedNever();
    }
}
