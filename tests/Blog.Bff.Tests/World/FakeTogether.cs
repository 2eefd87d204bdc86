using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Bylines and invitations as their contract says they behave, in memory.</summary>
sealed class FakeTogether
{
    public ConcurrentDictionary<string, List<string>> Bylines { get; } = new();
    public ConcurrentDictionary<string, Invitation> Open { get; } = new();

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public sealed class Authors(FakeTogether world) : Content.V1.Authors.AuthorsBase
    {
        List<string> Mine(string article, ServerCallContext context) => world.Bylines.TryGetValue(article, out var byline) && byline.Contains(Caller(context))
            ? byline
            : throw RpcErrors.NotFound("There is no such article of yours.");

        public override Task<ListAuthorsResponse> ListAuthors(ListAuthorsRequest request, ServerCallContext context) => Task.FromResult(new ListAuthorsResponse
        {
            AuthorIds = { Mine(request.ArticleId, context) }, Invitations = { world.Open.Values.Where(i => i.ArticleId == request.ArticleId) },
        });

        public override Task<InviteAuthorResponse> InviteAuthor(InviteAuthorRequest request, ServerCallContext context)
        {
            if (Mine(request.ArticleId, context).Contains(request.PersonId))
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "They are an author already.", "ALREADY_AUTHOR");
            var invitation = new Invitation
            {
                Id = Guid.CreateVersion7().ToString(), ArticleId = request.ArticleId, ArticleTitle = "Two hands", InviterId = Caller(context), InviteeId = request.PersonId,
                CreateTime = Timestamp.FromDateTime(DateTime.UtcNow),
            };
            world.Open[invitation.Id] = invitation;
            return Task.FromResult(new InviteAuthorResponse { Invitation = invitation });
        }

        public override Task<RemoveAuthorResponse> RemoveAuthor(RemoveAuthorRequest request, ServerCallContext context)
        {
            var byline = Mine(request.ArticleId, context);
            if (byline.Count == 1) throw RpcErrors.Create(StatusCode.FailedPrecondition, "You are its only author.", "LAST_AUTHOR");
            byline.Remove(request.PersonId);
            return Task.FromResult(new RemoveAuthorResponse { AuthorIds = { byline } });
        }
    }

    public sealed class Invitations(FakeTogether world) : Content.V1.Invitations.InvitationsBase
    {
        Invitation Take(string id, string invitee) => world.Open.TryGetValue(id, out var open) && open.InviteeId == invitee && world.Open.TryRemove(id, out _)
            ? open
            : throw RpcErrors.NotFound("This invitation is not open any more.");

        public override Task<ListMyInvitationsResponse> ListMyInvitations(ListMyInvitationsRequest request, ServerCallContext context) =>
            Task.FromResult(new ListMyInvitationsResponse { Invitations = { world.Open.Values.Where(i => i.InviteeId == Caller(context)) } });

        public override Task<AcceptInvitationResponse> AcceptInvitation(AcceptInvitationRequest request, ServerCallContext context)
        {
            var invitation = Take(request.Id, Caller(context));
            world.Bylines[invitation.ArticleId].Add(invitation.InviteeId);
            return Task.FromResult(new AcceptInvitationResponse { Invitation = invitation });
        }

        public override Task<DeclineInvitationResponse> DeclineInvitation(DeclineInvitationRequest request, ServerCallContext context)
        {
            Take(request.Id, Caller(context));
            return Task.FromResult(new DeclineInvitationResponse());
        }

        public override Task<WithdrawInvitationResponse> WithdrawInvitation(WithdrawInvitationRequest request, ServerCallContext context)
        {
            Take(request.Id, request.InviteeId);
            return Task.FromResult(new WithdrawInvitationResponse());
        }
    }
}
