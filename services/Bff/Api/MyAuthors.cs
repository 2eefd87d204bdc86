using Blog.Bff.Cache;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="Id">Of the invitation.</param>
/// <param name="Person">Who was asked.</param>
/// <param name="InvitedAt">When.</param>
public sealed record InvitedAuthor(string Id, Author Person, DateTime InvitedAt);

/// <param name="Authors">In the order of the byline.</param>
/// <param name="Invited">Who was asked and has not answered.</param>
public sealed record ArticleAuthors(IReadOnlyList<Author> Authors, IReadOnlyList<InvitedAuthor> Invited);

/// <param name="Handle">Of whom to ask, with or without @.</param>
public sealed record InviteInput(string Handle);

/// <summary>Writing together: who the authors of one of my articles are, and who is asked to be.</summary>
static class MyAuthorEndpoints
{
    public static void MapMyAuthors(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/articles/{id}").WithTags("My articles").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/authors", List).WithName("listArticleAuthors").WithSummary("Who writes it, and who was asked to.");
        group.MapPost("/invitations", Invite).WithName("inviteAuthor").WithSummary("Asks somebody to write it with me; asking again is the same invitation.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/invitations/{invitationId}", Withdraw).WithName("withdrawInvitation").WithSummary("Takes back an invitation that is not answered.");
        group.MapDelete("/authors/{personId}", Remove).WithName("removeAuthor").WithSummary("Takes an author out of the byline: myself, or another when I am the first author.")
            .ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<Ok<ArticleAuthors>> List(Guid id, HttpContext http, Authors.AuthorsClient authors, UsersClient users, CancellationToken ct)
    {
        var answer = await authors.ListAuthorsAsync(new() { ArticleId = id.ToString() }, cancellationToken: ct);
        var people = await users.AuthorsAsync(http, answer.AuthorIds.Concat(answer.Invitations.Select(i => i.InviteeId)), ct);
        return TypedResults.Ok(new ArticleAuthors(
            [.. answer.AuthorIds.Where(people.ContainsKey).Select(author => people[author])],
            [.. answer.Invitations.Where(i => people.ContainsKey(i.InviteeId)).Select(i => new InvitedAuthor(i.Id, people[i.InviteeId], i.CreateTime.Utc()))]));
    }

    static async Task<Ok<InvitedAuthor>> Invite(Guid id, InviteInput input, Authors.AuthorsClient authors, UsersClient users, CancellationToken ct)
    {
        var person = await users.NamedAsync(input.Handle, ct);
        var answer = await authors.InviteAuthorAsync(new() { ArticleId = id.ToString(), PersonId = person.Id }, cancellationToken: ct);
        return TypedResults.Ok(new InvitedAuthor(answer.Invitation.Id, person, answer.Invitation.CreateTime.Utc()));
    }

    static async Task<NoContent> Withdraw(Guid id, Guid invitationId, Authors.AuthorsClient authors, Invitations.InvitationsClient invitations, CancellationToken ct)
    {
        var open = await authors.ListAuthorsAsync(new() { ArticleId = id.ToString() }, cancellationToken: ct);
        if (open.Invitations.FirstOrDefault(i => i.Id == invitationId.ToString()) is { } invitation)
            await invitations.WithdrawInvitationAsync(new() { Id = invitation.Id, InviteeId = invitation.InviteeId }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> Remove(Guid id, Guid personId, Authors.AuthorsClient authors, PageCache cache, CancellationToken ct)
    {
        var left = await authors.RemoveAuthorAsync(new() { ArticleId = id.ToString(), PersonId = personId.ToString() }, cancellationToken: ct);
        cache.ArticleChanged(id.ToString(), [personId.ToString(), .. left.AuthorIds], []);
        return TypedResults.NoContent();
    }

    /// <summary>Somebody by a handle as people type it. Who is not there is told at the field.</summary>
    public static async Task<Author> NamedAsync(this UsersClient users, string handle, CancellationToken ct)
    {
        try
        {
            return Author.From((await users.GetProfileAsync(new() { Handle = handle.Trim().TrimStart('@') }, cancellationToken: ct)).Profile);
        }
        catch (Grpc.Core.RpcException missing) when (missing.StatusCode is Grpc.Core.StatusCode.NotFound or Grpc.Core.StatusCode.InvalidArgument)
        {
            throw ServiceDefaults.Grpc.RpcErrors.InvalidArgument(("handle", "Nobody here has this handle."));
        }
    }
}
