using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Blog.Search.Data;
using Blog.Search.Engines;
using Blog.Search.Queries;
using Blog.Search.V1;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Blog.ServiceDefaults.ReadModels;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace Blog.Search.Finding;

/// <summary>blog.search.v1.Finder: checks what is asked, leaves out whom the caller does not see, and lets the engine find.</summary>
sealed class FinderService(ISearchEngine engine, SearchDbContext db, TimeProvider time) : Finder.FinderBase
{
    const int MaxQuery = 1_000, MaxSize = 50;

    public override async Task<SearchArticlesResponse> SearchArticles(SearchArticlesRequest request, ServerCallContext context)
    {
        var query = With(request, QueryParser.Parse(Checked(request.Query)));
        if (query.IsEmpty)
            throw RpcErrors.InvalidArgument(("query", "Say what to look for: a word, or a filter such as topic:rust."));
        var hidden = await HiddenAsync(context);
        var page = await AskAsync(request.PageToken, cursor => engine.SearchArticlesAsync(
            new(query, request.Sort switch { Sort.Newest => ArticleSort.Newest, Sort.Oldest => ArticleSort.Oldest, _ => ArticleSort.Relevance },
                Size(request.PageSize), cursor, hidden, time.GetUtcNow()), context.CancellationToken), Bound(request));
        return new SearchArticlesResponse
        {
            Hits = { page.Articles.Select(ToMessage) },
            NextPageToken = ToToken(page.Next, Bound(request)),
            Total = page.Total,
            DidYouMean = page.DidYouMean,
            Similar = page.Similar,
            Topics = { page.Topics.Select(ToMessage) },
            Languages = { page.Languages.Select(ToMessage) },
        };
    }

    public override async Task<SearchPeopleResponse> SearchPeople(SearchPeopleRequest request, ServerCallContext context)
    {
        var page = await NamesAsync(DocumentKind.Person, request.Query, request.PageSize, request.PageToken, request, context);
        return new() { Hits = { page.Names.Select(ToPerson) }, NextPageToken = ToToken(page.Next, Bound(request)) };
    }

    public override async Task<SearchPublicationsResponse> SearchPublications(SearchPublicationsRequest request, ServerCallContext context)
    {
        var page = await NamesAsync(DocumentKind.Publication, request.Query, request.PageSize, request.PageToken, request, context);
        return new() { Hits = { page.Names.Select(ToPublication) }, NextPageToken = ToToken(page.Next, Bound(request)) };
    }

    public override async Task<SearchTopicsResponse> SearchTopics(SearchTopicsRequest request, ServerCallContext context)
    {
        var page = await NamesAsync(DocumentKind.Topic, request.Query, request.PageSize, request.PageToken, request, context);
        return new() { Hits = { page.Names.Select(ToTopic) }, NextPageToken = ToToken(page.Next, Bound(request)) };
    }

    [Authorize(Policy = Policies.Person)]
    public override async Task<SearchMyDraftsResponse> SearchMyDrafts(SearchMyDraftsRequest request, ServerCallContext context)
    {
        var owner = context.GetHttpContext().User.PersonId()!.Value;
        var query = QueryParser.Parse(Checked(request.Query));
        if (query.Parts.All(part => part.Excluded))
            throw RpcErrors.InvalidArgument(("query", "Say what to look for."));
        var page = await AskAsync(request.PageToken, cursor => engine.SearchDraftsAsync(new(owner, query, Size(request.PageSize), cursor), context.CancellationToken), Bound(request));
        return new()
        {
            Hits = { page.Drafts.Select(draft => new DraftHit { ArticleId = draft.Id.ToString(), Title = { draft.Title.Select(ToMessage) }, Passage = { draft.Passage.Select(ToMessage) }, UpdateTime = draft.UpdateTime.ToTimestamp() }) },
            NextPageToken = ToToken(page.Next, Bound(request)),
        };
    }

    public override async Task<SuggestResponse> Suggest(SuggestRequest request, ServerCallContext context)
    {
        // Whoever types on and on does not look for suggestions any more.
        if (request.Prefix.Length > 100)
            return new();
        var hidden = await HiddenAsync(context);
        var suggestions = await AskAsync("", _ => engine.SuggestAsync(request.Prefix, hidden, context.CancellationToken), []);
        return new()
        {
            Queries = { suggestions.Queries },
            Articles = { suggestions.Articles.Select(ToMessage) },
            People = { suggestions.People.Select(ToPerson) },
            Topics = { suggestions.Topics.Select(ToTopic) },
            Publications = { suggestions.Publications.Select(ToPublication) },
        };
    }

    async Task<NamePage> NamesAsync(DocumentKind kind, string query, int size, string token, IMessage request, ServerCallContext context)
    {
        if (!Checked(query).EnumerateRunes().Any(Rune.IsLetterOrDigit))
            throw RpcErrors.InvalidArgument(("query", "Say what to look for."));
        var hidden = kind == DocumentKind.Person ? await HiddenAsync(context) : [];
        return await AskAsync(token, cursor => engine.SearchNamesAsync(kind, new(query, Size(size), cursor, hidden), context.CancellationToken), Bound(request));
    }

    /// <summary>Those whom the caller muted or blocked, and who blocked the caller; nobody for the anonymous.</summary>
    async Task<IReadOnlyCollection<Guid>> HiddenAsync(ServerCallContext context)
    {
        var user = context.GetHttpContext().User;
        return user.PersonId() is { } person && user.HasScope("blog.api") ? await db.HiddenFrom(person).ToListAsync(context.CancellationToken) : [];
    }

    static ParsedQuery With(SearchArticlesRequest request, ParsedQuery query)
    {
        if (request.AuthorId.Length > 0)
            query = query with { AuthorId = Guid.TryParse(request.AuthorId, out var author) ? author : throw RpcErrors.InvalidArgument(("author_id", "This is no id.")) };
        if (request.Language.Length > 0)
            query = query with { Language = QueryParser.Primary(request.Language) ?? throw RpcErrors.InvalidArgument(("language", "A language is written as in BCP 47: de, or pt-BR.")) };
        if (request.TopicSlugs.Count > 10)
            throw RpcErrors.InvalidArgument(("topic_slugs", "Choose at most 10 topics."));
        return query with
        {
            Topics = [.. query.Topics.Union(request.TopicSlugs.Where(slug => slug.Length > 0))],
            After = Later(query.After, request.PublishedAfter?.ToDateTimeOffset()),
            Before = Earlier(query.Before, request.PublishedBefore?.ToDateTimeOffset()),
        };

        static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;
        static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
    }

    static string Checked(string query) =>
        query.Length <= MaxQuery ? query : throw RpcErrors.InvalidArgument(("query", $"A search has at most {MaxQuery:N0} characters."));

    static int Size(int asked) => Math.Min(PageToken.Size(asked), MaxSize);

    // A token belongs to one search: the request without its place and size.
    static byte[] Bound(IMessage request)
    {
        var search = request.ToByteArray();
        var same = request.Descriptor.Parser.ParseFrom(search);
        foreach (var field in (string[])["page_token", "page_size"])
            same.Descriptor.FindFieldByName(field)?.Accessor.Clear(same);
        return SHA256.HashData(same.ToByteArray())[..8];
    }

    static string ToToken(string? cursor, byte[] bound) => cursor is null ? "" : Base64Url.EncodeToString([.. bound, .. Encoding.UTF8.GetBytes(cursor)]);

    static async Task<T> AskAsync<T>(string token, Func<string?, Task<T>> ask, byte[] bound)
    {
        string? cursor = null;
        if (token.Length > 0)
        {
            if (token.Length > 8_000 || !Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token) is not { Length: > 8 } bytes || !bytes.AsSpan(0, 8).SequenceEqual(bound))
                throw BadToken();
            cursor = Encoding.UTF8.GetString(bytes.AsSpan(8));
        }
        try
        {
            return await ask(cursor);
        }
        catch (BadCursorException)
        {
            throw BadToken();
        }
        catch (EngineAwayException)
        {
            throw RpcErrors.Create(StatusCode.Unavailable, "Search does not answer at the moment. Try again soon.", "ENGINE_AWAY");
        }

        static RpcException BadToken() => RpcErrors.InvalidArgument(("page_token", "This page token was not made by this search."));
    }

    static ArticleHit ToMessage(FoundArticle article) => new()
    {
        ArticleId = article.Id.ToString(), AuthorId = article.AuthorId.ToString(), Title = { article.Title.Select(ToMessage) }, Passage = { article.Passage.Select(ToMessage) },
    };

    static PersonHit ToPerson(FoundName person) => new() { PersonId = person.Id, Name = { person.Name.Select(ToMessage) } };
    static PublicationHit ToPublication(FoundName publication) => new() { PublicationId = publication.Id, Name = { publication.Name.Select(ToMessage) } };
    static TopicHit ToTopic(FoundName topic) => new() { Slug = topic.Id, Name = { topic.Name.Select(ToMessage) }, ArticleCount = topic.ArticleCount };
    static Piece ToMessage(TextPiece piece) => new() { Text = piece.Text, Found = piece.Found };
    static Facet ToMessage(FacetCount facet) => new() { Id = facet.Id, Count = facet.Count };
}
