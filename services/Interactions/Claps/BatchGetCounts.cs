using Blog.Interactions.Articles;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Interactions.Claps;

partial class ClapsService
{
    const int MostArticles = 100;

    public override async Task<V1.BatchGetCountsResponse> BatchGetCounts(V1.BatchGetCountsRequest request, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (request.ArticleIds.Count > MostArticles)
            throw RpcErrors.InvalidArgument(("article_ids", $"Ask for up to {MostArticles} articles at once."));
        var asked = request.ArticleIds.Select(id => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty).Distinct().ToArray();
        var shown = await db.Set<KnownArticle>().Where(a => asked.Contains(a.ArticleId) && a.Published).Select(a => a.ArticleId).ToListAsync(cancel);
        var totals = (await db.Set<ClapTotal>().AsNoTracking().Where(t => shown.Contains(t.SubjectId)).ToListAsync(cancel)).ToLookup(t => t.SubjectId);
        var threads = await db.Set<Responses.Thread>().AsNoTracking().Where(t => shown.Contains(t.ArticleId)).ToDictionaryAsync(t => t.ArticleId, cancel);
        return new V1.BatchGetCountsResponse
        {
            Counts =
            {
                shown.Select(id => new V1.Counts
                {
                    ArticleId = id.ToString(),
                    Claps = totals[id].Sum(t => t.Claps),
                    People = totals[id].Sum(t => t.People),
                    Responses = threads.GetValueOrDefault(id)?.Responses ?? 0,
                    Locked = threads.GetValueOrDefault(id)?.Locked ?? false,
                }),
            },
        };
    }
}
