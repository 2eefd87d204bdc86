using System.Collections.Concurrent;
using Blog.Recommendations.V1;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using ReasonKind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Bff.Tests.World;

/// <summary>What a person may like, as the contract says it behaves, in memory.</summary>
sealed class FakeForYou : ForYou.ForYouBase
{
    public ConcurrentDictionary<string, List<RecommendedArticle>> Lists { get; } = new();
    public ConcurrentDictionary<string, List<SuggestedPerson>> People { get; } = new();
    public ConcurrentDictionary<(string Person, TurnedDown.Types.Kind Kind, string Subject), bool> TurnedDown { get; } = new();

    static string Caller(ServerCallContext context) => FakeIdentity.SubjectOf(context.RequestHeaders.GetValue("authorization")!["Bearer ".Length..]);

    public static Reason Because(ReasonKind kind, string subject = "", int count = 0) => new() { Kind = kind, SubjectId = subject, Count = count };

    public override Task<ListForYouResponse> ListForYou(ListForYouRequest request, ServerCallContext context)
    {
        if (request.PageToken.Contains('?')) throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var me = Caller(context);
        bool Wanted(RecommendedArticle each) =>
            !TurnedDown.ContainsKey((me, Recommendations.V1.TurnedDown.Types.Kind.Article, each.ArticleId)) && !TurnedDown.ContainsKey((me, Recommendations.V1.TurnedDown.Types.Kind.Person, each.AuthorId));
        var all = Lists.GetValueOrDefault(me) ?? [];
        var rest = request.PageToken.Length == 0 ? all : [.. all.SkipWhile(each => each.ArticleId != request.PageToken).Skip(1)];
        var wanted = rest.Where(Wanted).ToList();
        var size = request.PageSize is 0 ? 20 : request.PageSize;
        return Task.FromResult(new ListForYouResponse { Articles = { wanted.Take(size) }, NextPageToken = wanted.Count > size ? wanted[size - 1].ArticleId : "", Cold = all.Count == 0 });
    }

    public override Task<TurnDownResponse> TurnDown(TurnDownRequest request, ServerCallContext context)
    {
        if (request.SubjectId == "unknown") throw RpcErrors.NotFound("There is no such article.");
        TurnedDown[(Caller(context), request.Kind, request.SubjectId)] = true;
        return Task.FromResult(new TurnDownResponse());
    }

    public override Task<UndoTurnDownResponse> UndoTurnDown(UndoTurnDownRequest request, ServerCallContext context)
    {
        TurnedDown.TryRemove((Caller(context), request.Kind, request.SubjectId), out _);
        return Task.FromResult(new UndoTurnDownResponse());
    }

    public override Task<ListTurnDownsResponse> ListTurnDowns(ListTurnDownsRequest request, ServerCallContext context)
    {
        if (request.PageToken.Contains('?')) throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
        var mine = TurnedDown.Keys.Where(each => each.Person == Caller(context)).OrderBy(each => each.Kind).ThenBy(each => each.Subject).ToList();
        var rest = mine.SkipWhile(each => request.PageToken.Length > 0 && each.Subject != request.PageToken).Skip(request.PageToken.Length > 0 ? 1 : 0).ToList();
        var size = request.PageSize is 0 ? 20 : request.PageSize;
        return Task.FromResult(new ListTurnDownsResponse
        {
            TurnedDown = { rest.Take(size).Select(each => new TurnedDown { Kind = each.Kind, SubjectId = each.Subject, Time = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(DateTime.UtcNow) }) },
            NextPageToken = rest.Count > size ? rest[size - 1].Subject : "",
        });
    }

    public override Task<SuggestPeopleResponse> SuggestPeople(SuggestPeopleRequest request, ServerCallContext context) =>
        Task.FromResult(new SuggestPeopleResponse { People = { People.GetValueOrDefault(Caller(context)) ?? [] } });

    public override Task<SuggestTopicsResponse> SuggestTopics(SuggestTopicsRequest request, ServerCallContext context) =>
        Task.FromResult(new SuggestTopicsResponse { Topics = { new SuggestedTopic { Topic = "c-sharp", Reason = Because(ReasonKind.Popular) } } });

    /// <summary>Topics that occur in the text by their slugs, and one that has no story any more.</summary>
    public override Task<SuggestTopicsForTextResponse> SuggestTopicsForText(SuggestTopicsForTextRequest request, ServerCallContext context) =>
        Task.FromResult(new SuggestTopicsForTextResponse { Topics = { new[] { "gone", "c-sharp", "rust" }.Where(topic => topic == "gone" || request.Markdown.Contains(topic, StringComparison.Ordinal)) } });
}

/// <summary>What is recommended to everyone, in memory.</summary>
sealed class FakeDiscovery : Discovery.DiscoveryBase
{
    public ConcurrentDictionary<string, List<RecommendedArticle>> Related { get; } = new();
    public List<RecommendedArticle> Trending { get; } = [];
    public List<SuggestedPerson> People { get; } = [];
    public volatile bool Away;

    void Enter()
    {
        if (Away) throw RpcErrors.Create(StatusCode.Unavailable, "The database cannot be reached.", "DATABASE_AWAY");
    }

    public override Task<ListRelatedResponse> ListRelated(ListRelatedRequest request, ServerCallContext context)
    {
        Enter();
        return Task.FromResult(new ListRelatedResponse { Articles = { Related.GetValueOrDefault(request.ArticleId) ?? [] } });
    }

    public override Task<ListTrendingResponse> ListTrending(ListTrendingRequest request, ServerCallContext context)
    {
        Enter();
        return Task.FromResult(new ListTrendingResponse { Articles = { Trending } });
    }

    public override Task<ListPopularPeopleResponse> ListPopularPeople(ListPopularPeopleRequest request, ServerCallContext context)
    {
        Enter();
        return Task.FromResult(new ListPopularPeopleResponse { People = { People } });
    }

    public override Task<ListPopularTopicsResponse> ListPopularTopics(ListPopularTopicsRequest request, ServerCallContext context)
    {
        Enter();
        return Task.FromResult(new ListPopularTopicsResponse { Topics = { new SuggestedTopic { Topic = "rust", Reason = FakeForYou.Because(ReasonKind.Popular) }, new SuggestedTopic { Topic = "gone", Reason = FakeForYou.Because(ReasonKind.Popular) } } });
    }
}

/// <summary>The flags as an operator set them, in memory.</summary>
sealed class FakeFlags : Flags.V1.Flags.FlagsBase
{
    public ConcurrentDictionary<string, Flags.V1.Flag> Set { get; } = new();
    public volatile bool Away;

    int asked;
    public int Asked => Volatile.Read(ref asked);

    public override Task<Flags.V1.ListFlagsResponse> ListFlags(Flags.V1.ListFlagsRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref asked);
        return Away ? throw RpcErrors.Create(StatusCode.Unavailable, "The database cannot be reached.", "DATABASE_AWAY") : Task.FromResult(new Flags.V1.ListFlagsResponse { Flags = { Set.Values } });
    }
}
