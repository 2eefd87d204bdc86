using System.Collections.Concurrent;
using Blog.Search.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Search as its contract says it behaves, in memory: an article is found by a part of its title.</summary>
sealed class FakeSearch : Finder.FinderBase
{
    public ConcurrentDictionary<string, (string AuthorId, string Title)> Articles { get; } = new();
    public ConcurrentDictionary<string, string> People { get; } = new();
    /// <summary>Whom a person does not see, by the person.</summary>
    public ConcurrentDictionary<string, string> Hidden { get; } = new();
    public ConcurrentQueue<SearchArticlesRequest> Requests { get; } = new();
    public volatile bool Away;
    public volatile bool Slow;

    static string? Caller(ServerCallContext context) =>
        context.RequestHeaders.GetValue("authorization") is { } header ? FakeIdentity.SubjectOf(header["Bearer ".Length..]) : null;

    async Task EnterAsync(string query, ServerCallContext context)
    {
        if (Away) throw RpcErrors.Create(StatusCode.Unavailable, "The engine does not answer.", "ENGINE_AWAY");
        if (Slow) await Task.Delay(Timeout.Infinite, context.CancellationToken);
        if (query.Length > 1000) throw RpcErrors.InvalidArgument(("query", "A search has up to 1,000 characters."));
    }

    bool Sees(ServerCallContext context, string author) => Caller(context) is not { } me || Hidden.GetValueOrDefault(me) != author;

    static IEnumerable<Piece> Marked(string text, string query)
    {
        var at = text.IndexOf(query, StringComparison.OrdinalIgnoreCase);
        if (query.Length == 0 || at < 0) return [new() { Text = text }];
        Piece[] pieces = [new() { Text = text[..at] }, new() { Text = text.Substring(at, query.Length), Found = true }, new() { Text = text[(at + query.Length)..] }];
        return pieces.Where(piece => piece.Text.Length > 0);
    }

    IEnumerable<ArticleHit> Hits(string query, ServerCallContext context) =>
        from article in Articles
        where article.Value.Title.Contains(query, StringComparison.OrdinalIgnoreCase) && Sees(context, article.Value.AuthorId)
        orderby article.Value.Title
        select new ArticleHit { ArticleId = article.Key, AuthorId = article.Value.AuthorId, Title = { Marked(article.Value.Title, query) }, Passage = { new Piece { Text = "A passage." } } };

    public override async Task<SearchArticlesResponse> SearchArticles(SearchArticlesRequest request, ServerCallContext context)
    {
        Requests.Enqueue(request);
        await EnterAsync(request.Query, context);
        if (request.PageToken.Contains('?')) throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this search."));
        var all = Hits(request.Query, context).ToList();
        var rest = request.PageToken.Length == 0 ? all : [.. all.SkipWhile(hit => hit.ArticleId != request.PageToken).Skip(1)];
        var size = request.PageSize is 0 ? 20 : request.PageSize;
        return new()
        {
            Hits = { rest.Take(size) },
            NextPageToken = rest.Count > size ? rest[size - 1].ArticleId : "",
            Total = all.Count,
            DidYouMean = all.Count == 0 ? "tidal" : "",
            Topics = { new Facet { Id = "rust", Count = all.Count }, new Facet { Id = "unheard-of", Count = 1 } },
            Languages = { new Facet { Id = "de", Count = 1 } },
        };
    }

    public override async Task<SearchPeopleResponse> SearchPeople(SearchPeopleRequest request, ServerCallContext context)
    {
        await EnterAsync(request.Query, context);
        return new() { Hits = { Found(request.Query, context) } };
    }

    IEnumerable<PersonHit> Found(string query, ServerCallContext context) =>
        from person in People
        where person.Value.Contains(query, StringComparison.OrdinalIgnoreCase) && Sees(context, person.Key)
        select new PersonHit { PersonId = person.Key, Name = { Marked(person.Value, query) } };

    public override async Task<SearchPublicationsResponse> SearchPublications(SearchPublicationsRequest request, ServerCallContext context)
    {
        await EnterAsync(request.Query, context);
        return new() { Hits = { new PublicationHit { PublicationId = "p-1", Name = { Marked("The Tide Table", request.Query) } } } };
    }

    public override async Task<SearchTopicsResponse> SearchTopics(SearchTopicsRequest request, ServerCallContext context)
    {
        await EnterAsync(request.Query, context);
        return new() { Hits = { new TopicHit { Slug = "rust", Name = { Marked("Rust", request.Query) }, ArticleCount = 7 } } };
    }

    public override async Task<SearchMyDraftsResponse> SearchMyDrafts(SearchMyDraftsRequest request, ServerCallContext context)
    {
        await EnterAsync(request.Query, context);
        var me = Caller(context) ?? throw RpcErrors.Create(StatusCode.Unauthenticated, "No token.", "UNAUTHENTICATED");
        return new() { Hits = { new DraftHit { ArticleId = "d-1", Title = { Marked($"A draft of {me}", request.Query) }, UpdateTime = Timestamp.FromDateTime(new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc)) } } };
    }

    public override async Task<SuggestResponse> Suggest(SuggestRequest request, ServerCallContext context)
    {
        await EnterAsync(request.Prefix, context);
        return new()
        {
            Queries = { $"{request.Prefix} tables" },
            Articles = { Hits(request.Prefix, context).Take(3) },
            People = { Found(request.Prefix, context).Take(3) },
            Topics = { new TopicHit { Slug = "rust", Name = { Marked("Rust", request.Prefix) }, ArticleCount = 7 } },
        };
    }
}
