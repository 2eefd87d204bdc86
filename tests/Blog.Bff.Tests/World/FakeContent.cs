using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.ServiceDefaults.Grpc;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Blog.Bff.Tests.World;

/// <summary>Content as its contract says it behaves, in memory.</summary>
sealed class FakeContent : Articles.ArticlesBase
{
    public ConcurrentDictionary<string, Article> Drafts { get; } = new();
    public ConcurrentDictionary<string, PublishedArticle> Published { get; } = new();
    public ConcurrentDictionary<string, string> Moved { get; } = new();
    public ConcurrentDictionary<string, (string AuthorId, string Slug)> MovedTo { get; } = new();
    public ConcurrentDictionary<string, bool> Gone { get; } = new();
    public List<Metadata> Calls { get; } = [];
    public volatile bool Away;
    int reads;

    /// <summary>How often an article was read for readers.</summary>
    public int Reads => reads;

    public PublishedArticle Publish(string authorId, string slug, string title = "A title", string html = "<p>Words</p>", string? id = null)
    {
        var article = new PublishedArticle
        {
            Summary = new()
            {
                Id = id ?? Guid.CreateVersion7().ToString(),
                AuthorId = authorId,
                Slug = slug,
                Title = title,
                PublishTime = Timestamp.FromDateTime(new DateTime(2026, 5, 4, 3, 2, 1, DateTimeKind.Utc)),
                ReadingMinutes = 3,
                Topics = { new Topic { Slug = "rust", Name = "Rust", ArticleCount = 1 } },
            },
            Html = html,
        };
        Published[$"{authorId}/{slug}"] = article;
        return article;
    }

    void Enter(ServerCallContext context)
    {
        lock (Calls) Calls.Add(context.RequestHeaders);
        if (Away) throw RpcErrors.Create(StatusCode.Unavailable, "The database cannot be reached.", "DATABASE_AWAY");
    }

    static string Caller(ServerCallContext context) => context.RequestHeaders.GetValue("authorization") is { } header
        ? FakeIdentity.SubjectOf(header["Bearer ".Length..])
        : throw RpcErrors.Create(StatusCode.Unauthenticated, "No token.", "UNAUTHENTICATED");

    public override Task<GetPublishedArticleResponse> GetPublishedArticle(GetPublishedArticleRequest request, ServerCallContext context)
    {
        Enter(context);
        Interlocked.Increment(ref reads);
        var key = $"{request.AuthorId}/{request.Slug}";
        if (Moved.TryGetValue(key, out var slug)) return Task.FromResult(new GetPublishedArticleResponse { MovedToSlug = slug });
        if (MovedTo.TryGetValue(key, out var place)) return Task.FromResult(new GetPublishedArticleResponse { MovedToSlug = place.Slug, MovedToAuthorId = place.AuthorId });
        if (Gone.ContainsKey(key)) throw RpcErrors.Create(StatusCode.FailedPrecondition, "It was taken back.", "GONE");
        return Published.TryGetValue(key, out var article)
            ? Task.FromResult(new GetPublishedArticleResponse { Article = article })
            : throw RpcErrors.NotFound("There is no such article.");
    }

    public override Task<ListPublishedArticlesResponse> ListPublishedArticles(ListPublishedArticlesRequest request, ServerCallContext context)
    {
        Enter(context);
        var all = Published.Values.Where(a => request.AuthorId == "" || a.Summary.AuthorId == request.AuthorId).Select(a => a.Summary);
        return Task.FromResult(new ListPublishedArticlesResponse { Articles = { all } });
    }

    public override Task<ListSyndicatedArticlesResponse> ListSyndicatedArticles(ListSyndicatedArticlesRequest request, ServerCallContext context)
    {
        Enter(context);
        return Task.FromResult(new ListSyndicatedArticlesResponse { Articles = { Published.Values.Select(a => new SyndicatedArticle { Summary = a.Summary, Html = a.Html }) } });
    }

    public override Task<ListPublicPagesResponse> ListPublicPages(ListPublicPagesRequest request, ServerCallContext context)
    {
        Enter(context);
        return Task.FromResult(new ListPublicPagesResponse
        {
            Pages = { Published.Values.Select(a => new PublicPage { Key = a.Summary.Id, AuthorId = a.Summary.AuthorId, Slug = a.Summary.Slug, ChangeTime = a.Summary.PublishTime }) },
        });
    }

    public override Task<BatchGetPublishedArticlesResponse> BatchGetPublishedArticles(BatchGetPublishedArticlesRequest request, ServerCallContext context)
    {
        Enter(context);
        return Task.FromResult(new BatchGetPublishedArticlesResponse { Articles = { Published.Values.Select(a => a.Summary).Where(a => request.Ids.Contains(a.Id)) } });
    }

    public override Task<BatchGetTopicsResponse> BatchGetTopics(BatchGetTopicsRequest request, ServerCallContext context)
    {
        Topic[] known = [new() { Slug = "rust", Name = "Rust", ArticleCount = 1 }, new() { Slug = "c-sharp", Name = "C#", ArticleCount = 2 }];
        return Task.FromResult(new BatchGetTopicsResponse { Topics = { known.Where(topic => request.Slugs.Contains(topic.Slug)) } });
    }

    public override Task<CreateArticleResponse> CreateArticle(CreateArticleRequest request, ServerCallContext context)
    {
        Enter(context);
        if (request.Content.Title.Length > 200)
            throw RpcErrors.InvalidArgument(("content.title", "A title has up to 200 characters."), ("content.cover_alt", "Describe the picture."));
        var article = new Article
        {
            Id = Guid.CreateVersion7().ToString(),
            AuthorId = Caller(context),
            Status = ArticleStatus.Draft,
            Content = request.Content,
            Revision = 1,
            CreateTime = Timestamp.FromDateTime(DateTime.UtcNow),
            UpdateTime = Timestamp.FromDateTime(DateTime.UtcNow),
        };
        Drafts[article.Id] = article;
        return Task.FromResult(new CreateArticleResponse { Article = article });
    }

    public override Task<ListMyArticlesResponse> ListMyArticles(ListMyArticlesRequest request, ServerCallContext context)
    {
        Enter(context);
        return Task.FromResult(new ListMyArticlesResponse { Articles = { Drafts.Values.Where(a => a.AuthorId == Caller(context)) } });
    }

    Article Mine(string id, ServerCallContext context) => Drafts.TryGetValue(id, out var article) && article.AuthorId == Caller(context)
        ? article
        : throw RpcErrors.NotFound("There is no such article.");

    public override Task<GetArticleResponse> GetArticle(GetArticleRequest request, ServerCallContext context)
    {
        Enter(context);
        return Task.FromResult(new GetArticleResponse { Article = Mine(request.Id, context) });
    }

    // As Content does: what does not fit into a trailer comes without its content.
    static Article InStatus(Article article)
    {
        var detail = article.Clone();
        if (detail.CalculateSize() > 4096) detail.Content = null;
        return detail;
    }

    public override Task<UpdateArticleResponse> UpdateArticle(UpdateArticleRequest request, ServerCallContext context)
    {
        Enter(context);
        var article = Mine(request.Id, context);
        if (article.Revision != request.ExpectedRevision) throw RpcErrors.StaleRevision(InStatus(article));
        if (request.Content.Markdown.Length > 5 * 1024 * 1024)
            throw RpcErrors.Create(StatusCode.ResourceExhausted, "An article has up to 5 MB of text.", "MARKDOWN_TOO_LARGE");
        article.Content = request.Content;
        article.Revision++;
        return Task.FromResult(new UpdateArticleResponse { Article = article });
    }

    public override Task<PublishArticleResponse> PublishArticle(PublishArticleRequest request, ServerCallContext context)
    {
        Enter(context);
        var article = Mine(request.Id, context);
        article.PublishedSlug = article.Content.Slug;
        article.FirstPublishTime ??= Timestamp.FromDateTime(DateTime.UtcNow);
        article.Status = ArticleStatus.Published;
        Publish(article.AuthorId, article.PublishedSlug, article.Content.Title, $"<p>{article.Content.Markdown}</p>", article.Id);
        return Task.FromResult(new PublishArticleResponse { Article = article });
    }

    public override Task<ScheduleArticleResponse> ScheduleArticle(ScheduleArticleRequest request, ServerCallContext context)
    {
        var article = Mine(request.Id, context);
        if (request.ScheduleTime.ToDateTime() < DateTime.UtcNow) throw RpcErrors.InvalidArgument(("schedule_time", "Choose a time that is still to come."));
        article.ScheduleTime = request.ScheduleTime;
        return Task.FromResult(new ScheduleArticleResponse { Article = article });
    }

    public override Task<CancelScheduleResponse> CancelSchedule(CancelScheduleRequest request, ServerCallContext context)
    {
        var article = Mine(request.Id, context);
        article.ScheduleTime = null;
        return Task.FromResult(new CancelScheduleResponse { Article = article });
    }

    public override Task<UnpublishArticleResponse> UnpublishArticle(UnpublishArticleRequest request, ServerCallContext context)
    {
        Enter(context);
        var article = Mine(request.Id, context);
        if (article.Status != ArticleStatus.Published) throw RpcErrors.Create(StatusCode.FailedPrecondition, "It is not published.", "NOT_PUBLISHED");
        article.Status = ArticleStatus.Unpublished;
        Published.TryRemove($"{article.AuthorId}/{article.PublishedSlug}", out _);
        Gone[$"{article.AuthorId}/{article.PublishedSlug}"] = true;
        return Task.FromResult(new UnpublishArticleResponse { Article = article });
    }
}

sealed class FakeMedia : Media.MediaBase
{
    public ConcurrentDictionary<string, byte[]> Stored { get; } = new();

    public override async Task<UploadMediaResponse> UploadMedia(IAsyncStreamReader<UploadMediaRequest> requestStream, ServerCallContext context)
    {
        var body = new MemoryStream();
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (part.PartCase != UploadMediaRequest.PartOneofCase.Chunk) continue;
            part.Chunk.WriteTo(body);
            if (body.Length < 5 || body.GetBuffer()[0] != (byte)'<') continue;
            throw RpcErrors.Create(StatusCode.InvalidArgument, "This is not a picture; it looks like HTML.", "UNSUPPORTED_MEDIA");
        }

        var id = Guid.CreateVersion7().ToString();
        Stored[id] = body.ToArray();
        return new() { Media = new() { Id = id, ContentType = "image/png", Width = 1, Height = 1, SizeBytes = body.Length } };
    }
}
