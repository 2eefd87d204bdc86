using Blog.Events.V1;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.Anchoring;
using Blog.ServiceDefaults.Events;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

/// <summary>What readers have of an article now, as Content says.</summary>
sealed record PublishedText(Guid ArticleId, Guid AuthorId, string Title, long Revision, string Text);

/// <summary>The texts that highlights point into: asked from Content outside of any transaction, kept in step inside one.</summary>
sealed class ArticleTexts(InteractionsDbContext db, Content.V1.Articles.ArticlesClient content, TimeProvider time)
{
    /// <summary>From Content; null when readers have no such article.</summary>
    public async Task<PublishedText?> FetchAsync(Guid articleId, CancellationToken cancel)
    {
        try
        {
            var found = await content.GetPublishedTextAsync(new() { Id = articleId.ToString() }, cancellationToken: cancel);
            return new(articleId, Guid.Parse(found.AuthorId), found.Title, found.Revision, ArticleText.Of(found.Html));
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The kept text if it is known to be what readers have; null: ask Content.</summary>
    public async Task<PublishedText?> KeptAsync(Guid articleId, CancellationToken cancel)
    {
        var kept = await db.Set<HighlightedText>().AsNoTracking().SingleOrDefaultAsync(t => t.ArticleId == articleId, cancel);
        var known = await db.Set<KnownArticle>().AsNoTracking().SingleOrDefaultAsync(a => a.ArticleId == articleId, cancel);
        return kept is null || known is not { Published: true } || known.Revision > kept.Revision ? null : new(articleId, kept.AuthorId, kept.Title, kept.Revision, kept.Text);
    }

    /// <summary>
    /// Inside a transaction: locks the article's text, brings it up to <paramref name="published"/> with all highlights if that is newer, and returns it.
    /// </summary>
    public async Task<HighlightedText> LockAsync(PublishedText published, CancellationToken cancel)
    {
        // Against the event of a newer text, which looks for this row; see NoteChangeAsync.
        var known = await db.Set<KnownArticle>().FromSql($"select * from articles where article_id = {published.ArticleId} for share").AsNoTracking().SingleOrDefaultAsync(cancel);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into highlight_texts (article_id, author_id, title, revision, text)
            values ({published.ArticleId}, {published.AuthorId}, {published.Title}, {published.Revision}, {published.Text}) on conflict do nothing
            """, cancel);
        var kept = await db.Set<HighlightedText>().FromSql($"select * from highlight_texts where article_id = {published.ArticleId} for update").SingleAsync(cancel);
        if (kept.Revision < published.Revision)
            await MoveAsync(kept, published, cancel);
        else if (known?.Revision > kept.Revision)
            await QueueAsync(kept.ArticleId, known.Revision, cancel);
        return kept;
    }

    /// <summary>Every highlight of the article follows its words into the newer text.</summary>
    async Task MoveAsync(HighlightedText kept, PublishedText published, CancellationToken cancel)
    {
        var (old, text) = (kept.Text, published.Text);
        (kept.Title, kept.Revision, kept.Text) = (published.Title, published.Revision, text);
        if (old == text)
            return;
        var map = new TextMap(old, text);
        var moved = false;
        await foreach (var highlight in db.Set<Highlight>().Where(h => h.ArticleId == kept.ArticleId).AsAsyncEnumerable().WithCancellation(cancel))
            moved |= highlight.Follow(map, old, text) && highlight.IsShown;
        if (moved)
            db.Publish(Topics.Anchors, kept.ArticleId, new HighlightsMoved { ArticleId = kept.ArticleId.ToString(), Revision = published.Revision }, time);
    }

    /// <summary>
    /// In the handler of an article's event: if somebody highlighted it, its highlights are to follow. Whether somebody does at this very moment is
    /// decided by the lock on the article's row, which <see cref="LockAsync"/> shares.
    /// </summary>
    public static async Task NoteChangeAsync(InteractionsDbContext db, ArticleChanged message, TimeProvider time, CancellationToken cancel)
    {
        var id = Guid.Parse(message.ArticleId);
        switch (message.Change)
        {
            case ArticleChanged.Types.Change.Published or ArticleChanged.Types.Change.Updated:
                await db.Database.ExecuteSqlAsync($"select 1 from articles where article_id = {id} for update", cancel);
                var isHighlighted = await db.Set<HighlightedText>().AnyAsync(t => t.ArticleId == id && t.Revision < message.Revision, cancel);
                if (isHighlighted)
                    await QueueAsync(db, id, message.Revision, time, cancel);
                break;
            case ArticleChanged.Types.Change.Deleted:
                // What people marked is theirs; the text is not.
                await db.Database.ExecuteSqlAsync($"delete from highlight_texts where article_id = {id}", cancel);
                await db.Database.ExecuteSqlAsync($"delete from anchoring_jobs where article_id = {id}", cancel);
                await db.Database.ExecuteSqlAsync($"update highlights set state = {(short)AnchorState.Detached} where article_id = {id}", cancel);
                break;
        }
    }

    Task<int> QueueAsync(Guid articleId, long revision, CancellationToken cancel) => QueueAsync(db, articleId, revision, time, cancel);

    static Task<int> QueueAsync(InteractionsDbContext db, Guid articleId, long revision, TimeProvider time, CancellationToken cancel) => db.Database.ExecuteSqlAsync(
        $"""
        insert into anchoring_jobs (article_id, revision, due, attempts) values ({articleId}, {revision}, {time.GetUtcNow()}, 0)
        on conflict (article_id) do update set revision = greatest(anchoring_jobs.revision, excluded.revision);
        select pg_notify('anchoring', '')
        """, cancel);
}
