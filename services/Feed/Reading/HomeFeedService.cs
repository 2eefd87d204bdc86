using Blog.Feed.Sources;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;

namespace Blog.Feed.Reading;

/// <summary>blog.feed.v1.HomeFeed.</summary>
[Authorize(Policy = Policies.Person)]
sealed class HomeFeedService(FeedReader feeds) : V1.HomeFeed.HomeFeedBase
{
    const int MostNews = 50;

    static Guid Person(ServerCallContext context) => context.GetHttpContext().User.PersonId()!.Value;

    public override async Task<V1.ListFeedResponse> ListFeed(V1.ListFeedRequest request, ServerCallContext context)
    {
        var (person, cancel) = (Person(context), context.CancellationToken);
        var size = PageToken.Size(request.PageSize);
        var from = PageToken.Read(request.PageToken) is { } token ? Below(token) : Position.Top;
        var page = await feeds.ReadAsync(person, from, size, cancel);
        return new V1.ListFeedResponse
        {
            Entries = { page.Articles.Select(ToMessage) },
            NextPageToken = page.IsLast ? "" : ToToken(page.Articles[^1].Position),
            NewsToken = page.Articles.Count > 0 ? ToToken(page.Articles[0].Position) : new PageToken(DateTimeOffset.UnixEpoch, Guid.Empty).ToString(),
            FollowsNothing = page.Articles.Count == 0 && await feeds.FollowsNothingAsync(person, cancel),
        };
    }

    public override async Task<V1.GetFeedNewsResponse> GetFeedNews(V1.GetFeedNewsRequest request, ServerCallContext context)
    {
        if (!PageToken.TryRead(request.Since, out var since))
            throw RpcErrors.InvalidArgument(("since", "Say since which page: the news_token that came with it."));
        var newest = await feeds.ReadAsync(Person(context), Position.Top, MostNews, context.CancellationToken);
        return new V1.GetFeedNewsResponse { Count = newest.Articles.TakeWhile(article => article.Position > Below(since)).Count() };
    }

    static Position Below(PageToken token) => new(token.Time.UtcDateTime, token.Id);

    static string ToToken(Position position) => new PageToken(position.Time, position.Id).ToString();

    static V1.FeedEntry ToMessage(FeedArticle article) => new()
    {
        ArticleId = article.Position.Id.ToString(),
        AuthorId = article.AuthorId.ToString(),
        PublishTime = Timestamp.FromDateTime(article.Position.Time),
        Reasons =
        {
            article.Reasons.Select(reason => new V1.FeedReason
            {
                Kind = (V1.FeedReason.Types.Kind)reason.Kind,
                Id = reason.Kind == SourceKind.Topic ? reason.Name : reason.SourceId.ToString(),
            }),
        },
    };
}
