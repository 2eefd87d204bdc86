using Blog.Content.Data;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Revisions;

/// <summary>Thins out old revisions, an article at a time and each in a transaction that holds its row: several instances share the work.</summary>
sealed class ThinningWorker(IServiceScopeFactory scopes, TimeProvider time, ILogger<ThinningWorker> log) : PeriodicWorker(Interval, time, log, "Old revisions stay")
{
    static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    sealed record Due(Guid AuthorId, Guid Id);

    /// <summary>Thins out whatever is due.</summary>
    public override async Task RunAsync(CancellationToken cancel)
    {
        while (await NextAsync(cancel)) ;
    }

    async Task<bool> NextAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ContentDbContext>();
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            var now = Time.GetUtcNow();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var due = await db.Database.SqlQuery<Due>($"""
                select author_id as "AuthorId", id as "Id" from articles where thin_time <= {now} order by thin_time limit 1 for update skip locked
                """).ToListAsync(cancel);
            if (due is not [var (author, id)])
                return false;
            var article = await db.Articles.SingleAsync(a => a.AuthorId == author && a.Id == id, cancel);
            var all = await db.Revisions.Where(r => r.AuthorId == article.AuthorId && r.ArticleId == article.Id).OrderBy(r => r.Number).ToListAsync(cancel);
            article.ThinTime = Thin(db, all, now);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        });
    }

    /// <summary>Removes what is not needed; what followed a removed revision is encoded anew after the one before that. Returns when to look again.</summary>
    static DateTimeOffset? Thin(ContentDbContext db, List<Revision> all, DateTimeOffset now)
    {
        // The next one to come is encoded after the newest, so that one stays.
        var excess = ThinningRule.Excess(all.SkipLast(1).Where(r => r.MayBeThinned).Select(r => r.CreateTime), now).ToHashSet();
        var thinned = all.SkipLast(1).Where(r => r.MayBeThinned && excess.Contains(r.CreateTime)).ToHashSet();
        db.RemoveRange(thinned);
        Join(thinned.Count == 0 ? [] : all, thinned);
        return ThinningRule.NextLook(all.Where(r => r.MayBeThinned && !thinned.Contains(r)).Select(r => r.CreateTime), now);
    }

    static void Join(List<Revision> all, HashSet<Revision> thinned)
    {
        byte[]? text = null, before = null;
        var (chain, cut) = (0, false);
        foreach (var revision in all)
        {
            text = RevisionFrame.Decode(revision.Content, revision.IsKeyframe ? null : text);
            if (thinned.Contains(revision))
            {
                cut = true;
                continue;
            }
            chain = revision.IsKeyframe ? 1 : chain + 1;
            if (!revision.IsKeyframe && (cut || chain > RevisionLog.LongestChain))
            {
                if (before is null || chain > RevisionLog.LongestChain)
                    (before, chain, revision.IsKeyframe) = (null, 1, true);
                revision.Content = RevisionFrame.Encode(text, before);
            }
            (before, cut) = (text, false);
        }
    }
}
