using Blog.Content.Articles;
using Blog.Content.Authors;
using Blog.Content.Data;
using Blog.Content.Publications;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.InvitationChanged.Types;

namespace Blog.Content.Invitations;

partial class InvitationsService
{
    public override Task<V1.AcceptInvitationResponse> AcceptInvitation(V1.AcceptInvitationRequest request, ServerCallContext context) => db.InTransactionAsync(async () =>
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var invitation = await OpenAsync(me, request.Id, cancel);
        var subject = invitation.ArticleId is not null ? await JoinArticleAsync(invitation, cancel) : await JoinPublicationAsync(invitation, cancel);
        db.Remove(invitation);
        db.Tell(invitation, Change.Accepted, subject, time);
        return new V1.AcceptInvitationResponse { Invitation = invitation.ToMessage(subject) };
    }, context.CancellationToken);

    public override Task<V1.DeclineInvitationResponse> DeclineInvitation(V1.DeclineInvitationRequest request, ServerCallContext context) => db.InTransactionAsync(async () =>
    {
        var invitation = await OpenAsync(Me(context), request.Id, context.CancellationToken);
        invitation.Declined = true;
        db.Tell(invitation, Change.Declined, "", time);
        return new V1.DeclineInvitationResponse();
    }, context.CancellationToken);

    public override Task<V1.WithdrawInvitationResponse> WithdrawInvitation(V1.WithdrawInvitationRequest request, ServerCallContext context) => db.InTransactionAsync(async () =>
    {
        var invitation = await OpenAsync(Guid.TryParseExact(request.InviteeId, "D", out var invitee) ? invitee : Guid.Empty, request.Id, context.CancellationToken);
        await MayInviteAsync(Me(context), invitation, context.CancellationToken);
        db.Remove(invitation);
        db.Tell(invitation, Change.Withdrawn, "", time);
        return new V1.WithdrawInvitationResponse();
    }, context.CancellationToken);

    /// <summary>Whoever may send such an invitation may take it back. To others it does not exist.</summary>
    async Task MayInviteAsync(Guid person, Invitation invitation, CancellationToken cancel)
    {
        if (invitation.PublicationId is not { } publication)
            await articles.MineAsync(person, $"{invitation.ArticleId}", cancel);
        else if (!await db.PublicationMembers.AnyAsync(m => m.PublicationId == publication && m.PersonId == person && m.Role <= (invitation.Role == PublicationRole.Writer ? PublicationRole.Editor : PublicationRole.Owner), cancel))
            throw NotOpen();
    }

    async Task<string> JoinPublicationAsync(Invitation invitation, CancellationToken cancel)
    {
        var publication = await db.Publications.SingleAsync(p => p.Id == invitation.PublicationId, cancel);
        db.Add(new PublicationMember { PublicationId = publication.Id, PersonId = invitation.InviteeId, Role = invitation.Role!.Value, JoinTime = articles.Now() });
        return publication.Name;
    }

    async Task<string> JoinArticleAsync(Invitation invitation, CancellationToken cancel)
    {
        var (id, person) = (invitation.ArticleId!.Value, invitation.InviteeId);
        await db.LockArticleAsync(id, cancel);
        var article = await db.Articles.SingleAsync(a => a.Id == id, cancel);
        article.Join(person, articles.Now());
        db.Add(new CoAuthorship { PersonId = person, ArticleId = id, PublishTime = article.Status == ArticleStatus.Published ? article.FirstPublishTime : null });
        await articles.ChangeBylineAsync(article, [], "", cancel);
        return article.Content.Title;
    }
}
