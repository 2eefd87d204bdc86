using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Invitations;

/// <summary>blog.content.v1.Invitations. Each use case is a file of this folder; here is what several of them need.</summary>
[Authorize(Policy = Policies.Person)]
sealed partial class InvitationsService(ContentDbContext db, ArticlesService articles, TimeProvider time) : V1.Invitations.InvitationsBase
{
    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    /// <summary>An invitation that is not answered. Of two answers at the same moment the second finds no row to change, which is LOST_RACE.</summary>
    async Task<Invitation> OpenAsync(Guid invitee, string id, CancellationToken cancel) =>
        Guid.TryParseExact(id, "D", out var invitation)
        && await db.Invitations.SingleOrDefaultAsync(i => i.InviteeId == invitee && i.Id == invitation && !i.Declined, cancel) is { } open
            ? open
            : throw NotOpen();

    static RpcException NotOpen() => RpcErrors.NotFound("This invitation is not open any more.");
}
