using Blog.Content.Articles;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Revisions;

partial class RevisionsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetRevisionResponse> GetRevision(V1.GetRevisionRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var article = await db.MineAsync(Person(context), request.ArticleId, cancel);
        if (request.Number == article.Revision && article.KeptRevision != article.Revision)
            return new V1.GetRevisionResponse { Revision = ToMessage(article, await LiveAsync(article, cancel)), Content = article.Content.ToMessage() };
        var (revision, content) = await revisions.FindAsync(article, request.Number, cancel) ?? throw NoSuchRevision();
        return new V1.GetRevisionResponse { Revision = ToMessage(revision, article, await LiveAsync(article, cancel)), Content = content };
    }
}
