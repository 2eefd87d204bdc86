using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Authors;

partial class AuthorsService
{
    public override async Task<V1.RemoveAuthorResponse> RemoveAuthor(V1.RemoveAuthorRequest request, ServerCallContext context)
    {
        var (me, person, cancel) = (Me(context), Person(request.PersonId), context.CancellationToken);
        return await db.InTransactionAsync(async () =>
        {
            var article = await LockedAsync(me, request.ArticleId, cancel);
            if (person != me && article.AuthorId != me)
                throw RpcErrors.Create(StatusCode.PermissionDenied, "Only the first author takes others out of the byline. Everybody may leave by themselves.", "NOT_FIRST_AUTHOR");
            var left = article.IsBy(person) ? await LeaveAsync(article, person, cancel) : article;
            return new V1.RemoveAuthorResponse { AuthorIds = { left.AuthorIds.Select(id => id.ToString()) } };
        }, cancel);
    }

    async Task<Article> LeaveAsync(Article article, Guid person, CancellationToken cancel)
    {
        if (article.CoAuthorIds.Length == 0)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "You are its only author. Unpublish or delete the story instead.", "LAST_AUTHOR");

        // Whose co-authorship ends: they leave, or become the first author.
        var (ending, formerSlug) = (person, "");
        if (person == article.AuthorId)
        {
            (ending, formerSlug) = (article.CoAuthorIds[0], article.Slug ?? "");
            if (article.IsDraft)
                articles.PublishDraftChange(article, present: false);
            article = await HandOverAsync(article, ending, cancel);
        }
        article.Part(ending, articles.Now());
        await db.CoAuthorships.Where(c => c.ArticleId == article.Id && c.PersonId == ending).ExecuteDeleteAsync(cancel);
        // A series holds what its owner wrote.
        await db.Database.ExecuteSqlAsync($"update articles set series_id = null, series_position = null where id = {article.Id} and series_id in (select id from series where owner_id = {person})", cancel);
        await ChangeBylineAsync(article, [person], formerSlug, cancel);
        return article;
    }

    /// <summary>Puts the article under another author's address. The author is part of the keys, which no tracked row can change.</summary>
    async Task<Article> HandOverAsync(Article article, Guid heir, CancellationToken cancel)
    {
        var id = article.Id;
        await db.SaveChangesAsync(cancel);
        // What it was in another system it was of its former author.
        await db.Database.ExecuteSqlAsync($"update articles set author_id = {heir}, source = null, source_hash = null where id = {id}", cancel);
        await db.Database.ExecuteSqlAsync($"update publications set author_id = {heir} where article_id = {id}", cancel);
        await db.Database.ExecuteSqlAsync($"update topic_articles set author_id = {heir} where article_id = {id}", cancel);
        db.ChangeTracker.Clear();
        var moved = await db.Articles.SingleAsync(a => a.Id == id, cancel);
        if (moved.Slug is { } slug)
            moved.MoveTo(await articles.TakeSlugAsync(moved, slug, isWished: false, cancel));
        return moved;
    }
}
