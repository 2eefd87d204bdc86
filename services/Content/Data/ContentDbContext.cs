using Blog.Content.Articles;
using Blog.Content.Authors;
using Blog.Content.Invitations;
using Blog.Content.Imports;
using Blog.Content.Links;
using Blog.Content.Media;
using Blog.Content.Reviews;
using Blog.Content.Revisions;
using Blog.Content.Publications;
using Blog.Content.SeriesOfArticles;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Data;

/// <summary>The database `content`; its tables are made by Data/Migrations.</summary>
sealed class ContentDbContext(DbContextOptions<ContentDbContext> options) : DbContext(options)
{
    public DbSet<Article> Articles => Set<Article>();
    public DbSet<PublishedArticle> PublishedArticles => Set<PublishedArticle>();
    public DbSet<CoAuthorship> CoAuthorships => Set<CoAuthorship>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<Revision> Revisions => Set<Revision>();
    public DbSet<Series> Series => Set<Series>();
    public DbSet<SeriesSlug> SeriesSlugs => Set<SeriesSlug>();
    public DbSet<ReviewLink> ReviewLinks => Set<ReviewLink>();
    public DbSet<ReviewComment> ReviewComments => Set<ReviewComment>();
    public DbSet<ReviewText> ReviewTexts => Set<ReviewText>();
    public DbSet<Publication> Publications => Set<Publication>();
    public DbSet<PublicationSlug> PublicationSlugs => Set<PublicationSlug>();
    public DbSet<PublicationMember> PublicationMembers => Set<PublicationMember>();
    public DbSet<Submission> Submissions => Set<Submission>();
    public DbSet<TakenSlug> Slugs => Set<TakenSlug>();
    public DbSet<FormerPath> FormerPaths => Set<FormerPath>();
    public DbSet<TopicArticle> TopicArticles => Set<TopicArticle>();
    public DbSet<Topic> Topics => Set<Topic>();
    public DbSet<Picture> Media => Set<Picture>();
    public DbSet<OwnedMedia> OwnedMedia => Set<OwnedMedia>();
    public DbSet<KnownLink> Links => Set<KnownLink>();
    public DbSet<WaitingLink> WaitingLinks => Set<WaitingLink>();

    public DbSet<ImportRun> Imports => Set<ImportRun>();
    public DbSet<ImportPart> ImportParts => Set<ImportPart>();
    public DbSet<ImportItem> ImportItems => Set<ImportItem>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.MapOutbox();
        model.MapStoredAnswers();
        model.Entity<Article>(article =>
        {
            article.ToTable("articles").HasKey(a => new { a.AuthorId, a.Id });
            article.Property(a => a.Status).HasConversion<short>();
            article.Property(a => a.Revision).IsConcurrencyToken();
            article.Ignore(a => a.AuthorIds);
            article.ComplexProperty(a => a.Content, content =>
            {
                content.Property(c => c.Title).HasColumnName("title");
                content.Property(c => c.Description).HasColumnName("description");
                content.Property(c => c.Markdown).HasColumnName("markdown");
                content.Property(c => c.Topics).HasColumnName("topics");
                content.Property(c => c.CoverMediaId).HasColumnName("cover_media_id");
                content.Property(c => c.CoverAlt).HasColumnName("cover_alt");
                content.Property(c => c.Slug).HasColumnName("wished_slug");
                content.Property(c => c.CanonicalUrl).HasColumnName("canonical_url");
                content.Property(c => c.Language).HasColumnName("language");
            });
        });
        model.Entity<PublishedArticle>(published =>
        {
            // The table is older than the publications that people write for together.
            published.ToTable("publications").HasKey(p => new { p.AuthorId, p.ArticleId });
            published.Property(p => p.Headings).HasColumnType("jsonb");
        });
        model.Entity<CoAuthorship>().ToTable("co_authorships").HasKey(c => new { c.PersonId, c.ArticleId });
        model.Entity<Invitation>().ToTable("invitations").HasKey(i => new { i.InviteeId, i.Id });
        model.Entity<Revision>(revision =>
        {
            revision.ToTable("revisions").HasKey(r => new { r.AuthorId, r.ArticleId, r.Number });
            revision.Property(r => r.Number).ValueGeneratedNever();
            revision.Property(r => r.Reason).HasConversion<short>();
            revision.Ignore(r => r.MayBeThinned);
            revision.HasOne<Article>().WithMany().HasForeignKey(r => new { r.AuthorId, r.ArticleId });
        });
        model.Entity<Series>(series =>
        {
            series.ToTable("series").HasKey(s => new { s.OwnerId, s.Id });
            series.Property(s => s.Revision).IsConcurrencyToken();
        });
        model.Entity<SeriesSlug>().ToTable("series_slugs").HasKey(s => new { s.OwnerId, s.Slug });
        model.Entity<ReviewLink>().ToTable("review_links").HasKey(l => new { l.ArticleId, l.Id });
        model.Entity<ReviewComment>().ToTable("review_comments").HasKey(c => new { c.ArticleId, c.Id });
        model.Entity<ReviewComment>().Property(c => c.State).HasConversion<short?>();
        model.Entity<ReviewText>().ToTable("review_texts").HasKey(t => t.ArticleId);
        model.Entity<ReviewText>().Property(t => t.ArticleId).ValueGeneratedNever();
        model.Entity<Publication>(publication =>
        {
            publication.ToTable("publication_profiles").Property(p => p.Id).ValueGeneratedNever();
            publication.Property(p => p.Revision).IsConcurrencyToken();
        });
        model.Entity<PublicationSlug>().ToTable("publication_slugs").HasKey(s => s.Slug);
        model.Entity<PublicationMember>().ToTable("publication_members").HasKey(m => new { m.PublicationId, m.PersonId });
        model.Entity<Submission>().ToTable("submissions").Property(s => s.Id).ValueGeneratedNever();
        model.Entity<TakenSlug>().ToTable("slugs").HasKey(s => new { s.AuthorId, s.Slug });
        model.Entity<FormerPath>().ToTable("former_paths").HasKey(f => new { f.AuthorId, f.Path });
        model.Entity<TopicArticle>().ToTable("topic_articles").HasKey(t => new { t.TopicSlug, t.ArticleId });
        model.Entity<Topic>().ToTable("topics").HasKey(t => t.Slug);
        model.Entity<Picture>().ToTable("media").HasKey(m => m.Id);
        model.Entity<Picture>().Property(m => m.Id).ValueGeneratedNever();
        model.Entity<OwnedMedia>().ToTable("owned_media").HasKey(o => new { o.OwnerId, o.Sha256 });
        model.Entity<OwnedMedia>().HasOne<Picture>().WithMany().HasForeignKey(o => o.MediaId);
        model.Entity<KnownLink>(link =>
        {
            link.ToTable("links").HasKey(l => l.Address);
            link.Property(l => l.State).HasConversion<short>();
            link.Property(l => l.Card).HasColumnType("jsonb");
        });
        model.Entity<WaitingLink>().ToTable("waiting_links").HasKey(l => new { l.ArticleId, l.Address });
        model.Entity<ImportRun>().ToTable("imports").HasKey(i => new { i.OwnerId, i.Id });
        model.Entity<ImportRun>().Property(i => i.State).HasConversion<short>();
        model.Entity<ImportRun>().Ignore(i => i.CanStart).Ignore(i => i.CanStop);
        model.Entity<ImportPart>().ToTable("import_parts").HasKey(p => new { p.OwnerId, p.ImportId, p.Number });
        model.Entity<ImportPart>().HasOne<ImportRun>().WithMany().HasForeignKey(p => new { p.OwnerId, p.ImportId });
        model.Entity<ImportItem>().ToTable("import_items").HasKey(i => new { i.OwnerId, i.ImportId, i.Number });
        model.Entity<ImportItem>().HasOne<ImportRun>().WithMany().HasForeignKey(i => new { i.OwnerId, i.ImportId });
        model.UseSnakeCaseColumns(typeof(ContentDbContext).Assembly);
    }
}
