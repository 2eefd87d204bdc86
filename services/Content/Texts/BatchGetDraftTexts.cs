using Blog.Content.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Texts;

partial class TextsService
{
    public override async Task<V1.BatchGetDraftTextsResponse> BatchGetDraftTexts(V1.BatchGetDraftTextsRequest request, ServerCallContext context)
    {
        MustFit(request.Keys.Count, "keys");
        var keys = request.Keys.Select(key => (Author: Id(key.AuthorId), Article: Id(key.ArticleId))).ToHashSet();
        var (authors, ids) = (keys.Select(key => key.Author).Distinct().ToArray(), keys.Select(key => key.Article).ToArray());
        var response = new V1.BatchGetDraftTextsResponse();
        var room = new Room();
        var drafts = db.Articles.AsNoTracking().Where(a => authors.Contains(a.AuthorId) && ids.Contains(a.Id));
        await foreach (var article in drafts.AsAsyncEnumerable().WithCancellation(context.CancellationToken))
        {
            if (room.IsFull)
                break;
            if (!article.IsDraft || !keys.Contains((article.AuthorId, article.Id)))
                continue;
            response.Texts.Add(new V1.DraftText
            {
                Id = article.Id.ToString(),
                AuthorId = article.AuthorId.ToString(),
                CoAuthorIds = { article.CoAuthorIds.Select(id => id.ToString()) },
                Title = article.Content.Title,
                Description = article.Content.Description,
                Text = room.Take(PlainText.OfMarkdown(article.Content.Markdown, context.CancellationToken)),
                Language = article.Content.Language,
                UpdateTime = Timestamp.FromDateTimeOffset(article.UpdateTime),
                Revision = article.Revision,
            });
        }
        if (room.IsFull)
            response.DeferredKeys.AddRange(request.Keys.ExceptBy(response.Texts.Select(text => text.Id), key => key.ArticleId));
        return response;
    }
}
