using Blog.Content.Articles;
using Blog.Content.Data;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Revisions;

/// <summary>
/// The revisions of articles. Whoever keeps one also changes the article's row, whose revision is checked when that is saved, so two never follow the
/// same one.
/// </summary>
sealed class RevisionLog(ContentDbContext db)
{
    /// <summary>Revisions that are read to give back one, at most.</summary>
    public const int LongestChain = 32;

    // What was kept last with the change being made, and is not in the database yet.
    (Guid Article, long Number, byte[] Text, int Chain)? newest;

    /// <summary>Replaces the working copy, and keeps it before when it is time to; false when it was the same, which is no change.</summary>
    public async Task<bool> ChangeAsync(Article article, ArticleContent content, Guid person, DateTimeOffset now, CancellationToken cancel)
    {
        if (KeepingRule.Before(article, person, now) is { } reason && !article.Has(content))
            await KeepAsync(article, reason, article.EditorId, now, cancel);
        return article.Change(content, person, now);
    }

    /// <summary>Adds the working copy to the revisions, with the change being made. When it is one already, it takes over a reason to stay.</summary>
    public async Task<Revision> KeepAsync(
        Article article, RevisionReason reason, Guid person, DateTimeOffset now, CancellationToken cancel, long? restored = null)
    {
        if (article.KeptRevision == article.Revision && await db.Revisions.FindAsync([article.AuthorId, article.Id, article.Revision], cancel) is { } kept)
        {
            if (kept.MayBeThinned)
                (kept.Reason, kept.PersonId) = (reason, person);
            return kept;
        }
        var (before, chain) = newest is { } known && (known.Article, known.Number) == (article.Id, article.KeptRevision) ? (known.Text, known.Chain)
            : await ChainAsync(article.AuthorId, article.Id, article.KeptRevision, cancel) is { Count: > 0 } stored ? (TextOf(stored), stored.Count)
            : (null, LongestChain);
        if (chain >= LongestChain)
            (before, chain) = (null, 0);
        var text = article.Content.ToMessage().ToByteArray();
        var revision = new Revision
        {
            AuthorId = article.AuthorId,
            ArticleId = article.Id,
            Number = article.Revision,
            PersonId = person,
            CreateTime = article.UpdateTime,
            RestoredNumber = restored,
            WordCount = article.WordCount,
            Reason = reason,
            IsKeyframe = before is null,
            Title = article.Content.Title,
            Content = RevisionFrame.Encode(text, before),
        };
        db.Add(revision);
        article.Kept(now);
        if (revision.MayBeThinned)
            article.ThinTime ??= now + ThinningRule.WholeFor;
        newest = (article.Id, article.Revision, text, chain + 1);
        return revision;
    }

    /// <summary>A revision and its text; null when there is none of that number.</summary>
    public async Task<(Revision Revision, V1.ArticleContent Content)?> FindAsync(Article article, long number, CancellationToken cancel)
    {
        var chain = await ChainAsync(article.AuthorId, article.Id, number, cancel);
        return chain.Count > 0 && chain[^1].Number == number ? (chain[^1], V1.ArticleContent.Parser.ParseFrom(TextOf(chain))) : null;
    }

    /// <summary>From a keyframe to the revision of this number, or the last before it. One statement: what it reads fits together.</summary>
    Task<List<Revision>> ChainAsync(Guid author, Guid article, long number, CancellationToken cancel)
    {
        var upTo = db.Revisions.AsNoTracking().Where(r => r.AuthorId == author && r.ArticleId == article && r.Number <= number);
        return upTo.Where(r => r.Number >= upTo.Where(k => k.IsKeyframe).Max(k => k.Number)).OrderBy(r => r.Number).ToListAsync(cancel);
    }

    static byte[] TextOf(IEnumerable<Revision> chain) =>
        chain.Aggregate((byte[]?)null, (before, revision) => RevisionFrame.Decode(revision.Content, revision.IsKeyframe ? null : before))!;
}
