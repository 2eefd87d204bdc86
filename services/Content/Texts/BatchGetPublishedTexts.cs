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
        var publications = db.Publications.AsNoTracking().Where(p => ids.Contains(p.ArticleId));
        // One at a time: the HTML of a hundred large articles need not be in memory together.
        await foreach (var publication in publications.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (room.IsFull)
                break;
            response.Texts.Add(new V1.PublishedText
            {
                Id = publication.ArticleId.ToString(),
                AuthorId = publication.AuthorId.ToString(),
                Slug = publication.Slug,
                Title = publication.Title,
                Description = publication.Description,
                Text = room.Take(PlainText.OfHtml(publication.Html)),
                Topics = { publication.TopicSlugs.Zip(publication.TopicNames, (slug, name) => new V1.Topic { Slug = slug, Name = name }) },
                Language = publication.Language,
                PublishTime = Timestamp.FromDateTimeOffset(publication.PublishTime),
                EditTime = publication.EditTime is { } edit ? Timestamp.FromDateTimeOffset(edit) : null,
                Revision = publication.Revision,
                WordCount = publication.WordCount,
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
