using Blog.Content.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <param name="Name">Whom it is for.</param>
/// <param name="CreatedBy">Null: somebody who is not here any more.</param>
/// <param name="ExpiresAt">Null: never.</param>
/// <param name="RevokedAt">Null: it was not.</param>
public sealed record DraftLink(string Id, string Name, bool CanComment, Author? CreatedBy, DateTime CreatedAt, DateTime? ExpiresAt, DateTime? RevokedAt)
{
    public static DraftLink From(ReviewLink link, IReadOnlyDictionary<string, Author> people) => new(
        link.Id, link.Name, link.CanComment, people.GetValueOrDefault(link.CreatorId), link.CreateTime.Utc(), link.ExpireTime.UtcOrNull(), link.RevokeTime.UtcOrNull());
}

/// <param name="Url">Where it leads. It is told here and never again.</param>
public sealed record NewDraftLink(DraftLink Link, string Url);

/// <param name="ExpiresAt">Still to come; null: it opens until it is revoked.</param>
public sealed record DraftLinkInput(string Name, bool CanComment = true, DateTimeOffset? ExpiresAt = null);

/// <param name="Title">Of the working copy.</param>
/// <param name="Html">Of the working copy.</param>
/// <param name="Links">Newest first, those that ended too.</param>
/// <param name="Comments">Made through any of them, in the order of time.</param>
public sealed record DraftReview(string Title, string Html, IReadOnlyList<DraftLink> Links, IReadOnlyList<DraftComment> Comments);

public sealed record DraftAnswerInput(string Text);

public sealed record ResolvedInput(bool Resolved);

/// <summary>What reviewers see and say of one of my drafts.</summary>
static class MyReviewEndpoints
{
    public static void MapMyReviews(this IEndpointRouteBuilder me)
    {
        var group = me.MapGroup("/articles/{id}/review").WithTags("My articles").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("", Get).WithName("getDraftReview").WithSummary("The links to one of my drafts, and what was said of it.").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPost("/links", Create).WithName("createDraftLink").WithSummary("A link that shows the draft to whoever has it.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapDelete("/links/{linkId}", Revoke).WithName("revokeDraftLink").WithSummary("The link opens nothing from now on.");
        group.MapPost("/comments/{commentId}/answers", Answer).WithName("answerDraftComment").WithSummary("Answers a comment; whoever made it sees that by their link.").ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapPut("/comments/{commentId}/resolved", Resolve).WithName("resolveDraftComment").WithSummary("Marks a comment as done, or as open again.");
        group.MapDelete("/comments/{commentId}", Delete).WithName("deleteDraftComment").WithSummary("Removes a comment with its answers.");
    }

    static async Task<Ok<DraftReview>> Get(Guid id, HttpContext http, Reviews.ReviewsClient reviews, UsersClient users, CancellationToken ct)
    {
        var review = await reviews.GetReviewAsync(new() { ArticleId = id.ToString() }, cancellationToken: ct);
        var people = await users.AuthorsAsync(http, review.Comments.Select(c => c.PersonId).Concat(review.Links.Select(l => l.CreatorId)), ct);
        return TypedResults.Ok(new DraftReview(
            review.Title, review.Html, [.. review.Links.Select(link => DraftLink.From(link, people))], [.. review.Comments.Select(comment => DraftComment.From(comment, people))]));
    }

    static async Task<Ok<NewDraftLink>> Create(Guid id, DraftLinkInput input, HttpContext http, Reviews.ReviewsClient reviews, UsersClient users, CancellationToken ct)
    {
        var answer = await reviews.CreateReviewLinkAsync(new()
        {
            ArticleId = id.ToString(), Name = input.Name, CanComment = input.CanComment, ExpireTime = input.ExpiresAt is { } expires ? Timestamp.FromDateTimeOffset(expires) : null,
        }, cancellationToken: ct);
        return TypedResults.Ok(new NewDraftLink(DraftLink.From(answer.Link, await users.AuthorsAsync(http, [answer.Link.CreatorId], ct)), Addresses.Draft(answer.Token)));
    }

    static async Task<NoContent> Revoke(Guid id, Guid linkId, Reviews.ReviewsClient reviews, CancellationToken ct)
    {
        await reviews.RevokeReviewLinkAsync(new() { ArticleId = id.ToString(), Id = linkId.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }

    static async Task<Ok<DraftComment>> Answer(Guid id, Guid commentId, DraftAnswerInput input, HttpContext http, Reviews.ReviewsClient reviews, UsersClient users, CancellationToken ct)
    {
        var answer = await reviews.AnswerReviewCommentAsync(new() { ArticleId = id.ToString(), CommentId = commentId.ToString(), Text = input.Text }, cancellationToken: ct);
        return TypedResults.Ok(DraftComment.From(answer.Comment, await users.AuthorsAsync(http, [answer.Comment.PersonId], ct)));
    }

    static async Task<Ok<DraftComment>> Resolve(Guid id, Guid commentId, ResolvedInput input, HttpContext http, Reviews.ReviewsClient reviews, UsersClient users, CancellationToken ct)
    {
        var answer = await reviews.ResolveReviewCommentAsync(new() { ArticleId = id.ToString(), CommentId = commentId.ToString(), Resolved = input.Resolved }, cancellationToken: ct);
        return TypedResults.Ok(DraftComment.From(answer.Comment, await users.AuthorsAsync(http, [answer.Comment.PersonId], ct)));
    }

    static async Task<NoContent> Delete(Guid id, Guid commentId, Reviews.ReviewsClient reviews, CancellationToken ct)
    {
        await reviews.DeleteReviewCommentAsync(new() { ArticleId = id.ToString(), CommentId = commentId.ToString() }, cancellationToken: ct);
        return TypedResults.NoContent();
    }
}
