using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

partial class ReviewsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.GetReviewResponse> GetReview(V1.GetReviewRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var article = await articles.MineAsync(Me(context), request.ArticleId, cancel);
        var text = await texts.OfAsync(article, cancel);
        var links = await db.ReviewLinks.AsNoTracking().Where(l => l.ArticleId == article.Id).OrderByDescending(l => l.Id).Take(ReviewLink.MostListed).ToListAsync(cancel);
        var newest = await db.ReviewComments.AsNoTracking().Where(c => c.ArticleId == article.Id).OrderByDescending(c => c.Id).Take(ReviewComment.MostListed).ToListAsync(cancel);
        return new V1.GetReviewResponse
        {
            Title = article.Content.Title,
            Html = text.Html,
            Links = { links.Select(link => link.ToMessage()) },
            Comments = { newest.OrderBy(c => c.CreateTime).ThenBy(c => c.Id).Select(c => c.ToMessage(article)) },
        };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ResolveReviewCommentResponse> ResolveReviewComment(V1.ResolveReviewCommentRequest request, ServerCallContext context)
    {
        var (article, comment) = await CommentAsync(Me(context), request.ArticleId, request.CommentId, context.CancellationToken);
        comment.ResolveTime = request.Resolved ? comment.ResolveTime ?? articles.Now() : null;
        await db.SaveChangesAsync(context.CancellationToken);
        return new V1.ResolveReviewCommentResponse { Comment = comment.ToMessage(article) };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.DeleteReviewCommentResponse> DeleteReviewComment(V1.DeleteReviewCommentRequest request, ServerCallContext context)
    {
        var (article, comment) = await CommentAsync(Me(context), request.ArticleId, request.CommentId, context.CancellationToken);
        var removed = await db.ReviewComments.Where(c => c.ArticleId == article.Id && c.ParentId == comment.Id).ToListAsync(context.CancellationToken);
        foreach (var each in removed.Append(comment))
        {
            db.Remove(each);
            Tell(each, article, present: false);
        }
        await db.SaveChangesAsync(context.CancellationToken);
        return new V1.DeleteReviewCommentResponse();
    }
}
