using Blog.Archives.Own;
using Blog.Archives.Writing;

namespace Blog.Archives.Exporting;

/// <summary>A file for each series of the person.</summary>
sealed class SeriesFiles(Site site, IArchiveSink sink, ArchiveLayout layout, IndexPage index)
{
    public async Task WriteAsync(string personId, CancellationToken cancel)
    {
        foreach (var series in (await site.Exports.ListExportedSeriesAsync(new() { PersonId = personId }, cancellationToken: cancel)).Series)
        {
            var parts = series.ArticleIds.Select(layout.PathOf).OfType<string>().ToList();
            var path = layout.Free("series", series.Slug, "json");
            await sink.AddAsync(path, FactFiles.Write(new FactFiles.SeriesFile(
                FactFiles.SeriesFormat, series.Title, series.Slug, series.FormerSlugs.OrNull(), series.Description.OrNull(), parts.Select(part => $"../{ArchiveLayout.Linked(part)}").OrNull())), cancel);
            index.AddSeries(series.Title, path, parts);
        }
    }
}
