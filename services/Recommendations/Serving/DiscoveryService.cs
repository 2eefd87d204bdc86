using Blog.Recommendations.Ranking;
using Blog.Recommendations.Shelves;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Kind = Blog.Recommendations.V1.Reason.Types.Kind;

namespace Blog.Recommendations.Serving;

/// <summary>blog.recommendations.v1.Discovery: from memory alone, the same for everyone.</summary>
sealed class DiscoveryService(Catalogue catalogue, TimeProvider time) : V1.Discovery.DiscoveryBase
{
    const int MostOfAuthor = 3, Looked = 40;

    /// <summary>What a related article's being read by the same people, of the same author, of the same topic weighs, against its words.</summary>
    const double ByReaders = 1.2, ByAuthor = 0.12, ByTopic = 0.1, ByPopularity = 0.05;

    /// <summary>An article trends when at least so many people's worth read it lately: one enthusiast is no trend.</summary>
    const int FewestReaders = 3;

    /// <summary>Of one topic each further author counts for so much of themselves, so that a list of people is not of one topic.</summary>
    const double SameTopic = 0.7;

    public override async Task<V1.ListRelatedResponse> ListRelated(V1.ListRelatedRequest request, ServerCallContext context)
    {
        var size = PageToken.Size(request.PageSize);
        await catalogue.LoadedAsync(context.CancellationToken);
        if (!Guid.TryParseExact(request.ArticleId, "D", out var id) || catalogue.Find(id) is not { } article)
            return new V1.ListRelatedResponse();
        var library = catalogue.Library;
        var now = time.GetUtcNow().UtcDateTime;
        var found = new Dictionary<int, (double Score, double Most, Recommendation Recommendation)>();
        foreach (var (number, score) in article.Similar.Numbers.Zip(article.Similar.Scores))
            Add(catalogue.Find(number), score, new(Kind.Read, request.ArticleId));
        foreach (var (number, score) in article.CoRead.Numbers.Zip(article.CoRead.Scores))
            Add(catalogue.Find(number), ByReaders * score, new(Kind.ReadersLikeYou, request.ArticleId));
        if (library.ByAuthor.TryGetValue(article.Author, out var own))
            foreach (var other in own.Take(Looked))
                Add(catalogue.Find(other.Number), ByAuthor, new(Kind.SameAuthor, article.Author.ToString()));
        foreach (var topic in article.Topics)
            if (library.ByTopic.TryGetValue(topic, out var shelf))
                foreach (var other in shelf.Popular.Take(Looked).Union(shelf.Newest.Take(Looked)))
                    Add(catalogue.Find(other.Number), ByTopic, new(Kind.SameTopic, topic));

        var perAuthor = new Dictionary<Guid, int>();
        return new V1.ListRelatedResponse
        {
            Articles =
            {
                found.Values.OrderByDescending(f => f.Score + ByPopularity * Popularity(f.Recommendation.Article)).ThenBy(f => f.Recommendation.Article.Number).Select(f => f.Recommendation)
                    .Where(r => (perAuthor[r.Article.Author] = perAuthor.GetValueOrDefault(r.Article.Author) + 1) <= MostOfAuthor).Take(size).Select(Messages.ToMessage),
            },
        };

        void Add(ArticleFacts? other, double score, Reason reason)
        {
            if (other is null || other.Number == article.Number)
                return;
            var known = found.GetValueOrDefault(other.Number);
            found[other.Number] = score > known.Most ? (known.Score + score, score, new(other, reason)) : known with { Score = known.Score + score };
        }

        double Popularity(ArticleFacts other) => other.Readers == 0 ? 0 : Library.PopularAt(other, now) is var audience ? audience / (audience + library.PopularPivot) : 0;
    }

    public override async Task<V1.ListTrendingResponse> ListTrending(V1.ListTrendingRequest request, ServerCallContext context)
    {
        var size = PageToken.Size(request.PageSize);
        var from = PositionToken.Read(request.PageToken);
        await catalogue.LoadedAsync(context.CancellationToken);
        var library = catalogue.Library;
        IEnumerable<ArticleFacts> shelf = request.Topic.Length == 0 ? library.Trending : library.ByTopic.TryGetValue(request.Topic, out var topic) ? topic.Popular : [];
        // The trend of an article does not change as time passes, so a position in the order stays one.
        var rest = shelf.Select(shelved => catalogue.Find(shelved.Number)).OfType<ArticleFacts>().Where(article => article.Readers >= FewestReaders)
            .OrderByDescending(article => article.Trend).ThenBy(article => article.Number)
            .Where(article => from is not { } below || article.Trend < below.Trend || article.Trend == below.Trend && article.Number > below.Number).Take(size + 1).ToArray();
        var page = rest.Take(size).ToArray();
        return new V1.ListTrendingResponse
        {
            Articles = { page.Select(article => Messages.ToMessage(new Recommendation(article, request.Topic.Length == 0 ? new(Kind.Popular) : new(Kind.PopularInTopic, request.Topic)))) },
            NextPageToken = rest.Length > size ? new PositionToken(page[^1].Trend, page[^1].Number).ToString() : "",
        };
    }

    public override async Task<V1.ListPopularPeopleResponse> ListPopularPeople(V1.ListPopularPeopleRequest request, ServerCallContext context)
    {
        var size = PageToken.Size(request.PageSize);
        await catalogue.LoadedAsync(context.CancellationToken);
        var perTopic = new Dictionary<string, int>(StringComparer.Ordinal);
        return new V1.ListPopularPeopleResponse
        {
            People =
            {
                catalogue.Library.Authors.Select(author =>
                    {
                        var before = perTopic.GetValueOrDefault(author.Topic ?? "");
                        perTopic[author.Topic ?? ""] = before + 1;
                        return (Author: author, Worth: author.Audience * Math.Pow(SameTopic, before));
                    })
                    .OrderByDescending(a => a.Worth).ThenBy(a => a.Author.Id).Take(size)
                    .Select(a => new V1.SuggestedPerson { PersonId = a.Author.Id.ToString(), Reason = Messages.ToMessage(ForYouService.Popular(a.Author.Topic)) }),
            },
        };
    }

    public override async Task<V1.ListPopularTopicsResponse> ListPopularTopics(V1.ListPopularTopicsRequest request, ServerCallContext context)
    {
        var size = PageToken.Size(request.PageSize);
        await catalogue.LoadedAsync(context.CancellationToken);
        return new V1.ListPopularTopicsResponse
        {
            Topics = { catalogue.Library.Topics.Take(size).Select(topic => new V1.SuggestedTopic { Topic = topic.Key, Reason = Messages.ToMessage(new Reason(Kind.Popular)) }) },
        };
    }
}

/// <summary>A place in the order of trends.</summary>
readonly record struct PositionToken(double Trend, int Number)
{
    public static PositionToken? Read(string token)
    {
        if (token.Length == 0)
            return null;
        Span<byte> bytes = stackalloc byte[12];
        return token.Length == 16 && System.Buffers.Text.Base64Url.IsValid(token) && System.Buffers.Text.Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == 12
            ? new(BitConverter.ToDouble(bytes), BitConverter.ToInt32(bytes[8..]))
            : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
    }

    public override string ToString() => System.Buffers.Text.Base64Url.EncodeToString([.. BitConverter.GetBytes(Trend), .. BitConverter.GetBytes(Number)]);
}
