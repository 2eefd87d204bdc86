using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Series as their contract says they behave, in memory.</summary>
sealed class FakeSeries : ArticleSeries.ArticleSeriesBase
{
    public Dictionary<string, Series> All { get; } = [];

    /// <summary>Where a former slug leads.</summary>
    public Dictionary<string, string> Former { get; } = [];

    public override Task<GetPublishedSeriesResponse> GetPublishedSeries(GetPublishedSeriesRequest request, ServerCallContext context) =>
        Former.TryGetValue(request.Slug, out var present) ? Task.FromResult(new GetPublishedSeriesResponse { MovedToSlug = present })
        : All.Values.FirstOrDefault(series => series.OwnerId == request.OwnerId && series.Slug == request.Slug) is { } found ? Task.FromResult(new GetPublishedSeriesResponse { Series = found })
        : throw RpcErrors.NotFound("There is no such series.");

    public override Task<UpdateSeriesResponse> UpdateSeries(UpdateSeriesRequest request, ServerCallContext context)
    {
        var series = All[request.Id];
        series.Title = request.Title;
        return Task.FromResult(new UpdateSeriesResponse { Series = series });
    }
}
