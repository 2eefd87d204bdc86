using Blog.Content.Data;
using Blog.Content.Invitations;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.InvitationChanged.Types;

namespace Blog.Content.Authors;

partial class AuthorsService
{
    /// <summary>Of one article, with those who were asked.</summary>
    const int MaxAuthors = 10;

    public override async Task<V1.InviteAuthorResponse> InviteAuthor(V1.InviteAuthorRequest request, ServerCallContext context)
    {
        var (me, person, cancel) = (Me(context), Person(request.PersonId), context.CancellationToken);
        if ((await articles.MineAsync(me, request.ArticleId, cancel)).IsBy(person))
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "They are an author of this story already.", "ALREADY_AUTHOR");
        if (!(await relations.CanReachAsync(new() { PersonId = me.ToString(), OtherId = person.ToString() }, cancellationToken: cancel)).Reachable)
            throw RpcErrors.NotFound("There is nobody by that name whom you can ask.");

        return await db.InTransactionAsync(async () =>
        {
            var article = await LockedAsync(me, request.ArticleId, cancel);
            var asked = await db.Invitations.Where(i => i.ArticleId == article.Id).ToListAsync(cancel);
            if (asked.Find(i => i.InviteeId == person) is { } before)
                return before.Declined
                    ? throw RpcErrors.Create(StatusCode.FailedPrecondition, "They were asked before, and declined.", "DECLINED")
                    : new V1.InviteAuthorResponse { Invitation = before.ToMessage(article.Content.Title) };
            if (article.AuthorIds.Count() + asked.Count(i => !i.Declined) >= MaxAuthors)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, $"A story has at most {MaxAuthors} authors, with those who were asked.", "TOO_MANY_AUTHORS");

            var invitation = new Invitation { InviteeId = person, Id = Guid.CreateVersion7(), InviterId = me, ArticleId = article.Id, CreateTime = articles.Now() };
            db.Add(invitation);
            db.Tell(invitation, Change.Sent, article.Content.Title, time);
            return new V1.InviteAuthorResponse { Invitation = invitation.ToMessage(article.Content.Title) };
        }, cancel);
    }
}
