using Blog.Events.V1;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Users.Relations;

/// <summary>What one person decided about another, and when. No row: nothing.</summary>
sealed class Relation
{
    public required Guid PersonId { get; init; }
    public required Guid OtherId { get; init; }
    public DateTimeOffset? MuteTime { get; set; }
    public DateTimeOffset? BlockTime { get; set; }

    public bool SaysNothing => MuteTime is null && BlockTime is null;

    public RelationChanged ToEvent() => new() { PersonId = PersonId.ToString(), OtherId = OtherId.ToString(), Muted = MuteTime is not null, Blocked = BlockTime is not null };
}

sealed class RelationConfiguration : IEntityTypeConfiguration<Relation>
{
    public void Configure(EntityTypeBuilder<Relation> relation)
    {
        relation.ToTable("relations").HasKey(r => new { r.PersonId, r.OtherId });
        relation.Ignore(r => r.SaysNothing);
    }
}
