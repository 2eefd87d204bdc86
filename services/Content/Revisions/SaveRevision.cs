using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Revisions;

partial class RevisionsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.SaveRevisionResponse> SaveRevision(V1.SaveRevisionRequest request, ServerCallContext context) =>
        OnceAsync(request, request.ArticleId, context, async (article, person) =>
        {
            var (name, cancel) = (CheckedName(request.Name), context.CancellationToken);
            MustBeCurrent(article, request.ExpectedRevision);
            var revision = await revisions.KeepAsync(article, RevisionReason.Saved, person, Now(), cancel);
            if (name.Length > 0)
                revision.Name = name;
            return new V1.SaveRevisionResponse { Revision = ToMessage(revision, article, await LiveAsync(article, cancel)) };
        });
}
