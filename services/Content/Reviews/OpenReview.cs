using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Reviews;

partial class ReviewsService
{
    public override async Task<V1.OpenReviewResponse> OpenReview(V1.OpenReviewRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        var link = await OpenLinkAsync(request.Token, cancel);
        var article = await ArticleOfAsync(link, cancel);
        var text = await texts.OfAsync(article, cancel);
        var cover = await rendering.PictureAsync(article.Content.CoverMediaId, cancel);
        var comments = await db.ReviewComments.AsNoTracking().Where(c => c.LinkId == link.Id).OrderBy(c => c.Id).Take(ReviewComment.MostListed).ToListAsync(cancel);
        return new V1.OpenReviewResponse
        {
            Link = link.ToMessage(),
            AuthorIds = { article.AuthorIds.Select(id => id.ToString()) },
            Title = article.Content.Title,
            Description = article.Content.Description,
            Html = text.Html,
            Cover = cover is null ? null : new V1.Image { MediaId = cover.Id.ToString(), Width = cover.Width, Height = cover.Height, Alt = article.Content.CoverAlt },
            Language = article.Content.Language,
            UpdateTime = Timestamp.FromDateTimeOffset(article.UpdateTime),
            ReadingMinutes = text.ReadingMinutes,
            Comments = { comments.Select(comment => comment.ToMessage(article)) },
        };
    }
}
