using Blog.Content.Articles;

namespace Blog.Content.Revisions;

/// <summary>When a working copy that autosaving is about to replace is kept.</summary>
static class KeepingRule
{
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(2), Interval = TimeSpan.FromMinutes(10);

    /// <summary>Why the present working copy is kept before a person changes it; null: it need not be.</summary>
    public static RevisionReason? Before(Article article, Guid person, DateTimeOffset now)
    {
        if (article.KeptRevision == article.Revision || article.IsBlank)
            return null;
        // Whoever published it: what readers have is always kept.
        if (article.Status == ArticleStatus.Published && !article.HasUnpublishedChanges)
            return RevisionReason.Published;
        if (article.EditorId != person)
            return RevisionReason.AuthorChanged;
        if (now - article.UpdateTime >= Pause)
            return RevisionReason.Paused;
        return now - (article.KeptTime ?? article.CreateTime) >= Interval ? RevisionReason.Interval : null;
    }
}
