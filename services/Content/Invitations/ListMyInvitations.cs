using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Invitations;

partial class InvitationsService
{
    const int MostListed = 100;

    public override async Task<V1.ListMyInvitationsResponse> ListMyInvitations(V1.ListMyInvitationsRequest request, ServerCallContext context)
    {
        var me = Me(context);
        var open = await db.Invitations.AsNoTracking().Where(i => i.InviteeId == me && !i.Declined).OrderByDescending(i => i.CreateTime).Take(MostListed)
            .Select(i => new
            {
                Invitation = i,
                Title = db.Articles.Where(a => a.Id == i.ArticleId).Select(a => a.Content.Title).FirstOrDefault(),
                Name = db.Publications.Where(p => p.Id == i.PublicationId).Select(p => p.Name).FirstOrDefault(),
            }).ToListAsync(context.CancellationToken);
        return new V1.ListMyInvitationsResponse { Invitations = { open.Select(row => row.Invitation.ToMessage(row.Title ?? row.Name ?? "")) } };
    }
}
