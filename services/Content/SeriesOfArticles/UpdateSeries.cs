using Blog.Content.Articles;
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
    public override Task<V1.UpdateSeriesResponse> UpdateSeries(V1.UpdateSeriesRequest request, ServerCallContext context)
    {
        var (me, cancel, now) = (Me(context), context.CancellationToken, articles.Now());
        var (title, description) = (ArticleContent.Line(request.Title), ArticleContent.Line(request.Description));
        if (Series.Problems(title, description).ToArray() is { Length: > 0 } problems)
            throw RpcErrors.InvalidArgument(problems);
        var order = request.ArticleIds.Select(Id).Distinct().ToArray();
        return db.InTransactionAsync(async () =>
        {
            var series = await LockedAsync(me, request.Id, cancel);
            var parts = (await PartsAsync(series.Id, cancel)).ToDictionary(part => part.ArticleId);
            if (series.Revision != request.ExpectedRevision)
                throw RpcErrors.StaleRevision(series.ToMessage(parts.Values));
            if (order.Any(id => !parts.ContainsKey(id)))
                throw RpcErrors.InvalidArgument(("article_ids", "One of these stories is not in the series any more."));

            var left = parts.Keys.Except(order).ToArray();
            foreach (var id in left)
                await PutAsync(id, null, null, cancel);
            foreach (var (position, id) in order.Index())
                if (parts[id].Position != position)
                    await PutAsync(id, series.Id, position, cancel);
            var former = series.Slug;
            if (title != series.Title && !ServiceDefaults.Text.Slug.IsFormOf(series.Slug, ServiceDefaults.Text.Slug.From(title)))
                series.Slug = await TakeSlugAsync(me, series.Id, title, cancel);
            (series.Title, series.Description) = (title, description);
            series.Touch(now);
            Tell(series, left, former);
            return new V1.UpdateSeriesResponse { Series = series.ToMessage(order.Select(id => parts[id])) };
        }, cancel);
    }

    [Authorize(Policy = Policies.Person)]
    public override Task<V1.DeleteSeriesResponse> DeleteSeries(V1.DeleteSeriesRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        return db.InTransactionAsync(async () =>
        {
            var series = await LockedAsync(me, request.Id, cancel);
            var parts = await PartsAsync(series.Id, cancel);
            foreach (var part in parts)
                await PutAsync(part.ArticleId, null, null, cancel);
            await db.SeriesSlugs.Where(s => s.OwnerId == me && s.SeriesId == series.Id).ExecuteDeleteAsync(cancel);
            db.Remove(series);
            Tell(series, parts.Select(part => part.ArticleId));
            return new V1.DeleteSeriesResponse { ArticleIds = { parts.Select(part => part.ArticleId.ToString()) } };
        }, cancel);
    }
}
