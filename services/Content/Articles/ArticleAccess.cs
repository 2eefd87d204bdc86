using Blog.Content.Data;
using Blog.ServiceDefaults.Grpc;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

/// <summary>The one place that decides who may edit an article, see its history, publish and delete it: any of its authors.</summary>
static class ArticleAccess
{
    /// <summary>An article that this person may edit.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">NOT_FOUND: there is none, or it is somebody else's.</exception>
    public static async Task<Article> MineAsync(this ContentDbContext db, Guid person, string id, CancellationToken cancel) =>
        Guid.TryParseExact(id, "D", out var articleId) && await db.Articles.SingleOrDefaultAsync(a => a.Id == articleId, cancel) is { } article && article.IsBy(person)
            ? article
            : throw RpcErrors.NotFound("There is no such article of yours.");
}
