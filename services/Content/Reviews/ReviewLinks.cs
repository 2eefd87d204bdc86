using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

partial class ReviewsService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.CreateReviewLinkResponse> CreateReviewLink(V1.CreateReviewLinkRequest request, ServerCallContext context)
    {
        var (me, cancel, now) = (Me(context), context.CancellationToken, articles.Now());
        var (name, expires) = (ArticleContent.Line(request.Name), ExpireTime(request.ExpireTime, now));
        if (name.Length == 0 || name.EnumerateRunes().Count() > ReviewLink.MaxName)
            throw RpcErrors.InvalidArgument(("name", $"Say whom the link is for, in 1 to {ReviewLink.MaxName} characters."));
        var token = ReviewSecret.New();
        return await db.InTransactionAsync(async () =>
        {
            await db.LockArticleAsync(Id(request.ArticleId), cancel);
            var article = await articles.MineAsync(me, request.ArticleId, cancel);
            if (await db.ReviewLinks.CountAsync(l => l.ArticleId == article.Id && l.RevokeTime == null && (l.ExpireTime == null || l.ExpireTime > now), cancel) >= ReviewLink.MostOpen)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, $"A story has at most {ReviewLink.MostOpen} links that open it. Revoke one first.", "TOO_MANY_LINKS");
            var link = new ReviewLink
            {
                ArticleId = article.Id, Id = Guid.CreateVersion7(now), TokenHash = ReviewSecret.HashOf(token)!, Name = name, CanComment = request.CanComment, CreatorId = me, CreateTime = now, ExpireTime = expires,
            };
            db.Add(link);
            return new V1.CreateReviewLinkResponse { Link = link.ToMessage(), Token = token };
        }, cancel);
    }

    static DateTimeOffset? ExpireTime(Timestamp? sent, DateTimeOffset now)
    {
        if (sent is null)
            return null;
        return sent.Seconds > now.ToUnixTimeSeconds() && sent.Seconds < DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(sent.Seconds)
            : throw RpcErrors.InvalidArgument(("expire_time", "Choose a time that is still to come."));
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.RevokeReviewLinkResponse> RevokeReviewLink(V1.RevokeReviewLinkRequest request, ServerCallContext context)
    {
        var (cancel, id) = (context.CancellationToken, Id(request.Id));
        var article = await articles.MineAsync(Me(context), request.ArticleId, cancel);
        var link = await db.ReviewLinks.SingleOrDefaultAsync(l => l.ArticleId == article.Id && l.Id == id, cancel) ?? throw RpcErrors.NotFound("There is no such link.");
        link.RevokeTime ??= articles.Now();
        await db.SaveChangesAsync(cancel);
        return new V1.RevokeReviewLinkResponse();
    }
}
