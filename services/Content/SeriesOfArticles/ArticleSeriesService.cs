using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.Events.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.Text;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.SeriesOfArticles;

/// <summary>blog.content.v1.ArticleSeries. Each use case is a file of this folder; here is what several of them need.</summary>
sealed partial class ArticleSeriesService(ContentDbContext db, ArticlesService articles, TimeProvider time) : V1.ArticleSeries.ArticleSeriesBase
{
    static Guid Me(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    static Guid Id(string id) => Guid.TryParseExact(id, "D", out var known) ? known : Guid.Empty;

    static RpcException NoSuchSeries() => RpcErrors.NotFound("There is no such series.");

    /// <summary>A series of the caller that nobody else changes until the transaction ends.</summary>
    async Task<Series> LockedAsync(Guid owner, string id, CancellationToken cancel)
    {
        var series = Id(id);
        return await db.Series.FromSql($"select * from series where owner_id = {owner} and id = {series} for update").SingleOrDefaultAsync(cancel) ?? throw NoSuchSeries();
    }

    Task<List<Part>> PartsAsync(Guid series, CancellationToken cancel) => PartsAsync([series], cancel);

    /// <summary>Of several series, each in order.</summary>
    Task<List<Part>> PartsAsync(Guid[] series, CancellationToken cancel) => db.Articles.AsNoTracking().Where(a => a.SeriesId != null && series.Contains(a.SeriesId.Value))
        .OrderBy(a => a.SeriesPosition).ThenBy(a => a.Id).Select(a => new Part(a.SeriesId!.Value, a.Id, a.Content.Title, a.Status, a.SeriesPosition ?? 0)).ToListAsync(cancel);

    Task<int> PutAsync(Guid article, Guid? series, int? position, CancellationToken cancel) =>
        db.Articles.Where(a => a.Id == article).ExecuteUpdateAsync(a => a.SetProperty(x => x.SeriesId, series).SetProperty(x => x.SeriesPosition, position), cancel);

    /// <summary>The slug for a name; one that the series has or had stays its own, one of another series gets a number.</summary>
    async Task<string> TakeSlugAsync(Guid owner, Guid series, string title, CancellationToken cancel)
    {
        var wanted = Slug.From(title) is { Length: > 0 } fromTitle ? fromTitle : "series";
        var like = wanted + "-";
        var taken = await db.SeriesSlugs.AsNoTracking().Where(s => s.OwnerId == owner && (s.Slug == wanted || s.Slug.StartsWith(like))).ToDictionaryAsync(s => s.Slug, s => s.SeriesId, cancel);
        var slug = Enumerable.Range(1, taken.Count + 1).Select(n => Slug.Numbered(wanted, n)).First(slug => !taken.TryGetValue(slug, out var other) || other == series);
        if (!taken.ContainsKey(slug))
            db.Add(new SeriesSlug { OwnerId = owner, Slug = slug, SeriesId = series });
        return slug;
    }

    /// <summary>Adds to the change being made: caches learn of it.</summary>
    void Tell(Series series, IEnumerable<Guid> moved, string formerSlug = "") => db.Publish(Topics.Series, series.Id, new SeriesChanged
    {
        SeriesId = series.Id.ToString(), OwnerId = series.OwnerId.ToString(), Slug = series.Slug, FormerSlug = formerSlug == series.Slug ? "" : formerSlug, ArticleIds = { moved.Select(id => id.ToString()) },
    }, time);
}
