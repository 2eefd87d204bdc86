using Blog.Content.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Api;

/// <summary>What was said of a draft.</summary>
/// <param name="LinkId">By which link.</param>
/// <param name="ParentId">The comment it answers; null: it is about the draft.</param>
/// <param name="Person">Null: somebody who was not signed in.</param>
/// <param name="Name">Of the person, or as a guest gave it.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Passage">Where its words are in the draft, or were last; null: it is about the whole draft.</param>
/// <param name="Place">Whether they are there; null without a passage.</param>
/// <param name="Quote">The words as they were marked.</param>
/// <param name="ResolvedAt">Null: open.</param>
/// <param name="ByAuthor">An author of the draft said it.</param>
/// <param name="Secret">What takes it back; told once, to whoever just said it without being signed in.</param>
public sealed record DraftComment(
    string Id, string LinkId, string? ParentId, Author? Person, string Name, string Text, PassageSelector? Passage, HighlightPlace? Place, string? Quote,
    DateTime CreatedAt, DateTime? ResolvedAt, bool ByAuthor, string? Secret = null)
{
    public static DraftComment From(ReviewComment comment, IReadOnlyDictionary<string, Author> people)
    {
        var person = people.GetValueOrDefault(comment.PersonId);
        return new(
            comment.Id, comment.LinkId, comment.ParentId.OrNull(), person, person?.Name ?? comment.GuestName, comment.Text,
            comment.Passage is { } passage ? new(passage.Exact, passage.Prefix, passage.Suffix, passage.Start) : null,
            comment.Place switch { ReviewPlace.Anchored => HighlightPlace.Anchored, ReviewPlace.Changed => HighlightPlace.Changed, ReviewPlace.Detached => HighlightPlace.Detached, _ => null },
            comment.Quote.OrNull(), comment.CreateTime.Utc(), comment.ResolveTime.UtcOrNull(), comment.ByAuthor);
    }
}

/// <summary>A draft as whoever has a link to it reads it.</summary>
/// <param name="LinkName">Whom the link is for.</param>
/// <param name="ExpiresAt">When the link ends; null: when it is revoked.</param>
/// <param name="Authors">In the order of the byline.</param>
/// <param name="Comments">Made through this link, in the order of time.</param>
public sealed record SharedDraft(
    string LinkName, bool CanComment, DateTime? ExpiresAt, IReadOnlyList<Author> Authors, string Title, string Description, string Html, Image? Cover, string? Language,
    DateTime UpdatedAt, int ReadingMinutes, IReadOnlyList<DraftComment> Comments);

/// <param name="Name">Of somebody who is not signed in.</param>
/// <param name="Passage">Null: about the whole draft.</param>
/// <param name="ParentId">The comment that is answered.</param>
public sealed record DraftCommentInput(string Text, string Name = "", PassageSelector? Passage = null, string? ParentId = null);

/// <param name="Secret">As it came with the comment; not looked at for what was said signed in.</param>
public sealed record DraftCommentWithdrawal(string Secret = "");

/// <summary>Drafts shown to reviewers: whoever has the link reads, nobody keeps.</summary>
static class DraftEndpoints
{
    public static void MapDrafts(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/drafts/{token}").WithTags("Drafts").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone);
        group.MapGet("", Open).WithName("openDraft").WithSummary("A draft by its link, as it is saved now, with what was said through this link.");
        group.MapPost("/comments", Comment).WithName("commentOnDraft").WithSummary("Says something of the draft: as oneself when signed in, else by a name.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/comments/{commentId}/withdraw", Withdraw).WithName("withdrawDraftComment").WithSummary("Takes back what one said and nobody answered.")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict);
    }

    static async Task<Ok<SharedDraft>> Open(string token, HttpContext http, Reviews.ReviewsClient reviews, UsersClient users, CancellationToken ct)
    {
        // The link may end at any time.
        http.Response.Headers.CacheControl = "no-store";
        var draft = await reviews.OpenReviewAsync(new() { Token = token }, cancellationToken: ct);
        var people = await users.AuthorsAsync(http, draft.AuthorIds.Concat(draft.Comments.Select(c => c.PersonId)), ct);
        return TypedResults.Ok(new SharedDraft(
            draft.Link.Name, draft.Link.CanComment, draft.Link.ExpireTime.UtcOrNull(), [.. draft.AuthorIds.Where(people.ContainsKey).Select(id => people[id])],
            draft.Title, draft.Description, draft.Html, Image.From(draft.Cover), draft.Language.OrNull(), draft.UpdateTime.Utc(), draft.ReadingMinutes,
            [.. draft.Comments.Select(comment => DraftComment.From(comment, people))]));
    }

    static async Task<Ok<DraftComment>> Comment(string token, DraftCommentInput input, HttpContext http, Reviews.ReviewsClient reviews, UsersClient users, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var answer = await reviews.AddReviewCommentAsync(new()
        {
            Token = token,
            Text = input.Text,
            GuestName = input.Name,
            Passage = input.Passage is { } passage ? new() { Exact = passage.Exact, Prefix = passage.Prefix, Suffix = passage.Suffix, Start = passage.Start } : null,
            ParentId = input.ParentId ?? "",
        }, cancellationToken: ct);
        return TypedResults.Ok(DraftComment.From(answer.Comment, await users.AuthorsAsync(http, [answer.Comment.PersonId], ct)) with { Secret = answer.Secret.OrNull() });
    }

    static async Task<NoContent> Withdraw(string token, string commentId, DraftCommentWithdrawal input, Reviews.ReviewsClient reviews, CancellationToken ct)
    {
        await reviews.WithdrawReviewCommentAsync(new() { Token = token, CommentId = commentId, Secret = input.Secret }, cancellationToken: ct);
        return TypedResults.NoContent();
    }
}
