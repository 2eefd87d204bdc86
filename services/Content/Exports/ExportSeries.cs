using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Exports;

partial class ExportsService
{
    public override async Task<V1.ListExportedSeriesResponse> ListExportedSeries(V1.ListExportedSeriesRequest request, ServerCallContext context)
    {
        var (owner, cancel) = (Whose(request.PersonId, context), context.CancellationToken);
        var all = await db.Series.AsNoTracking().Where(s => s.OwnerId == owner).OrderBy(s => s.Id).ToListAsync(cancel);
        var ids = all.Select(s => s.Id).ToArray();
        var slugs = (await db.SeriesSlugs.AsNoTracking().Where(s => s.OwnerId == owner).ToListAsync(cancel)).ToLookup(s => s.SeriesId, s => s.Slug);
        var parts = (await db.Articles.AsNoTracking().Where(a => a.SeriesId != null && ids.Contains(a.SeriesId.Value))
            .OrderBy(a => a.SeriesPosition).ThenBy(a => a.Id).Select(a => new { a.SeriesId, a.Id }).ToListAsync(cancel)).ToLookup(a => a.SeriesId!.Value, a => a.Id.ToString());
        return new V1.ListExportedSeriesResponse
        {
            Series =
            {
                all.OrderBy(series => series.Slug, StringComparer.Ordinal).Select(series => new V1.ExportedSeries
                {
                    Slug = series.Slug, Title = series.Title, Description = series.Description, ArticleIds = { parts[series.Id] },
                    FormerSlugs = { slugs[series.Id].Where(slug => slug != series.Slug).Order(StringComparer.Ordinal) },
                }),
            },
        };
    }
}
