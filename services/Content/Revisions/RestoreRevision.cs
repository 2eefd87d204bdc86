using Blog.Content.Articles;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Revisions;

partial class RevisionsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.RestoreRevisionResponse> RestoreRevision(V1.RestoreRevisionRequest request, ServerCallContext context) =>
        OnceAsync(request, request.ArticleId, context, async (article, person) =>
        {
            var (now, cancel) = (Now(), context.CancellationToken);
            MustBeCurrent(article, request.ExpectedRevision);
            var replaced = article.Revision;
            var content = request.Number == replaced ? article.Content
                : ArticleContent.Read((await revisions.FindAsync(article, request.Number, cancel) ?? throw NoSuchRevision()).Content).Content;
            if (article.Has(content))
                return new V1.RestoreRevisionResponse { Revision = await CurrentAsync(article, cancel), ReplacedNumber = replaced };

            await revisions.KeepAsync(article, RevisionReason.Replaced, article.EditorId, now, cancel);
            article.Change(content, person, now);
            var restored = await revisions.KeepAsync(article, RevisionReason.Restored, person, now, cancel, request.Number);
            db.PublishDraftChange(article, time);
            return new V1.RestoreRevisionResponse { Revision = ToMessage(restored, article, await LiveAsync(article, cancel)), ReplacedNumber = replaced };
        });

    async Task<V1.Revision> CurrentAsync(Article article, CancellationToken cancel)
    {
        var live = await LiveAsync(article, cancel);
        return await KeptAsync(article, article.Revision, cancel) is { } kept ? ToMessage(kept, article, live) : ToMessage(article, live);
    }
}
