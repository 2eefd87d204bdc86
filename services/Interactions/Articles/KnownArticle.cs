using Blog.Events.V1;
using Blog.Interactions.Data;
using Blog.Interactions.Highlights;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Interactions.Articles;

/// <summary>What this service knows of an article, from events: enough to say whether it can be clapped for, answered or kept.</summary>
sealed class KnownArticle
{
    public required Guid ArticleId { get; init; }
    public required Guid AuthorId { get; set; }
    public required long Revision { get; set; }
    public required bool Published { get; set; }
}

sealed class KnownArticleConfiguration : IEntityTypeConfiguration<KnownArticle>
{
    public void Configure(EntityTypeBuilder<KnownArticle> article)
    {
        article.ToTable("articles").HasKey(a => a.ArticleId);
        article.Property(a => a.ArticleId).ValueGeneratedNever();
    }
}

/// <summary>Follows content.articles.v1.</summary>
sealed class ArticleChangedHandler(InteractionsDbContext db, TimeProvider time) : IEventHandler<ArticleChanged>
{
    public async Task HandleAsync(ArticleChanged message, EventContext context, CancellationToken cancel)
    {
        var id = Guid.Parse(message.ArticleId);
        var published = message.Change is Change.Published or Change.Updated;
        var article = await db.Set<KnownArticle>().FindAsync([id], cancel);
        if (article is null)
            db.Add(new KnownArticle { ArticleId = id, AuthorId = Guid.Parse(message.AuthorId), Revision = message.Revision, Published = published });
        else if (message.Revision > article.Revision)
            (article.AuthorId, article.Revision, article.Published) = (Guid.Parse(message.AuthorId), message.Revision, published);
        await ArticleTexts.NoteChangeAsync(db, message, time, cancel);
    }
}
