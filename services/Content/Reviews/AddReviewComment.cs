using Blog.Anchoring;
using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

partial class ReviewsService
{
    public override async Task<V1.AddReviewCommentResponse> AddReviewComment(V1.AddReviewCommentRequest request, ServerCallContext context)
    {
        var (person, cancel) = (context.GetHttpContext().User.PersonId(), context.CancellationToken);
        var link = await OpenLinkAsync(request.Token, cancel);
        if (!link.CanComment)
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "This link is for reading only.", "READ_ONLY");
        var article = await ArticleOfAsync(link, cancel);
        var (text, guest) = (CheckedText(request.Text), person is null ? CheckedName(request.GuestName) : "");
        var secret = person is null ? ReviewSecret.New() : "";
        var anchor = request.ParentId.Length == 0 && request.Passage is { } passage ? await FindAsync(passage, article, cancel) : null;

        return await db.InTransactionAsync(async () =>
        {
            // The last comment that there is room for is one, and what is answered is there.
            await LockAsync(link.ArticleId, cancel);
            if (await db.ReviewComments.CountAsync(c => c.LinkId == link.Id, cancel) >= ReviewComment.MostPerLink)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, $"{ReviewComment.MostPerLink} comments were made through this link, which is all it takes. Ask for a new one.", "TOO_MANY_COMMENTS");
            var comment = new ReviewComment
            {
                ArticleId = link.ArticleId, Id = Guid.CreateVersion7(articles.Now()), LinkId = link.Id, ParentId = await ParentAsync(request.ParentId, link, cancel),
                PersonId = person, GuestName = guest, SecretHash = ReviewSecret.HashOf(secret), Text = text, CreateTime = articles.Now(),
            };
            if (anchor is not null)
                comment.Place(anchor);
            db.Add(comment);
            Tell(comment, article);
            return new V1.AddReviewCommentResponse { Comment = comment.ToMessage(article), Secret = secret };
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.AnswerReviewCommentResponse> AnswerReviewComment(V1.AnswerReviewCommentRequest request, ServerCallContext context)
    {
        var me = Me(context);
        var text = CheckedText(request.Text);
        var article = await articles.MineAsync(me, request.ArticleId, context.CancellationToken);
        return await db.InTransactionAsync(async () =>
        {
            await LockAsync(article.Id, context.CancellationToken);
            var comment = await CommentAsync(article, request.CommentId, context.CancellationToken);
            var answer = new ReviewComment
            {
                ArticleId = article.Id, Id = Guid.CreateVersion7(articles.Now()), LinkId = comment.LinkId, ParentId = comment.ParentId ?? comment.Id, PersonId = me, Text = text, CreateTime = articles.Now(),
            };
            db.Add(answer);
            Tell(answer, article);
            return new V1.AnswerReviewCommentResponse { Comment = answer.ToMessage(article) };
        }, context.CancellationToken);
    }

    async Task<Anchor> FindAsync(V1.ReviewPassage passage, Article article, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(passage.Exact) || passage.Exact.EnumerateRunes().Count() > ReviewComment.MaxQuote)
            throw RpcErrors.InvalidArgument(("passage", $"Select 1 to {ReviewComment.MaxQuote:N0} characters of the draft."));
        if (passage.Prefix.Length > ReviewComment.MaxContext || passage.Suffix.Length > ReviewComment.MaxContext)
            throw RpcErrors.InvalidArgument(("passage", $"What stands around a passage has at most {ReviewComment.MaxContext} characters on each side."));
        var text = (await texts.OfAsync(article, cancel)).Text;
        return new TextSelector(passage.Exact, passage.Prefix, passage.Suffix, Math.Max(0, passage.Start)).Find(text) is { } found
            ? Anchor.At(text, found)
            : throw RpcErrors.Create(StatusCode.FailedPrecondition, "The draft does not say that any more, or not only there. Load it again and select the words anew.", "QUOTE_NOT_FOUND");
    }

    /// <summary>The comment that is answered; of an answer, the one that it answers: threads have two levels.</summary>
    async Task<Guid?> ParentAsync(string parent, ReviewLink link, CancellationToken cancel)
    {
        if (parent.Length == 0)
            return null;
        var id = Id(parent);
        var found = await db.ReviewComments.AsNoTracking().SingleOrDefaultAsync(c => c.LinkId == link.Id && c.Id == id, cancel) ?? throw NoSuchComment();
        return found.ParentId ?? found.Id;
    }

    static string CheckedName(string sent)
    {
        var name = ArticleContent.Line(sent);
        return name.Length > 0 && name.EnumerateRunes().Count() <= ReviewComment.MaxGuestName
            ? name
            : throw RpcErrors.InvalidArgument(("guest_name", $"Say who you are, in 1 to {ReviewComment.MaxGuestName} characters."));
    }
}
