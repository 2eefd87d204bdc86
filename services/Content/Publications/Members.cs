using Blog.Content.Data;
using Blog.Content.Invitations;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using static Blog.Events.V1.InvitationChanged.Types;

namespace Blog.Content.Publications;

partial class PublicationsService
{
    const int MaxListed = 500;

    public override async Task<V1.ListMembersResponse> ListMembers(V1.ListMembersRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var publication = await PublicationAsync(Id(request.PublicationId), cancel);
        var members = await db.PublicationMembers.AsNoTracking().Where(m => m.PublicationId == publication.Id).OrderBy(m => m.Role).ThenBy(m => m.JoinTime).Take(MaxListed).ToListAsync(cancel);
        var role = context.GetHttpContext().User.PersonId() is { } me ? await RoleAsync(publication.Id, me, cancel) : null;
        var invited = role is null ? [] : await db.Invitations.AsNoTracking().Where(i => i.PublicationId == publication.Id && !i.Declined).OrderBy(i => i.CreateTime).ToListAsync(cancel);
        return new V1.ListMembersResponse
        {
            Members = { members.Select(m => new V1.Member { PersonId = m.PersonId.ToString(), Role = (V1.PublicationRole)m.Role, JoinTime = Timestamp.FromDateTimeOffset(m.JoinTime) }) },
            Invitations = { invited.Select(i => i.ToMessage(publication.Name)) },
            Role = (V1.PublicationRole)(role ?? 0),
        };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.InviteMemberResponse> InviteMember(V1.InviteMemberRequest request, ServerCallContext context)
    {
        var (me, id, person, cancel) = (Me(context), Id(request.PublicationId), Person(request.PersonId), context.CancellationToken);
        var role = Role(request.Role);
        await PublicationAsync(id, cancel);
        // Editors look for writers; who decides about others is for owners to choose.
        await MustBeAsync(role == PublicationRole.Writer ? PublicationRole.Editor : PublicationRole.Owner, id, me, cancel);
        if (person == me || !(await relations.CanReachAsync(new() { PersonId = me.ToString(), OtherId = person.ToString() }, cancellationToken: cancel)).Reachable)
            throw RpcErrors.NotFound("There is nobody by that name whom you can ask.");
        return await db.InTransactionAsync(async () =>
        {
            var publication = await LockedAsync(id, cancel);
            if (await RoleAsync(id, person, cancel) is not null)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "They are a member already.", "ALREADY_MEMBER");
            if (await db.Invitations.SingleOrDefaultAsync(i => i.PublicationId == id && i.InviteeId == person, cancel) is { } before)
                return before.Declined
                    ? throw RpcErrors.Create(StatusCode.FailedPrecondition, "They were asked before, and declined.", "DECLINED")
                    : new V1.InviteMemberResponse { Invitation = before.ToMessage(publication.Name) };
            var invitation = new Invitation { InviteeId = person, Id = Guid.CreateVersion7(), InviterId = me, PublicationId = id, Role = role, CreateTime = articles.Now() };
            db.Add(invitation);
            db.Tell(invitation, Change.Sent, publication.Name, time);
            return new V1.InviteMemberResponse { Invitation = invitation.ToMessage(publication.Name) };
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.SetRoleResponse> SetRole(V1.SetRoleRequest request, ServerCallContext context)
    {
        var (me, id, person, cancel) = (Me(context), Id(request.PublicationId), Person(request.PersonId), context.CancellationToken);
        var role = Role(request.Role);
        return db.InTransactionAsync(async () =>
        {
            await LockedAsync(id, cancel);
            await MustBeAsync(PublicationRole.Owner, id, me, cancel);
            var member = await MemberAsync(id, person, cancel);
            if (role != PublicationRole.Owner)
                await MustNotBeLastOwnerAsync(member, cancel);
            member.Role = role;
            return new V1.SetRoleResponse();
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.RemoveMemberResponse> RemoveMember(V1.RemoveMemberRequest request, ServerCallContext context)
    {
        var (me, id, person, cancel) = (Me(context), Id(request.PublicationId), Person(request.PersonId), context.CancellationToken);
        return db.InTransactionAsync(async () =>
        {
            await LockedAsync(id, cancel);
            if (person != me)
                await MustBeAsync(PublicationRole.Owner, id, me, cancel);
            var member = await MemberAsync(id, person, cancel);
            await MustNotBeLastOwnerAsync(member, cancel);
            db.Remove(member);
            // What waits for an answer is offered no more.
            foreach (var submission in await db.Submissions.Where(s => s.PublicationId == id && s.AuthorId == person && s.State == SubmissionState.Waiting).ToListAsync(cancel))
            {
                submission.Answer(SubmissionState.Withdrawn, person, "", articles.Now());
                await TellAsync(submission, "", cancel);
            }
            return new V1.RemoveMemberResponse { TakenArticles = person == me && request.TakeArticles ? await TakeOutAllAsync(id, person, cancel) : 0 };
        }, cancel);
    }

    async Task<int> TakeOutAllAsync(Guid publication, Guid person, CancellationToken cancel)
    {
        var theirs = await db.Articles.Where(a => a.PublicationId == publication && a.AuthorId == person).ToListAsync(cancel);
        foreach (var article in theirs)
            await articles.PutAsync(article, null, cancel);
        return theirs.Count;
    }

    async Task<PublicationMember> MemberAsync(Guid publication, Guid person, CancellationToken cancel) =>
        await db.PublicationMembers.SingleOrDefaultAsync(m => m.PublicationId == publication && m.PersonId == person, cancel)
        ?? throw RpcErrors.NotFound("They are no member of this publication.");

    async Task MustNotBeLastOwnerAsync(PublicationMember member, CancellationToken cancel)
    {
        if (member.Role == PublicationRole.Owner && await db.PublicationMembers.CountAsync(m => m.PublicationId == member.PublicationId && m.Role == PublicationRole.Owner, cancel) == 1)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "A publication needs an owner. Make another member one first.", "LAST_OWNER");
    }

    static Guid Person(string id) => Guid.TryParseExact(id, "D", out var person) ? person : throw RpcErrors.InvalidArgument(("person_id", "People are named by a UUID."));

    static PublicationRole Role(V1.PublicationRole sent) => sent is V1.PublicationRole.Owner or V1.PublicationRole.Editor or V1.PublicationRole.Writer
        ? (PublicationRole)sent
        : throw RpcErrors.InvalidArgument(("role", "A member is an owner, an editor or a writer."));
}
