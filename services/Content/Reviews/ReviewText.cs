using Blog.Anchoring;
using Blog.Content.Articles;
using Blog.Content.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

/// <summary>A draft as reviewers last had it.</summary>
sealed class ReviewText
{
    public required Guid ArticleId { get; init; }

    /// <summary>Of the article.</summary>
    public required long Revision { get; set; }

    /// <summary>The words that comments point into (<see cref="ArticleText"/>).</summary>
    public required string Text { get; set; }

    public required string Html { get; set; }
    public required int ReadingMinutes { get; set; }
}

/// <summary>
/// Keeps what reviewers have in step with the draft. It follows when somebody looks, not when the draft is saved: autosaving stays what it is, and a draft nobody reviews costs nothing.
/// </summary>
sealed class ReviewTexts(ContentDbContext db, ArticleRendering rendering)
{
    /// <summary>What reviewers have of the article now; comments have followed their words into it.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the draft cannot be rendered.</exception>
    public async Task<ReviewText> OfAsync(Article article, CancellationToken cancel)
    {
        if (await db.ReviewTexts.AsNoTracking().SingleOrDefaultAsync(t => t.ArticleId == article.Id, cancel) is { } kept && kept.Revision >= article.Revision)
            return kept;

        // The work before the transaction.
        var rendered = await rendering.RenderAsync(article.Content.Markdown, cancel);
        var fresh = new ReviewText
        {
            ArticleId = article.Id, Revision = article.Revision, Html = rendered.Html, Text = ArticleText.Of(rendered.Html), ReadingMinutes = rendered.Words.ReadingMinutes,
        };
        return await db.InTransactionAsync(() => BringUpAsync(fresh, cancel), cancel);
    }

    async Task<ReviewText> BringUpAsync(ReviewText fresh, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into review_texts (article_id, revision, text, html, reading_minutes)
            values ({fresh.ArticleId}, {fresh.Revision}, {fresh.Text}, {fresh.Html}, {fresh.ReadingMinutes}) on conflict do nothing
            """, cancel);
        var kept = await db.ReviewTexts.FromSql($"select * from review_texts where article_id = {fresh.ArticleId} for update").SingleAsync(cancel);
        if (kept.Revision >= fresh.Revision)
            return kept;
        if (kept.Text != fresh.Text)
            await FollowAsync(kept, fresh.Text, cancel);
        (kept.Revision, kept.Text, kept.Html, kept.ReadingMinutes) = (fresh.Revision, fresh.Text, fresh.Html, fresh.ReadingMinutes);
        return kept;
    }

    async Task FollowAsync(ReviewText kept, string text, CancellationToken cancel)
    {
        var placed = await db.ReviewComments.Where(c => c.ArticleId == kept.ArticleId && c.State != null).ToListAsync(cancel);
        if (placed.Count == 0)
            return;
        var map = new TextMap(kept.Text, text);
        foreach (var comment in placed)
            comment.Follow(map, kept.Text, text);
    }
}
