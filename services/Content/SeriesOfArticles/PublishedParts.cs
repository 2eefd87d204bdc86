using Blog.Content.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.SeriesOfArticles;

/// <summary>A part of a series as readers have it.</summary>
sealed record PublishedPart(Guid ArticleId, Guid AuthorId, string Slug, string Title);

static class PublishedParts
{
    /// <summary>What readers have of a series, in order.</summary>
    public static Task<List<PublishedPart>> PublishedPartsAsync(this ContentDbContext db, Guid series, CancellationToken cancel) => db.Articles.AsNoTracking().Where(a => a.SeriesId == series)
        .Join(db.PublishedArticles, a => a.Id, p => p.ArticleId, (a, p) => new { a.SeriesPosition, p.ArticleId, p.AuthorId, p.Slug, p.Title })
        .OrderBy(p => p.SeriesPosition).ThenBy(p => p.ArticleId).Select(p => new PublishedPart(p.ArticleId, p.AuthorId, p.Slug, p.Title)).ToListAsync(cancel);

    /// <summary>Where a published article stands in its series; null: it is in none.</summary>
    public static async Task<V1.SeriesPlace?> SeriesPlaceAsync(this ContentDbContext db, Guid article, CancellationToken cancel)
    {
        var series = await db.Articles.AsNoTracking().Where(a => a.Id == article && a.SeriesId != null).Join(db.Series, a => a.SeriesId, s => (Guid?)s.Id, (_, s) => s).SingleOrDefaultAsync(cancel);
        return series is null ? null : new V1.SeriesPlace
        {
            Id = series.Id.ToString(),
            OwnerId = series.OwnerId.ToString(),
            Slug = series.Slug,
            Title = series.Title,
            Parts =
            {
                (await db.PublishedPartsAsync(series.Id, cancel)).Select(part => new V1.SeriesPlace.Types.Part
                {
                    ArticleId = part.ArticleId.ToString(), AuthorId = part.AuthorId.ToString(), Slug = part.Slug, Title = part.Title,
                }),
            },
        };
    }
}
