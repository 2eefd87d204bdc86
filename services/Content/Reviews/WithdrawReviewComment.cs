using System.Security.Cryptography;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

partial class ReviewsService
{
    public override async Task<V1.WithdrawReviewCommentResponse> WithdrawReviewComment(V1.WithdrawReviewCommentRequest request, ServerCallContext context)
    {
        var (person, id, cancel) = (context.GetHttpContext().User.PersonId(), Id(request.CommentId), context.CancellationToken);
        var link = await OpenLinkAsync(request.Token, cancel);
        var article = await ArticleOfAsync(link, cancel);
        return await db.InTransactionAsync(async () =>
        {
            await LockAsync(article.Id, cancel);
            var comment = await db.ReviewComments.SingleOrDefaultAsync(c => c.LinkId == link.Id && c.Id == id, cancel) ?? throw NoSuchComment();
            if (!IsBy(comment, person, request.Secret))
                throw RpcErrors.Create(StatusCode.PermissionDenied, "Only whoever said this takes it back, where they said it. The authors of the draft can remove it.", "NOT_YOURS");
            if (await db.ReviewComments.AnyAsync(c => c.LinkId == link.Id && c.ParentId == id, cancel))
                throw RpcErrors.Create(StatusCode.FailedPrecondition, "This was answered meanwhile, so it stays. The authors of the draft can remove it with its answers.", "ANSWERED");
            db.Remove(comment);
            Tell(comment, article, present: false);
            return new V1.WithdrawReviewCommentResponse();
        }, cancel);
    }

    static bool IsBy(ReviewComment comment, Guid? person, string secret) =>
        comment.PersonId is { } known ? known == person : comment.SecretHash is { } hash && ReviewSecret.HashOf(secret) is { } given && CryptographicOperations.FixedTimeEquals(hash, given);
}
