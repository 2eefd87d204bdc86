using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.Notifications.Newsletters;
using Blog.Notifications.ReadModels;
using Blog.Notifications.WebSub;
using Blog.ServiceDefaults.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using static Blog.Events.V1.ArticleChanged.Types;

namespace Blog.Notifications.Telling;

enum AnnouncementState : short
{
    Telling = 1,
    Told = 2,
    Withdrawing = 3,
    Withdrawn = 4,
}

/// <summary>
/// An article that followers are told of, a chunk at a time (<see cref="TellingWorker"/>): an author with a million followers writes one row in the
/// transaction of the event.
/// </summary>
sealed class Announcement
{
    public required Guid ArticleId { get; init; }
    public required Guid AuthorId { get; init; }
    /// <summary>Whose followers are told, too.</summary>
    public Guid[] CoAuthorIds { get; set; } = [];
    public required AnnouncementState State { get; set; }
    /// <summary>The last person who was dealt with; people are taken in the order of their ids.</summary>
    public Guid Cursor { get; set; }
    public required DateTimeOffset Time { get; set; }
}

sealed class AnnouncementConfiguration : IEntityTypeConfiguration<Announcement>
{
    public void Configure(EntityTypeBuilder<Announcement> announcement)
    {
        announcement.ToTable("announcements").HasKey(a => a.ArticleId);
        announcement.Property(a => a.ArticleId).ValueGeneratedNever();
        announcement.Property(a => a.State).HasConversion<short>();
    }
}

/// <summary>Follows content.articles.v1: keeps what articles are called, announces the first publication of what was written here, by mail too, and tells those who follow feeds.</summary>
sealed class ArticleChangedHandler(NotificationsDbContext db, TimeProvider time) : IEventHandler<ArticleChanged>
{
    public async Task HandleAsync(ArticleChanged message, EventContext context, CancellationToken cancel)
    {
        var (id, author) = (Guid.Parse(message.ArticleId), Guid.Parse(message.AuthorId));
        var published = message.Change is Change.Published or Change.Updated;
        var article = await db.Set<KnownArticle>().FindAsync([id], cancel);
        if (article is null)
            db.Add(new KnownArticle { ArticleId = id, AuthorId = author, Slug = message.Slug, Title = message.Title, Revision = message.Revision, Published = published });
        else if (message.Revision > article.Revision)
            (article.AuthorId, article.Slug, article.Title, article.Revision, article.Published) = (author, message.Slug, message.Title, message.Revision, published);
        else
            return;

        if (context.IsReplay)
            return;
        await Issue.FollowAsync(db, message, time.IsNews(context.Time), time, cancel);
        await FeedNews.FollowAsync(db, message, time.IsNews(context.Time), time, cancel);
        var announcement = await db.Set<Announcement>().FindAsync([id], cancel);
        if (announcement is null && message.Change is Change.Published && !message.Imported && time.IsNews(context.Time))
            db.Add(new Announcement { ArticleId = id, AuthorId = author, CoAuthorIds = [.. message.AuthorIds.Select(Guid.Parse).Where(person => person != author)], State = AnnouncementState.Telling, Time = context.Time });
        else if (announcement is not null && published != (announcement.State is AnnouncementState.Telling or AnnouncementState.Told))
        {
            (announcement.State, announcement.Cursor) = (published ? AnnouncementState.Telling : AnnouncementState.Withdrawing, Guid.Empty);
            // Whatever the worker moved it to since it was read.
            db.Entry(announcement).Property(a => a.Cursor).IsModified = true;
        }
    }
}
