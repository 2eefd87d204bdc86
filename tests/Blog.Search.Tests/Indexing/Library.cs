using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.Testing;
using Blog.Users.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Search.Tests.Indexing;

/// <summary>Content and Users as far as Search asks them, in memory behind real gRPC. Both can be away.</summary>
public sealed class Library : IAsyncDisposable
{
    FakeServer? server;

    public ConcurrentDictionary<string, PublishedText> Published { get; } = new();
    public ConcurrentDictionary<string, DraftText> Drafts { get; } = new();
    public ConcurrentDictionary<string, Profile> People { get; } = new();
    public ConcurrentDictionary<string, Publication> Magazines { get; } = new();
    public ConcurrentDictionary<string, long> Followers { get; } = new();

    public bool IsAway { get; set; }

    /// <summary>How often each article's text was fetched.</summary>
    public ConcurrentDictionary<string, int> Fetched { get; } = new();

    public string Address => server!.Grpc;

    public async Task StartAsync() => server = await FakeServer.StartAsync(services =>
    {
        services.AddGrpc();
        services.AddSingleton(this);
    }, app =>
    {
        app.MapGrpcService<TextsOf>();
        app.MapGrpcService<ArticlesOf>();
        app.MapGrpcService<PublicationsOf>();
        app.MapGrpcService<UsersOf>();
        app.MapGrpcService<RelationsOf>();
    });

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    void MustBeThere()
    {
        if (IsAway)
            throw new RpcException(new Status(StatusCode.Unavailable, "away"));
    }

    static (List<T> Page, string Next) Page<T>(IEnumerable<(string Key, T Item)> all, int size, string token)
    {
        var rest = all.Where(entry => string.CompareOrdinal(entry.Key, token) > 0).OrderBy(entry => entry.Key, StringComparer.Ordinal).Take(size + 1).ToList();
        return ([.. rest.Take(size).Select(entry => entry.Item)], rest.Count > size ? rest[size - 1].Key : "");
    }

    sealed class TextsOf(Library library) : Texts.TextsBase
    {
        public override Task<ListArticleKeysResponse> ListArticleKeys(ListArticleKeysRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            var keys = library.Published.Values.Select(text => (text.Id, text.AuthorId)).Concat(library.Drafts.Values.Select(draft => (draft.Id, draft.AuthorId))).Distinct()
                .Select(key => (key.Id, new ArticleKey { ArticleId = key.Id, AuthorId = key.AuthorId, Published = library.Published.ContainsKey(key.Id), Draft = library.Drafts.ContainsKey(key.Id) }));
            var (page, next) = Page(keys, request.PageSize, request.PageToken);
            return Task.FromResult(new ListArticleKeysResponse { Keys = { page }, NextPageToken = next });
        }

        public override Task<BatchGetPublishedTextsResponse> BatchGetPublishedTexts(BatchGetPublishedTextsRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            foreach (var id in request.Ids)
                library.Fetched.AddOrUpdate(id, 1, (_, count) => count + 1);
            var found = request.Ids.Select(id => library.Published.GetValueOrDefault(id)).OfType<PublishedText>().ToArray();
            // As Content does when an answer would grow too large.
            var fits = found.TakeWhile((_, at) => at == 0 || found.Take(at + 1).Sum(text => text.Text.Length) < 100_000).ToArray();
            return Task.FromResult(new BatchGetPublishedTextsResponse { Texts = { fits }, DeferredIds = { fits.Length < found.Length ? request.Ids.Except(fits.Select(text => text.Id)) : [] } });
        }

        public override Task<BatchGetDraftTextsResponse> BatchGetDraftTexts(BatchGetDraftTextsRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            return Task.FromResult(new BatchGetDraftTextsResponse { Texts = { request.Keys.Select(key => library.Drafts.GetValueOrDefault(key.ArticleId)).OfType<DraftText>() } });
        }
    }

    sealed class ArticlesOf(Library library) : Articles.ArticlesBase
    {
        public override Task<BatchGetTopicsResponse> BatchGetTopics(BatchGetTopicsRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            var counts = library.Published.Values.SelectMany(text => text.Topics).GroupBy(topic => topic.Slug).ToDictionary(topic => topic.Key, topic => (topic.First().Name, Count: topic.Count()));
            return Task.FromResult(new BatchGetTopicsResponse
            {
                Topics = { request.Slugs.Where(counts.ContainsKey).Select(slug => new Topic { Slug = slug, Name = counts[slug].Name, ArticleCount = counts[slug].Count }) },
            });
        }
    }

    sealed class PublicationsOf(Library library) : Publications.PublicationsBase
    {
        public override Task<BatchGetPublicationsResponse> BatchGetPublications(BatchGetPublicationsRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            return Task.FromResult(new BatchGetPublicationsResponse { Publications = { request.Ids.Select(id => library.Magazines.GetValueOrDefault(id)).OfType<Publication>() } });
        }

        public override Task<ListPublicationsResponse> ListPublications(ListPublicationsRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            var (page, next) = Page(library.Magazines.Values.Select(publication => (publication.Id, publication)), request.PageSize, request.PageToken);
            return Task.FromResult(new ListPublicationsResponse { Publications = { page }, NextPageToken = next });
        }
    }

    sealed class UsersOf(Library library) : Users.V1.Users.UsersBase
    {
        public override Task<BatchGetProfilesResponse> BatchGetProfiles(BatchGetProfilesRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            return Task.FromResult(new BatchGetProfilesResponse { Profiles = { request.Ids.Select(id => library.People.GetValueOrDefault(id)).OfType<Profile>() } });
        }

        public override Task<ListProfilesResponse> ListProfiles(ListProfilesRequest request, ServerCallContext context)
        {
            library.MustBeThere();
            var (page, next) = Page(library.People.Values.Select(person => (person.Id, person)), request.PageSize, request.PageToken);
            return Task.FromResult(new ListProfilesResponse { Profiles = { page }, NextPageToken = next });
        }
    }

    sealed class RelationsOf(Library library) : Relations.RelationsBase
    {
        public override Task<BatchGetFollowCountsResponse> BatchGetFollowCounts(BatchGetFollowCountsRequest request, ServerCallContext context) => Task.FromResult(new BatchGetFollowCountsResponse
        {
            Counts = { request.Targets.Select(target => new FollowCounts { Target = target, Followers = library.Followers.GetValueOrDefault(target.Id) }) },
        });
    }
}
