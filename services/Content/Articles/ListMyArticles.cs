using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Articles;

partial class ArticlesService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMyArticlesResponse> ListMyArticles(V1.ListMyArticlesRequest request, ServerCallContext context)
    {
        var (author, size) = (Author(context), PageToken.Size(request.PageSize));
        var shared = db.CoAuthorships.Where(c => c.PersonId == author).Select(c => c.ArticleId);
        var page = NewestKeys(db.Articles.Where(a => a.AuthorId == author)).Concat(NewestKeys(db.Articles.Where(a => shared.Contains(a.Id))));

        // Everything but the text, which a list does not show and which may be large.
        var rows = await page.Join(db.Articles.AsNoTracking(), id => id, a => a.Id, (_, a) => a).OrderByDescending(a => a.UpdateTime).ThenByDescending(a => a.Id).Take(size + 1).Select(a => new
        {
            a.AuthorId, a.CoAuthorIds, a.PublicationId, a.Id, a.Status, a.Revision, a.Slug, a.CreateTime, a.UpdateTime, a.FirstPublishTime, a.WordCount, a.ContentHash, a.PublishedHash, a.ScheduleTime, a.ScheduleProblem, a.TranslationGroup,
            a.Content.Title, a.Content.Description, a.Content.Topics, a.Content.CoverMediaId, a.Content.CoverAlt, WishedSlug = a.Content.Slug, a.Content.CanonicalUrl, a.Content.Language,
        }).ToListAsync(context.CancellationToken);

        var response = new V1.ListMyArticlesResponse();
        foreach (var row in rows.Take(size))
            response.Articles.Add(new V1.Article
            {
                Id = row.Id.ToString(),
                AuthorId = row.AuthorId.ToString(),
                PublicationId = row.PublicationId?.ToString() ?? "",
                CoAuthorIds = { row.CoAuthorIds.Select(id => id.ToString()) },
                Status = (V1.ArticleStatus)row.Status,
                Content = new V1.ArticleContent
                {
                    Title = row.Title, Description = row.Description, Topics = { row.Topics }, CoverMediaId = row.CoverMediaId?.ToString() ?? "", CoverAlt = row.CoverAlt,
                    Slug = row.WishedSlug, CanonicalUrl = row.CanonicalUrl, Language = row.Language,
                },
                Revision = row.Revision,
                PublishedSlug = row.Slug ?? "",
                CreateTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(row.CreateTime),
                UpdateTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(row.UpdateTime),
                FirstPublishTime = row.FirstPublishTime is { } first ? Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(first) : null,
                HasUnpublishedChanges = row.Status == ArticleStatus.Published && !row.ContentHash.AsSpan().SequenceEqual(row.PublishedHash),
                WordCount = row.WordCount,
                ScheduleTime = row.ScheduleTime is { } at ? Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(at) : null,
                ScheduleProblem = row.ScheduleProblem,
                TranslationGroupId = row.TranslationGroup?.ToString() ?? "",
            });
        if (rows.Count > size)
            response.NextPageToken = new PageToken(rows[size - 1].UpdateTime, rows[size - 1].Id).ToString();
        return response;

        IQueryable<Guid> NewestKeys(IQueryable<Article> articles)
        {
            if (request.Scheduled)
                articles = articles.Where(a => a.ScheduleTime != null);
            if (request.Status != V1.ArticleStatus.Unspecified)
                articles = articles.Where(a => a.Status == (ArticleStatus)request.Status);
            if (PageToken.Read(request.PageToken) is { } from)
                articles = articles.Where(a => EF.Functions.LessThan(ValueTuple.Create(a.UpdateTime, a.Id), ValueTuple.Create(from.Time, from.Id)));
            return articles.OrderByDescending(a => a.UpdateTime).ThenByDescending(a => a.Id).Take(size + 1).Select(a => a.Id);
        }
    }
}
