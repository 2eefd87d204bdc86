using Blog.Content.Articles;
using Blog.ServiceDefaults.Authentication;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.SeriesOfArticles;

partial class ArticleSeriesService
{
    [Authorize(Policy = Policies.Person)]
    public override async Task<V1.ListMySeriesResponse> ListMySeries(V1.ListMySeriesRequest request, ServerCallContext context)
    {
        var (me, cancel) = (Me(context), context.CancellationToken);
        var all = await db.Series.AsNoTracking().Where(s => s.OwnerId == me).OrderByDescending(s => s.UpdateTime).ThenBy(s => s.Id).ToListAsync(cancel);
        var parts = (await PartsAsync([.. all.Select(s => s.Id)], cancel)).ToLookup(part => part.SeriesId);
        return new V1.ListMySeriesResponse { Series = { all.Select(series => series.ToMessage(parts[series.Id])) } };
    }

    public override async Task<V1.GetPublishedSeriesResponse> GetPublishedSeries(V1.GetPublishedSeriesRequest request, ServerCallContext context)
    {
        var (owner, cancel) = (Id(request.OwnerId), context.CancellationToken);
        var slug = request.Slug.Contains('\0', StringComparison.Ordinal) ? "" : request.Slug;
        var series = await db.SeriesSlugs.AsNoTracking().Where(s => s.OwnerId == owner && s.Slug == slug)
            .Join(db.Series.AsNoTracking(), s => s.SeriesId, s => s.Id, (_, series) => series).SingleOrDefaultAsync(cancel) ?? throw NoSuchSeries();
        var published = await db.PublishedPartsAsync(series.Id, cancel);
        if (published.Count == 0)
            throw NoSuchSeries();
        if (series.Slug != slug)
            return new V1.GetPublishedSeriesResponse { MovedToSlug = series.Slug };
        return new V1.GetPublishedSeriesResponse
        {
            Series = series.ToMessage(published.Select((part, at) => new Part(series.Id, part.ArticleId, part.Title, ArticleStatus.Published, at))),
        };
    }
}
