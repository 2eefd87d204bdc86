using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    public override async Task<V1.GetPublishedTextResponse> GetPublishedText(V1.GetPublishedTextRequest request, ServerCallContext context) =>
        Guid.TryParseExact(request.Id, "D", out var id)
        && await db.PublishedArticles.AsNoTracking().Where(p => p.ArticleId == id)
            .Select(p => new V1.GetPublishedTextResponse { Id = p.ArticleId.ToString(), AuthorId = p.AuthorId.ToString(), Title = p.Title, Html = p.Html, Revision = p.Revision })
            .SingleOrDefaultAsync(context.CancellationToken) is { } text
            ? text
            : throw RpcErrors.NotFound("There is no such article for readers.");
}
