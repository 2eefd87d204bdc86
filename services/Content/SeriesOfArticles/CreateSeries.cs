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
    public override Task<V1.CreateSeriesResponse> CreateSeries(V1.CreateSeriesRequest request, ServerCallContext context)
    {
        var (me, cancel, now, title) = (Me(context), context.CancellationToken, articles.Now(), ArticleContent.Line(request.Title));
        if (Series.Problems(title, "").ToArray() is { Length: > 0 } problems)
            throw RpcErrors.InvalidArgument(problems);
        return db.InTransactionAsync(async () =>
        {
            if (await db.Series.CountAsync(s => s.OwnerId == me, cancel) >= Series.MostOfOne)
                throw RpcErrors.Create(StatusCode.FailedPrecondition, $"Nobody has more than {Series.MostOfOne} series.", "TOO_MANY_SERIES");
            var id = Guid.CreateVersion7(now);
            var series = new Series { OwnerId = me, Id = id, Slug = await TakeSlugAsync(me, id, title, cancel), Title = title, CreateTime = now, UpdateTime = now };
            db.Add(series);
            return new V1.CreateSeriesResponse { Series = series.ToMessage([]) };
        }, cancel);
    }
}
