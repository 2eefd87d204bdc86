using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Interactions.Responses;

enum ResponseState : short
{
    Visible = 1,
    Deleted = 2,
    Hidden = 3,
}

/// <summary>What somebody answered to an article, or to such an answer.</summary>
sealed class Response
{
    public const int LongestText = 10_000, LongestExcerpt = 200;

    /// <summary>Levels of a thread; answers on the last stand beside what they answer.</summary>
    public const short Levels = 3;

    public required Guid ArticleId { get; init; }
    public required Guid Id { get; init; }
    public required Guid? ParentId { get; init; }
    public required Guid? ParentAuthorId { get; init; }
    public required Guid? UnderId { get; init; }
    public required short Depth { get; init; }

    /// <summary>Nobody (<see cref="Guid.Empty"/>) when it came with an imported article from somebody without an account here.</summary>
    public required Guid AuthorId { get; init; }

    /// <summary>What that somebody was called there. Personal data.</summary>
    public string AuthorName { get; set; } = "";
    public required ResponseState State { get; set; }
    public required string Markdown { get; set; }
    public required string Html { get; set; }
    public required string Excerpt { get; set; }
    public required Guid[] MentionedIds { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? EditedAt { get; set; }
    public required long Revision { get; set; }
    public required bool Listed { get; set; }
    public required int Replies { get; set; }
    public required double Score { get; init; }

    /// <summary>Where an answer to this stands: under it, or beside it once the levels have run out.</summary>
    public (Guid UnderId, short Depth) PlaceOfAnswer => Depth < Levels - 1 ? (Id, (short)(Depth + 1)) : (UnderId!.Value, Depth);

    /// <summary>Its author, who can be told of answers; null: nobody here.</summary>
    public Guid? AuthorHere => AuthorId == Guid.Empty ? null : AuthorId;

    /// <summary>Whether everyone sees its place: its words, or that there were some, for the sake of the answers.</summary>
    public bool ShouldBeListed => State == ResponseState.Visible || Replies > 0;
}

/// <summary>The responses of one article together. Its row is locked by whatever changes one of them, so that they change one after the other.</summary>
sealed class Thread
{
    public required Guid ArticleId { get; init; }
    public required long Responses { get; set; }
    public required bool Locked { get; set; }
}

sealed class ResponseConfiguration : IEntityTypeConfiguration<Response>, IEntityTypeConfiguration<Thread>
{
    public void Configure(EntityTypeBuilder<Response> response)
    {
        response.ToTable("response").HasKey(r => new { r.ArticleId, r.Id });
        response.Property(r => r.Id).ValueGeneratedNever();
        response.Ignore(r => r.PlaceOfAnswer).Ignore(r => r.ShouldBeListed).Ignore(r => r.AuthorHere);
    }

    public void Configure(EntityTypeBuilder<Thread> thread)
    {
        thread.ToTable("thread").HasKey(t => t.ArticleId);
        thread.Property(t => t.ArticleId).ValueGeneratedNever();
    }
}
