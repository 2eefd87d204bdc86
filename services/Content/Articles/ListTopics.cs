using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    const int MaxTopics = 500, UsualTopics = 100;

    public override async Task<V1.ListTopicsResponse> ListTopics(V1.ListTopicsRequest request, ServerCallContext context)
    {
        var size = request.PageSize <= 0 ? UsualTopics : Math.Min(request.PageSize, MaxTopics);
        var topics = await db.Topics.AsNoTracking().Where(t => t.ArticleCount > 0).OrderByDescending(t => t.ArticleCount).ThenBy(t => t.Slug).Take(size).ToListAsync(context.CancellationToken);
        return new V1.ListTopicsResponse { Topics = { topics.Select(topic => new V1.Topic { Slug = topic.Slug, Name = topic.Name, ArticleCount = topic.ArticleCount }) } };
    }
}
