using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    const int MaxTopics = 500, UsualTopics = 100, MaxTopicBatch = 100;

    public override async Task<V1.ListTopicsResponse> ListTopics(V1.ListTopicsRequest request, ServerCallContext context)
    {
        var size = request.PageSize <= 0 ? UsualTopics : Math.Min(request.PageSize, MaxTopics);
        var topics = await InUse.OrderByDescending(t => t.ArticleCount).ThenBy(t => t.Slug).Take(size).ToListAsync(context.CancellationToken);
        return new V1.ListTopicsResponse { Topics = { topics.Select(ToMessage) } };
    }

    public override async Task<V1.BatchGetTopicsResponse> BatchGetTopics(V1.BatchGetTopicsRequest request, ServerCallContext context)
    {
        if (request.Slugs.Count > MaxTopicBatch)
            throw RpcErrors.InvalidArgument(("slugs", $"Ask for at most {MaxTopicBatch} topics at a time."));

        // Text that PostgreSQL cannot hold names no topic.
        var slugs = request.Slugs.Where(slug => !slug.Contains('\0')).Distinct().ToArray();
        var topics = await InUse.Where(t => slugs.Contains(t.Slug)).ToListAsync(context.CancellationToken);
        return new V1.BatchGetTopicsResponse { Topics = { topics.Select(ToMessage) } };
    }

    IQueryable<Topic> InUse => db.Topics.AsNoTracking().Where(t => t.ArticleCount > 0);

    static V1.Topic ToMessage(Topic topic) => new() { Slug = topic.Slug, Name = topic.Name, ArticleCount = topic.ArticleCount };
}
