using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Highlights;

partial class HighlightsService
{
    const int DefaultArticles = 10, MostArticles = 20, LongestQuery = 100;

    sealed record Group(Guid ArticleId, DateTimeOffset Latest);

    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMyHighlightsResponse> ListMyHighlights(V1.ListMyHighlightsRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Caller(context), context.CancellationToken);
        if (request.PageSize < 0)
            throw RpcErrors.InvalidArgument(("page_size", $"A page has 1 to {MostArticles} articles."));
        if (request.Query.Length > LongestQuery || request.Query.Contains('\0', StringComparison.Ordinal))
            throw RpcErrors.InvalidArgument(("query", $"Search for at most {LongestQuery} characters."));
        var size = request.PageSize == 0 ? DefaultArticles : Math.Min(request.PageSize, MostArticles);
        var pattern = $"%{request.Query.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        var from = PageToken.Read(request.PageToken) ?? new PageToken(DateTimeOffset.MaxValue, Guid.Empty);

        var groups = await db.Database.SqlQuery<Group>(
            $"""
            select article_id as "ArticleId", max(create_time) as "Latest" from highlights
            where person_id = {person} and remove_time is null and (quote ilike {pattern} or note ilike {pattern})
            group by article_id having (max(create_time), article_id) < ({from.Time.ToUniversalTime()}, {from.Id})
            order by 2 desc, 1 desc limit {size + 1}
            """).ToListAsync(cancel);
        var page = groups.Take(size).Select(g => g.ArticleId).ToArray();
        var highlights = (await db.Set<Highlight>().AsNoTracking()
            .Where(h => h.PersonId == person && page.Contains(h.ArticleId) && h.RemoveTime == null && (EF.Functions.ILike(h.Quote, pattern) || EF.Functions.ILike(h.Note, pattern)))
            .OrderBy(h => h.StartAt).ThenBy(h => h.Id).ToListAsync(cancel)).ToLookup(h => h.ArticleId);
        var titles = await db.Set<HighlightedText>().Where(t => page.Contains(t.ArticleId)).Select(t => new { t.ArticleId, t.Title }).ToDictionaryAsync(t => t.ArticleId, t => t.Title, cancel);
        return new V1.ListMyHighlightsResponse
        {
            Articles =
            {
                page.Select(id => new V1.ArticleHighlights { ArticleId = id.ToString(), Title = titles.GetValueOrDefault(id) ?? "", Highlights = { highlights[id].Select(h => h.ToMessage()) } }),
            },
            NextPageToken = groups.Count > size ? new PageToken(groups[size - 1].Latest, groups[size - 1].ArticleId).ToString() : "",
        };
    }
}
