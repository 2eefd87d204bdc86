using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Exports;

partial class ExportsService
{
    public override async Task<V1.GetExportedPublicationResponse> GetExportedPublication(V1.GetExportedPublicationRequest request, ServerCallContext context)
    {
        var (id, cancel) = (await PublicationAsync(request.PublicationId, request.PersonId, context), context.CancellationToken);
        var publication = await db.Publications.AsNoTracking().SingleAsync(p => p.Id == id, cancel);
        var slugs = await db.PublicationSlugs.Where(s => s.PublicationId == id && s.Slug != publication.Slug).Select(s => s.Slug).ToListAsync(cancel);
        var members = await db.PublicationMembers.AsNoTracking().Where(m => m.PublicationId == id).OrderBy(m => m.Role).ThenBy(m => m.JoinTime).ThenBy(m => m.PersonId).ToListAsync(cancel);
        return new V1.GetExportedPublicationResponse
        {
            Publication = new V1.ExportedPublication
            {
                Slug = publication.Slug,
                FormerSlugs = { slugs.Order(StringComparer.Ordinal) },
                Name = publication.Name,
                Description = publication.Description,
                PictureMediaId = publication.PictureMediaId?.ToString() ?? "",
                CreateTime = publication.CreateTime.ToTimestamp(),
                Members = { members.Select(m => new V1.Member { PersonId = m.PersonId.ToString(), Role = (V1.PublicationRole)m.Role, JoinTime = m.JoinTime.ToTimestamp() }) },
            },
        };
    }
}
