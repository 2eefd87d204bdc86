using Blog.Events.V1;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Users.Relations;

/// <summary>That somebody follows something, and since when.</summary>
sealed class Following
{
    public required Guid FollowerId { get; init; }
    public required FollowTarget Kind { get; init; }
    public required string TargetId { get; init; }
    public required Guid Id { get; init; }
    public required DateTimeOffset FollowTime { get; init; }

    public Target Target => new(Kind, TargetId);
}

sealed class FollowingConfiguration : IEntityTypeConfiguration<Following>
{
    public void Configure(EntityTypeBuilder<Following> following)
    {
        following.ToTable("follows").HasKey(f => new { f.FollowerId, f.Kind, f.TargetId });
        following.Property(f => f.Kind).HasConversion<short>();
        following.Ignore(f => f.Target);
    }
}
