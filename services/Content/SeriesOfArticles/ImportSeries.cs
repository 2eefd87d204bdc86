using Blog.Content.Articles;
using Blog.Content.Data;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Data;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.SeriesOfArticles;

partial class ArticleSeriesService
{
    const int LongestSource = 500;

    [Authorize(Policy = Policies.Service)]
    public override async Task<V1.ImportSeriesResponse> ImportSeries(V1.ImportSeriesRequest request, ServerCallContext context) => new() { Created = await ImportAsync(request, context.CancellationToken) };

    /// <summary>The same for an import that runs in this service.</summary>
    /// <returns>Whether it was not there before.</returns>
    internal Task<bool> ImportAsync(V1.ImportSeriesRequest request, CancellationToken cancel)
    {
        var (owner, now, sent) = (Id(request.PersonId), articles.Now(), request.Series ?? new());
        if (owner == Guid.Empty || request.Source.Length is 0 or > LongestSource)
            throw RpcErrors.InvalidArgument(("source", "Say whose it is, and name it in its archive."));
        var (title, description) = (ArticleContent.Line(sent.Title), ArticleContent.Line(sent.Description));
        if (Series.Problems(title, description).ToArray() is { Length: > 0 } problems)
            throw RpcErrors.InvalidArgument(problems);
        var id = NamedId.Of(owner.ToString(), "series", request.Source);
        return db.InTransactionAsync(async () =>
        {
            var series = await db.Series.FromSql($"select * from series where owner_id = {owner} and id = {id} for update").SingleOrDefaultAsync(cancel);
            var created = series is null;
            if (series is null)
            {
                if (await db.Series.CountAsync(s => s.OwnerId == owner, cancel) >= Series.MostOfOne)
                    throw RpcErrors.Create(StatusCode.FailedPrecondition, $"Nobody has more than {Series.MostOfOne} series.", "TOO_MANY_SERIES");
                series = new Series { OwnerId = owner, Id = id, Slug = await TakeSlugAsync(owner, id, sent.Slug.Length > 0 ? sent.Slug : title, cancel), Title = title, Description = description, CreateTime = now, UpdateTime = now };
                db.Add(series);
                await KeepFormerAsync(series, sent.FormerSlugs, cancel);
            }
            var added = await AppendAsync(series, sent.ArticleIds, cancel);
            if (added.Count == 0)
                return created;
            series.Touch(now);
            Tell(series, added);
            return created;
        }, cancel);
    }

    /// <summary>Old names lead to it, unless they lead to another.</summary>
    async Task KeepFormerAsync(Series series, IEnumerable<string> formerSlugs, CancellationToken cancel)
    {
        var wanted = formerSlugs.Select(ServiceDefaults.Text.Slug.Chosen).Where(slug => slug.Length > 0 && slug != series.Slug).Distinct().ToArray();
        var taken = await db.SeriesSlugs.Where(s => s.OwnerId == series.OwnerId && wanted.Contains(s.Slug)).Select(s => s.Slug).ToListAsync(cancel);
        foreach (var slug in wanted.Except(taken))
            db.Add(new SeriesSlug { OwnerId = series.OwnerId, Slug = slug, SeriesId = series.Id });
    }

    /// <summary>Those articles of the owner that are in no series, behind what is in it.</summary>
    async Task<List<Guid>> AppendAsync(Series series, IEnumerable<string> articleIds, CancellationToken cancel)
    {
        var wanted = articleIds.Select(Id).Distinct().Take(Series.MostParts).ToArray();
        var free = await db.Articles.AsNoTracking().Where(a => wanted.Contains(a.Id) && a.AuthorId == series.OwnerId && a.SeriesId == null).Select(a => a.Id).ToListAsync(cancel);
        var parts = await PartsAsync(series.Id, cancel);
        var (next, added) = (parts.Select(part => part.Position + 1).DefaultIfEmpty(0).Max(), wanted.Where(free.Contains).Take(Series.MostParts - parts.Count).ToList());
        foreach (var article in added)
            await PutAsync(article, series.Id, next++, cancel);
        return added;
    }
}
