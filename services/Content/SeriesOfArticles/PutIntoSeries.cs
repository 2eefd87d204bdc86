using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.SeriesOfArticles;

partial class ArticleSeriesService
{
    [Authorize(Policy = Policies.Person)]
    public override Task<V1.PutIntoSeriesResponse> PutIntoSeries(V1.PutIntoSeriesRequest request, ServerCallContext context)
    {
        var (me, cancel, now) = (Me(context), context.CancellationToken, articles.Now());
        return db.InTransactionAsync(async () =>
        {
            await db.LockArticleAsync(Id(request.ArticleId), cancel);
            var article = await articles.MineAsync(me, request.ArticleId, cancel);
            var former = article.SeriesId;
            var series = request.SeriesId.Length > 0 ? await LockedAsync(me, request.SeriesId, cancel) : null;
            var parts = series is null ? [] : await PartsAsync(series.Id, cancel);
            if (former != series?.Id)
            {
                if (parts.Count >= Series.MostParts)
                    throw RpcErrors.Create(StatusCode.FailedPrecondition, $"A series has at most {Series.MostParts} stories.", "SERIES_FULL");
                await PutAsync(article.Id, series?.Id, series is null ? null : parts.Select(part => part.Position + 1).DefaultIfEmpty(0).Max(), cancel);
                foreach (var changed in (Series?[])[series, await db.Series.SingleOrDefaultAsync(s => s.Id == former, cancel)])
                {
                    changed?.Touch(now);
                    if (changed is not null)
                        Tell(changed, [article.Id]);
                }
            }
            return new V1.PutIntoSeriesResponse { Series = series?.ToMessage(await PartsAsync(series.Id, cancel)), FormerSeriesId = former?.ToString() ?? "" };
        }, cancel);
    }
}
