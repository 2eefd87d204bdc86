using Blog.Events.V1;
using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Responses;

/// <summary>blog.interactions.v1.Responses. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ResponsesService(
    InteractionsDbContext db, PublishedArticles articles, Content.V1.Articles.ArticlesClient content, Users.V1.Users.UsersClient users, TimeProvider time) : V1.Responses.ResponsesBase
{
    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid? Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : null;

    static RpcException NoSuchArticle() => RpcErrors.NotFound("There is no such article, or it is not published.");

    static RpcException NoSuchResponse() => RpcErrors.NotFound("There is no such response. It may have been deleted.");

    static RpcException Apart() => RpcErrors.Create(StatusCode.PermissionDenied, "You cannot respond here.", "APART");

    static RpcException IsGone(Response response) => response.State == ResponseState.Deleted
        ? RpcErrors.Create(StatusCode.FailedPrecondition, "This response was deleted meanwhile.", "RESPONSE_DELETED")
        : RpcErrors.Create(StatusCode.FailedPrecondition, "The author of the story has hidden this response meanwhile.", "RESPONSE_HIDDEN");

    async Task<KnownArticle> PublishedAsync(string id, CancellationToken cancel) =>
        Id(id) is { } known && await articles.FindAsync(known, cancel) is { } article ? article : throw NoSuchArticle();

    Task<Response?> FindAsync(Guid article, Guid? id, CancellationToken cancel) =>
        db.Set<Response>().SingleOrDefaultAsync(r => r.ArticleId == article && r.Id == id, cancel);

    /// <summary>
    /// A change of one article's threads, in one transaction. Such changes take turns, so that what one of them decides by (is it locked, is it
    /// deleted, does it have answers) still holds when it is written.
    /// </summary>
    async Task<T> ChangeAsync<T>(Guid article, Func<Thread, Task<T>> change, CancellationToken cancel) =>
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await db.Database.ExecuteSqlAsync($"insert into thread (article_id, responses, locked) values ({article}, 0, false) on conflict do nothing", cancel);
            var thread = (await db.Set<Thread>().FromSql($"select * from thread where article_id = {article} for update").ToListAsync(cancel)).Single();
            var result = await change(thread);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return result;
        });

    /// <summary>After a change of state: whether its place is shown, and with it the places it stands under.</summary>
    async Task RelistAsync(Response response, CancellationToken cancel)
    {
        while (response.Listed != response.ShouldBeListed)
        {
            response.Listed = response.ShouldBeListed;
            if (await FindAsync(response.ArticleId, response.UnderId, cancel) is not { } parent) return;
            parent.Replies += response.Listed ? 1 : -1;
            response = parent;
        }
    }

    void Tell(KnownArticle article, Response response, ResponseChanged.Types.Change change) => db.Publish(Topics.Responses, article.ArticleId, new ResponseChanged
    {
        ResponseId = response.Id.ToString(),
        ArticleId = article.ArticleId.ToString(),
        ArticleAuthorId = article.AuthorId.ToString(),
        ParentId = response.ParentId?.ToString() ?? "",
        ParentAuthorId = response.ParentAuthorId?.ToString() ?? "",
        AuthorId = response.AuthorId.ToString(),
        Change = change,
        Excerpt = response.State == ResponseState.Visible ? response.Excerpt : "",
        MentionedIds = { response.State == ResponseState.Visible ? response.MentionedIds.Select(id => id.ToString()) : [] },
    }, time);
}
