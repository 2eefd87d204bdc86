using Blog.Bff.Cache;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="By">Who asks.</param>
/// <param name="ArticleId">I am asked to write this article with them.</param>
/// <param name="Title">Of the article (empty while it has none), or the name of the publication.</param>
/// <param name="Publication">Or I am asked to join a publication.</param>
public sealed record MyInvitation(string Id, Author By, string? ArticleId, string Title, OfferedRole? Publication, DateTime InvitedAt);

/// <param name="Id">Of the publication.</param>
/// <param name="Role">What I would be in it.</param>
public sealed record OfferedRole(string Id, PublicationRole Role);

public sealed record MyInvitationList(IReadOnlyList<MyInvitation> Items);

/// <summary>What others ask me to take part in.</summary>
static class InvitationEndpoints
{
    public static void MapInvitations(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/invitations").WithTags("My invitations");
        group.MapGet("", List).WithName("listMyInvitations").WithSummary("What I am asked and have not answered, newest first.");
        var one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        one.MapPost("/accept", Accept).WithName("acceptInvitation").WithSummary("I agree.");
        one.MapPost("/decline", Decline).WithName("declineInvitation").WithSummary("I do not; nobody can ask me the same again.");
    }

    static async Task<Ok<MyInvitationList>> List(HttpContext http, Invitations.InvitationsClient invitations, UsersClient users, CancellationToken ct)
    {
        var answer = await invitations.ListMyInvitationsAsync(new(), cancellationToken: ct);
        var people = await users.AuthorsAsync(http, answer.Invitations.Select(i => i.InviterId), ct);
        return TypedResults.Ok(new MyInvitationList([.. answer.Invitations.Where(i => people.ContainsKey(i.InviterId)).Select(i => From(i, people[i.InviterId]))]));
    }

    static async Task<Ok<MyInvitation>> Accept(Guid id, HttpContext http, Invitations.InvitationsClient invitations, UsersClient users, PageCache cache, CancellationToken ct)
    {
        var invitation = (await invitations.AcceptInvitationAsync(new() { Id = id.ToString() }, cancellationToken: ct)).Invitation;
        if (invitation.ArticleId.Length > 0)
            cache.ArticleChanged(invitation.ArticleId, [invitation.InviterId, invitation.InviteeId], []);
        else
            cache.PublicationChanged(invitation.PublicationId, []);
        var people = await users.AuthorsAsync(http, [invitation.InviterId], ct);
        return TypedResults.Ok(From(invitation, people[invitation.InviterId]));
    }

    static async Task<NoContent> Decline(Guid id, Invitations.InvitationsClient invitations, CancellationToken ct)
    {
        await invitations.DeclineInvitationAsync(new() { Id = id.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static MyInvitation From(Invitation invitation, Author by) => new(
        invitation.Id, by, invitation.ArticleId.OrNull(), invitation.ArticleId.Length > 0 ? invitation.ArticleTitle : invitation.PublicationName,
        invitation.PublicationId.Length > 0 ? new OfferedRole(invitation.PublicationId, (PublicationRole)invitation.PublicationRole) : null, invitation.CreateTime.Utc());
}
