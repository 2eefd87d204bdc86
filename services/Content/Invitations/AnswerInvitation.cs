using Blog.Content.Articles;
using Blog.Content.Authors;
using Blog.Content.Data;
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
        var subject = await JoinArticleAsync(invitation, cancel);
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
        await articles.MineAsync(Me(context), $"{invitation.ArticleId}", context.CancellationToken);
        db.Remove(invitation);
        db.Tell(invitation, Change.Withdrawn, "", time);
        return new V1.WithdrawInvitationResponse();
    }, context.CancellationToken);

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
