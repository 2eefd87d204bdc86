using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Blog.Notifications.ReadModels;

/// <summary>What this service knows of an article, from events: enough to name it and to link it.</summary>
sealed class KnownArticle
{
    public required Guid ArticleId { get; init; }
    public required Guid AuthorId { get; set; }
    public required string Slug { get; set; }
    public required string Title { get; set; }
    public required long Revision { get; set; }
    public required bool Published { get; set; }

    public V1.ArticleReference ToMessage() => new() { Id = ArticleId.ToString(), AuthorId = AuthorId.ToString(), Slug = Slug, Title = Title, Published = Published };
}

sealed class KnownArticleConfiguration : IEntityTypeConfiguration<KnownArticle>
{
    public void Configure(EntityTypeBuilder<KnownArticle> article)
    {
        article.ToTable("articles").HasKey(a => a.ArticleId);
        article.Property(a => a.ArticleId).ValueGeneratedNever();
    }
}
