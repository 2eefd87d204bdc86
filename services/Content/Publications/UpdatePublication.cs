using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.UpdatePublicationResponse> UpdatePublication(V1.UpdatePublicationRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var (input, problems) = Publication.Read(request.Publication);
        if (problems.Count > 0)
            throw RpcErrors.InvalidArgument([.. problems]);
        return db.InTransactionAsync(async () =>
        {
            var publication = await LockedAsync(Id(request.Id), cancel);
            await MustBeAsync(PublicationRole.Owner, publication.Id, me, cancel);
            if (publication.Revision != request.ExpectedRevision)
                throw RpcErrors.StaleRevision(publication.ToMessage());
            var former = publication.Slug;
            await TakeSlugAsync(publication, input.Slug, cancel);
            (publication.Name, publication.Description, publication.PictureMediaId) = (input.Name, input.Description, input.Picture);
            publication.Revision++;
            Tell(publication, former == publication.Slug ? "" : former);
            return new V1.UpdatePublicationResponse { Publication = publication.ToMessage() };
        }, cancel);
    }
}
