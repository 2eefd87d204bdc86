using System.Collections.Concurrent;
using Blog.Feed.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>The home feed as its contract says it behaves, in memory.</summary>
sealed class FakeFeed : HomeFeed.HomeFeedBase
{
    public ConcurrentDictionary<string, List<FeedEntry>> Feeds { get; } = new();

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public override Task<ListFeedResponse> ListFeed(ListFeedRequest request, ServerCallContext context)
    {
        if (request.PageToken.Contains('?')) throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var all = Feeds.GetValueOrDefault(Caller(context)) ?? [];
        var rest = request.PageToken.Length == 0 ? all : [.. all.SkipWhile(e => e.ArticleId != request.PageToken).Skip(1)];
        var size = request.PageSize is 0 ? 20 : request.PageSize;
        return Task.FromResult(new ListFeedResponse
        {
            Entries = { rest.Take(size) },
            NextPageToken = rest.Count > size ? rest[size - 1].ArticleId : "",
            NewsToken = rest.FirstOrDefault()?.ArticleId ?? "none",
            FollowsNothing = all.Count == 0,
        });
    }

    public override Task<GetFeedNewsResponse> GetFeedNews(GetFeedNewsRequest request, ServerCallContext context) => request.Since.Length == 0
        ? throw RpcErrors.InvalidArgument(("since", "Say since which page: the news_token that came with it."))
        : Task.FromResult(new GetFeedNewsResponse { Count = (Feeds.GetValueOrDefault(Caller(context)) ?? []).TakeWhile(e => e.ArticleId != request.Since).Count() });
}
