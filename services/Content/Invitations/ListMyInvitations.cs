using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Invitations;

partial class InvitationsService
{
    const int MostListed = 100;

    public override async Task<V1.ListMyInvitationsResponse> ListMyInvitations(V1.ListMyInvitationsRequest request, ServerCallContext context)
    {
        var me = Me(context);
        var open = await db.Invitations.AsNoTracking().Where(i => i.InviteeId == me && !i.Declined)
            .Join(db.Articles, i => i.ArticleId, a => (Guid?)a.Id, (invitation, article) => new { Invitation = invitation, article.Content.Title })
            .OrderByDescending(row => row.Invitation.CreateTime).Take(MostListed).ToListAsync(context.CancellationToken);
        return new V1.ListMyInvitationsResponse { Invitations = { open.Select(row => row.Invitation.ToMessage(row.Title)) } };
    }
}
