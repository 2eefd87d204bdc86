using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Portability;

/// <summary>What somebody wrote under a story that is not here: kept for them, with what is known of the story, and taken along again.</summary>
sealed class ResponseElsewhere
{
    public required Guid OwnerId { get; init; }
    public required Guid Id { get; init; }
    public required string StoryTitle { get; init; }

    /// <summary>Absolute http(s), or empty.</summary>
    public required string StoryAddress { get; init; }
    public required string Markdown { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EditedAt { get; init; }
}

sealed class ResponseElsewhereConfiguration : IEntityTypeConfiguration<ResponseElsewhere>
{
    public void Configure(EntityTypeBuilder<ResponseElsewhere> response)
    {
        response.ToTable("responses_elsewhere").HasKey(r => new { r.OwnerId, r.Id });
        response.Property(r => r.Id).ValueGeneratedNever();
    }
}
