using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Drafts behind links as their contract says they behave, in memory.</summary>
sealed class FakeReviews : Reviews.ReviewsBase
{
    public ConcurrentDictionary<string, OpenReviewResponse> Open { get; } = new();
    public ConcurrentDictionary<string, string> Ended { get; } = new();

    static Timestamp Now => Timestamp.FromDateTime(new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc));

    static string? Caller(ServerCallContext context) => context.RequestHeaders.GetValue("authorization") is { } token ? FakeIdentity.SubjectOf(token["Bearer ".Length..]) : null;

    OpenReviewResponse Find(string token) => Open.TryGetValue(token, out var found) ? found
        : Ended.ContainsKey(token) ? throw RpcErrors.Create(StatusCode.FailedPrecondition, "This link was taken back.", "GONE")
        : throw RpcErrors.NotFound("There is no such draft link.");

    public override Task<OpenReviewResponse> OpenReview(OpenReviewRequest request, ServerCallContext context) => Task.FromResult(Find(request.Token));

    public override Task<AddReviewCommentResponse> AddReviewComment(AddReviewCommentRequest request, ServerCallContext context)
    {
        var draft = Find(request.Token);
        var person = Caller(context);
        if (person is null && request.GuestName.Length == 0) throw RpcErrors.InvalidArgument(("guest_name", "Say who you are."));
        var comment = new ReviewComment
        {
            Id = Guid.CreateVersion7().ToString(), LinkId = draft.Link.Id, ParentId = request.ParentId, PersonId = person ?? "", GuestName = person is null ? request.GuestName : "", Text = request.Text,
            Passage = request.Passage, Quote = request.Passage?.Exact ?? "", Place = request.Passage is null ? ReviewPlace.Unspecified : ReviewPlace.Anchored, CreateTime = Now,
        };
        draft.Comments.Add(comment);
        return Task.FromResult(new AddReviewCommentResponse { Comment = comment, Secret = person is null ? $"secret-{comment.Id}" : "" });
    }

    public override Task<WithdrawReviewCommentResponse> WithdrawReviewComment(WithdrawReviewCommentRequest request, ServerCallContext context)
    {
        var draft = Find(request.Token);
        var comment = draft.Comments.SingleOrDefault(c => c.Id == request.CommentId) ?? throw RpcErrors.NotFound("This comment is not there any more.");
        if (comment.PersonId.Length > 0 ? comment.PersonId != Caller(context) : request.Secret != $"secret-{comment.Id}")
            throw RpcErrors.Create(StatusCode.PermissionDenied, "Only whoever said this takes it back.", "NOT_YOURS");
        draft.Comments.Remove(comment);
        return Task.FromResult(new WithdrawReviewCommentResponse());
    }

    public override Task<CreateReviewLinkResponse> CreateReviewLink(CreateReviewLinkRequest request, ServerCallContext context)
    {
        var link = new ReviewLink { Id = Guid.CreateVersion7().ToString(), Name = request.Name, CanComment = request.CanComment, CreatorId = Caller(context)!, CreateTime = Now, ExpireTime = request.ExpireTime };
        var token = $"token-{link.Id}";
        Open[token] = new() { Link = link, AuthorIds = { link.CreatorId }, Title = "A draft", Html = "<p>Words.</p>", UpdateTime = Now };
        return Task.FromResult(new CreateReviewLinkResponse { Link = link, Token = token });
    }

    public override Task<GetReviewResponse> GetReview(GetReviewRequest request, ServerCallContext context) =>
        Task.FromResult(new GetReviewResponse { Title = "A draft", Html = "<p>Words.</p>", Links = { Open.Values.Select(o => o.Link) }, Comments = { Open.Values.SelectMany(o => o.Comments) } });

    public override Task<RevokeReviewLinkResponse> RevokeReviewLink(RevokeReviewLinkRequest request, ServerCallContext context)
    {
        foreach (var (token, _) in Open.Where(open => open.Value.Link.Id == request.Id))
        {
            Ended[token] = token;
            Open.TryRemove(token, out _);
        }
        return Task.FromResult(new RevokeReviewLinkResponse());
    }
}
