using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Authors;

/// <summary>blog.content.v1.Authors. Each use case is a file of this folder; here is what several of them need.</summary>
[Authorize(Policy = Policies.Person)]
sealed partial class AuthorsService(ContentDbContext db, ArticlesService articles, Users.V1.Relations.RelationsClient relations, TimeProvider time) : V1.Authors.AuthorsBase
{
    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Person(string id) => Guid.TryParseExact(id, "D", out var person) ? person : throw RpcErrors.InvalidArgument(("person_id", "People are named by a UUID."));

    /// <summary>An article of the caller that nobody else changes until the transaction ends.</summary>
    async Task<Article> LockedAsync(Guid me, string id, CancellationToken cancel)
    {
        if (Guid.TryParseExact(id, "D", out var article))
            await db.LockArticleAsync(article, cancel);
        return await articles.MineAsync(me, id, cancel);
    }

    Task ChangeBylineAsync(Article article, IEnumerable<Guid> former, string formerSlug, CancellationToken cancel) => articles.ChangeBylineAsync(article, former, formerSlug, cancel);
}
