using Blog.Interactions.Articles;
using Blog.Interactions.Data;
using Blog.Interactions.Responses;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Claps;

/// <summary>blog.interactions.v1.Claps. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ClapsService(InteractionsDbContext db, PublishedArticles articles, TimeProvider time) : V1.Claps.ClapsBase
{
    static Guid Caller(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    /// <summary>What can be clapped for.</summary>
    sealed record Subject(Guid Id, Guid ArticleId, Guid AuthorId, Response? Response);

    async Task<Subject> SubjectAsync(string id, CancellationToken cancel)
    {
        if (Guid.TryParseExact(id, "D", out var subjectId))
        {
            if (await db.Set<Response>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == subjectId, cancel) is { } response)
            {
                if (response.State == ResponseState.Visible && await articles.FindAsync(response.ArticleId, cancel) is not null)
                    return new(subjectId, response.ArticleId, response.AuthorId, response);
            }
            else if (await articles.FindAsync(subjectId, cancel) is { } article)
                return new(subjectId, subjectId, article.AuthorId, null);
        }
        throw RpcErrors.NotFound("There is nothing to clap for: it is not published, or not there any more.");
    }
}
