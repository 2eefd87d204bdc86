using Blog.Content.Data;
using Blog.Events.V1;
using Blog.ServiceDefaults.Events;

namespace Blog.Content.Articles;

static class DraftEvents
{
    /// <summary>Tells of the working copy, without its words. Nobody but the author learns more.</summary>
    public static void PublishDraftChange(this ContentDbContext db, Article article, TimeProvider time, bool? present = null) => db.Publish(
        ServiceDefaults.Events.Topics.Drafts, article.Id,
        new DraftChanged { ArticleId = article.Id.ToString(), AuthorId = article.AuthorId.ToString(), Revision = article.Revision, Present = present ?? article.IsDraft }, time);
}
