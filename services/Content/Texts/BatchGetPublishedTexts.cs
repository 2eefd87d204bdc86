using Blog.Content.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Texts;

partial class TextsService
{
    public override async Task<V1.BatchGetPublishedTextsResponse> BatchGetPublishedTexts(V1.BatchGetPublishedTextsRequest request, ServerCallContext context)
    {
        MustFit(request.Ids.Count, "ids");
        var (ids, cancel) = (request.Ids.Select(Id).Distinct().ToArray(), context.CancellationToken);
        var response = new V1.BatchGetPublishedTextsResponse();
        var room = new Room();
        var wanted = db.PublishedArticles.AsNoTracking().Where(p => ids.Contains(p.ArticleId));
        // One at a time: the HTML of a hundred large articles need not be in memory together.
        await foreach (var published in wanted.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (room.IsFull)
                break;
            response.Texts.Add(new V1.PublishedText
            {
                Id = published.ArticleId.ToString(),
                AuthorId = published.AuthorId.ToString(),
                CoAuthorIds = { published.CoAuthorIds.Select(id => id.ToString()) },
                Slug = published.Slug,
                Title = published.Title,
                Description = published.Description,
                Text = room.Take(PlainText.OfHtml(published.Html)),
                Topics = { published.TopicSlugs.Zip(published.TopicNames, (slug, name) => new V1.Topic { Slug = slug, Name = name }) },
                Language = published.Language,
                PublishTime = Timestamp.FromDateTimeOffset(published.PublishTime),
                EditTime = published.EditTime is { } edit ? Timestamp.FromDateTimeOffset(edit) : null,
                Revision = published.Revision,
                WordCount = published.WordCount,
            });
        }
        if (room.IsFull)
            response.DeferredIds.AddRange(request.Ids.Except(response.Texts.Select(text => text.Id)));
        await NameTopicsAsync(response, cancel);
        return response;
    }

    /// <summary>A topic is named as its first article named it, with the number of articles that carry it.</summary>
    async Task NameTopicsAsync(V1.BatchGetPublishedTextsResponse response, CancellationToken cancel)
    {
        var slugs = response.Texts.SelectMany(text => text.Topics).Select(topic => topic.Slug).Distinct().ToArray();
        var known = await db.Topics.AsNoTracking().Where(topic => slugs.Contains(topic.Slug)).ToDictionaryAsync(topic => topic.Slug, cancel);
        foreach (var topic in response.Texts.SelectMany(text => text.Topics))
            if (known.TryGetValue(topic.Slug, out var named))
                (topic.Name, topic.ArticleCount) = (named.Name, named.ArticleCount);
    }
}
