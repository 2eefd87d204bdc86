using Blog.Events.V1;
using Blog.Users.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Users.Relations;

/// <summary>A part of how many follow a target; the parts add up to it, each alone means nothing.</summary>
sealed class FollowerCount
{
    /// <summary>As many can begin to follow the same target at one moment without waiting for each other.</summary>
    const int Shards = 16;

    public required FollowTarget Kind { get; init; }
    public required string TargetId { get; init; }
    public required short Shard { get; init; }
    public long Followers { get; init; }

    /// <summary>Counts in the present transaction; last in it, because from here on the part is locked.</summary>
    public static async Task AddAsync(UsersDbContext db, Target target, Guid followerId, int change, CancellationToken cancel)
    {
        // The last bits of a UUIDv7 are random.
        var (kind, shard) = ((short)target.Kind, (short)(followerId.ToByteArray(bigEndian: true)[15] % Shards));
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into follower_counts (kind, target_id, shard, followers) values ({kind}, {target.Id}, {shard}, {change})
            on conflict (kind, target_id, shard) do update set followers = follower_counts.followers + excluded.followers
            """, cancel);
    }

    /// <summary>How many follow each; a target that nobody follows is left out.</summary>
    public static async Task<Dictionary<Target, long>> OfAsync(UsersDbContext db, IReadOnlyCollection<Target> targets, CancellationToken cancel)
    {
        var (kinds, ids) = (targets.Select(t => t.Kind).Distinct().ToArray(), targets.Select(t => t.Id).Distinct().ToArray());
        var sums = await db.Set<FollowerCount>().Where(c => kinds.Contains(c.Kind) && ids.Contains(c.TargetId))
            .GroupBy(c => new { c.Kind, c.TargetId }).Select(parts => new { parts.Key.Kind, parts.Key.TargetId, Followers = parts.Sum(c => c.Followers) })
            .ToListAsync(cancel);
        return sums.ToDictionary(sum => new Target(sum.Kind, sum.TargetId), sum => sum.Followers);
    }
}

sealed class FollowerCountConfiguration : IEntityTypeConfiguration<FollowerCount>
{
    public void Configure(EntityTypeBuilder<FollowerCount> count)
    {
        count.ToTable("follower_counts").HasKey(c => new { c.Kind, c.TargetId, c.Shard });
        count.Property(c => c.Kind).HasConversion<short>();
    }
}
