using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Revisions;

partial class RevisionsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.NameRevisionResponse> NameRevision(V1.NameRevisionRequest request, ServerCallContext context) =>
        OnceAsync(request, request.ArticleId, context, async (article, person) =>
        {
            var (name, cancel) = (CheckedName(request.Name), context.CancellationToken);
            var revision = request.Number == article.Revision && article.KeptRevision != article.Revision
                ? await revisions.KeepAsync(article, RevisionReason.Saved, person, Now(), cancel)
                : await KeptAsync(article, request.Number, cancel) ?? throw NoSuchRevision();
            revision.Name = name;
            if (revision.MayBeThinned)
                article.ThinTime ??= Now();
            return new V1.NameRevisionResponse { Revision = ToMessage(revision, article, await LiveAsync(article, cancel)) };
        });
}
