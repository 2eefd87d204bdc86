using System.Text.Json.Serialization;
using Blog.Bff.Cache;
using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using PublicationsClient = Blog.Content.V1.Publications.PublicationsClient;
using UsersClient = Blog.Users.V1.Users.UsersClient;
using V1 = Blog.Content.V1;

namespace Blog.Bff.Api;

[JsonConverter(typeof(JsonStringEnumConverter<PublicationRole>))]
public enum PublicationRole
{
    [JsonStringEnumMemberName("owner")] Owner = 1,
    [JsonStringEnumMemberName("editor")] Editor,
    [JsonStringEnumMemberName("writer")] Writer,
}

[JsonConverter(typeof(JsonStringEnumConverter<SubmissionState>))]
public enum SubmissionState
{
    [JsonStringEnumMemberName("waiting")] Waiting = 1,
    [JsonStringEnumMemberName("accepted")] Accepted,
    [JsonStringEnumMemberName("sent_back")] SentBack,
    [JsonStringEnumMemberName("withdrawn")] Withdrawn,
}

[JsonConverter(typeof(JsonStringEnumConverter<SubmissionVerdict>))]
public enum SubmissionVerdict
{
    [JsonStringEnumMemberName("accept")] Accept = 1,
    [JsonStringEnumMemberName("publish")] Publish,
    [JsonStringEnumMemberName("send_back")] SendBack,
}

/// <param name="Waiting">Submissions that wait for an answer of mine.</param>
public sealed record MyPublication(PublicationName Publication, PublicationRole Role, int Waiting);

public sealed record MyPublicationList(IReadOnlyList<MyPublication> Items);

public sealed record PublicationInput(string Name, string Slug, string Description = "", string PictureMediaId = "");

public sealed record UpdatePublicationInput(string Name, string Slug, long Revision, string Description = "", string PictureMediaId = "");

public sealed record PublicationMember(Author Person, PublicationRole Role, DateTime Since);

/// <param name="Id">Of the invitation.</param>
public sealed record InvitedMember(string Id, Author Person, PublicationRole Role, DateTime InvitedAt);

/// <summary>A publication as its members see it.</summary>
/// <param name="Role">Mine.</param>
public sealed record PublicationDesk(
    string Id, string Slug, string Name, string Url, string Description, string PictureMediaId, long Revision, PublicationRole Role,
    IReadOnlyList<PublicationMember> Members, IReadOnlyList<InvitedMember> Invited, IReadOnlyList<SubmissionItem> Waiting);

public sealed record InviteMemberInput(string Handle, PublicationRole Role);

public sealed record RoleInput(PublicationRole Role);

/// <summary>What writers and owners do with publications.</summary>
static class MyPublicationEndpoints
{
    public static void MapMyPublications(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/publications").WithTags("My publications");
        group.MapGet("", List).WithName("listMyPublications").WithSummary("Publications I am a member of.");
        group.MapPost("", Create).WithName("createPublication").WithSummary("A new publication; I am its owner. Repeated with the same Idempotency-Key it is the same one.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        var one = group.MapGroup("/{id}").ProducesProblem(StatusCodes.Status404NotFound);
        one.MapGet("", Get).WithName("getMyPublication").WithSummary("A publication of mine: its people, and what waits.");
        var changes = one.MapGroup("").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        changes.MapPut("", Update).WithName("updatePublication").WithSummary("What it says of itself; for owners.");
        changes.MapPost("/invitations", Invite).WithName("inviteMember").WithSummary("Asks somebody to join.");
        one.MapDelete("/invitations/{invitationId}", Withdraw).WithName("withdrawMemberInvitation").WithSummary("Takes back an invitation that is not answered.");
        changes.MapPut("/members/{personId}", SetRole).WithName("setPublicationRole").WithSummary("Gives a member another role; for owners.");
        changes.MapDelete("/members/{personId}", Remove).WithName("removeMember").WithSummary("Takes a member out: myself, with my stories or without them, or another as an owner.");
    }

    static async Task<Ok<MyPublicationList>> List(PublicationsClient publications, CancellationToken ct)
    {
        var answer = await publications.ListMyPublicationsAsync(new(), cancellationToken: ct);
        return TypedResults.Ok(new MyPublicationList([.. answer.Memberships.Select(m => new MyPublication(PublicationName.From(m.Publication), (PublicationRole)m.Role, m.Waiting))]));
    }

    static async Task<Created<PublicationName>> Create(PublicationInput input, PublicationsClient publications, PageCache cache, CancellationToken ct)
    {
        var made = (await publications.CreatePublicationAsync(
            new() { Publication = new() { Name = input.Name, Slug = input.Slug, Description = input.Description, PictureMediaId = input.PictureMediaId } }, cancellationToken: ct)).Publication;
        cache.PublicationChanged(made.Id, [made.Slug]);
        return TypedResults.Created($"/api/v1/me/publications/{made.Id}", PublicationName.From(made));
    }

    static async Task<Ok<PublicationDesk>> Get(Guid id, HttpContext http, PublicationsClient publications, UsersClient users, CancellationToken ct)
    {
        var members = await publications.ListMembersAsync(new() { PublicationId = id.ToString() }, cancellationToken: ct);
        if (members.Role == V1.PublicationRole.Unspecified)
            throw ServiceDefaults.Grpc.RpcErrors.NotFound("There is no such publication of yours.");
        var publication = (await publications.GetPublicationAsync(new() { Id = id.ToString() }, cancellationToken: ct)).Publication;
        var waiting = members.Role == V1.PublicationRole.Writer ? [] : (await publications.ListSubmissionsAsync(new() { PublicationId = id.ToString() }, cancellationToken: ct)).Submissions.ToArray();
        var people = await users.AuthorsAsync(http, [.. members.Members.Select(m => m.PersonId), .. members.Invitations.Select(i => i.InviteeId), .. waiting.Select(s => s.AuthorId)], ct);
        var name = PublicationName.From(publication);
        return TypedResults.Ok(new PublicationDesk(
            publication.Id, publication.Slug, publication.Name, name.Url, publication.Description, publication.PictureMediaId, publication.Revision, (PublicationRole)members.Role,
            [.. members.Members.Where(m => people.ContainsKey(m.PersonId)).Select(m => new PublicationMember(people[m.PersonId], (PublicationRole)m.Role, m.JoinTime.Utc()))],
            [.. members.Invitations.Where(i => people.ContainsKey(i.InviteeId)).Select(i => new InvitedMember(i.Id, people[i.InviteeId], (PublicationRole)i.PublicationRole, i.CreateTime.Utc()))],
            [.. waiting.Where(s => people.ContainsKey(s.AuthorId)).Select(s => SubmissionItem.From(s, name, people[s.AuthorId], null))]));
    }

    static async Task<Ok<PublicationName>> Update(Guid id, UpdatePublicationInput input, PublicationsClient publications, PageCache cache, CancellationToken ct)
    {
        var changed = (await publications.UpdatePublicationAsync(new()
        {
            Id = id.ToString(),
            Publication = new() { Name = input.Name, Slug = input.Slug, Description = input.Description, PictureMediaId = input.PictureMediaId },
            ExpectedRevision = input.Revision,
        }, cancellationToken: ct)).Publication;
        cache.PublicationChanged(changed.Id, [changed.Slug]);
        return TypedResults.Ok(PublicationName.From(changed));
    }

    static async Task<Ok<InvitedMember>> Invite(Guid id, InviteMemberInput input, PublicationsClient publications, UsersClient users, CancellationToken ct)
    {
        var person = await users.NamedAsync(input.Handle, ct);
        var sent = (await publications.InviteMemberAsync(new() { PublicationId = id.ToString(), PersonId = person.Id, Role = (V1.PublicationRole)input.Role }, cancellationToken: ct)).Invitation;
        return TypedResults.Ok(new InvitedMember(sent.Id, person, (PublicationRole)sent.PublicationRole, sent.CreateTime.Utc()));
    }

    static async Task<NoContent> Withdraw(Guid id, Guid invitationId, PublicationsClient publications, Invitations.InvitationsClient invitations, CancellationToken ct)
    {
        var members = await publications.ListMembersAsync(new() { PublicationId = id.ToString() }, cancellationToken: ct);
        if (members.Invitations.FirstOrDefault(i => i.Id == invitationId.ToString()) is { } invitation)
            await invitations.WithdrawInvitationAsync(new() { Id = invitation.Id, InviteeId = invitation.InviteeId }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> SetRole(Guid id, Guid personId, RoleInput input, PublicationsClient publications, PageCache cache, CancellationToken ct)
    {
        await publications.SetRoleAsync(new() { PublicationId = id.ToString(), PersonId = personId.ToString(), Role = (V1.PublicationRole)input.Role }, cancellationToken: ct);
        cache.PublicationChanged(id.ToString(), []);
        return TypedResults.NoContent();
    }

    static async Task<NoContent> Remove(Guid id, Guid personId, PublicationsClient publications, PageCache cache, CancellationToken ct, bool takeStories = false)
    {
        await publications.RemoveMemberAsync(new() { PublicationId = id.ToString(), PersonId = personId.ToString(), TakeArticles = takeStories }, cancellationToken: ct);
        cache.PublicationChanged(id.ToString(), []);
        return TypedResults.NoContent();
    }
}
