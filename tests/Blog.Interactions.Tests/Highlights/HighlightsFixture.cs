using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Interactions.Data;
using Blog.Interactions.Highlights;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Blog.Interactions.Tests.Highlights;

/// <summary>The Interactions service with a broker, beside a Content whose texts a test publishes.</summary>
public sealed class HighlightsFixture(PostgresFixture postgres) : IAsyncLifetime
{
    // Its own: services of one group share the events of a broker.
    readonly BrokerFixture broker = new();
    readonly PublishedTexts content = new();
    WebApplication? contentServer;
    ServiceHost<Program>? host;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host => host!;
    public PublishedTexts Content => content;

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        await broker.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(content);
        builder.Services.AddGrpc();
        contentServer = builder.Build();
        contentServer.MapGrpcService<PublishedTexts>();
        await contentServer.StartAsync();
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:interactions"] = await postgres.CreateDatabaseAsync(),
            ["ConnectionStrings:broker"] = broker.BootstrapServers,
            ["services:content:grpc:0"] = contentServer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
        }, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock))).Start();
    }

    public V1.Highlights.HighlightsClient As(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Highlights.HighlightsClient Anonymous => new(Host.CallInvoker());

    /// <summary>An article that readers have, of which this service knows.</summary>
    public async Task<Article> ArticleAsync(string html, string title = "The tide")
    {
        var article = new Article(Guid.CreateVersion7(), Guid.CreateVersion7());
        await PublishAsync(article, html, title);
        await UntilAsync(db => db.Set<Interactions.Articles.KnownArticle>().AnyAsync(a => a.ArticleId == article.Id));
        return article;
    }

    /// <summary>Another text: Content has it at once, the event is on its way.</summary>
    public Task PublishAsync(Article article, string html, string title = "The tide")
    {
        content.Texts[article.Id.ToString()] = new() { Id = article.Id.ToString(), AuthorId = article.AuthorId.ToString(), Title = title, Html = html, Revision = ++article.Revision };
        return SendAsync(article, ArticleChanged.Types.Change.Updated);
    }

    public Task UnpublishAsync(Article article, ArticleChanged.Types.Change change = ArticleChanged.Types.Change.Unpublished)
    {
        content.Texts.TryRemove(article.Id.ToString(), out _);
        article.Revision++;
        return SendAsync(article, change);
    }

    async Task SendAsync(Article article, ArticleChanged.Types.Change change)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InteractionsDbContext>();
        db.Publish(Topics.Articles, article.Id, new ArticleChanged { ArticleId = article.Id.ToString(), AuthorId = article.AuthorId.ToString(), Change = change, Revision = article.Revision }, Clock);
        await db.SaveChangesAsync();
    }

    public async Task<T> ReadAsync<T>(Func<DbContext, Task<T>> question)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<InteractionsDbContext>());
    }

    public async Task UntilAsync(Func<DbContext, Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await ReadAsync(condition))
            await Task.Delay(20, deadline.Token);
    }

    /// <summary>The highlights of the article point into its newest text.</summary>
    public Task FollowedAsync(Article article) => UntilAsync(db => db.Set<HighlightedText>().AnyAsync(t => t.ArticleId == article.Id && t.Revision == article.Revision));

    /// <summary>What was told of an article on a topic, oldest first.</summary>
    public Task<List<byte[]>> ToldAsync(string topic, Article article) =>
        ReadAsync(db => db.Set<OutboxMessage>().Where(m => m.Topic == topic && m.Key == article.Id.ToString()).OrderBy(m => m.Position).Select(m => m.Payload).ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await contentServer!.DisposeAsync();
        await broker.DisposeAsync();
        await Issuer.DisposeAsync();
    }

    /// <summary>Content, as far as texts go.</summary>
    public sealed class PublishedTexts : Blog.Content.V1.Articles.ArticlesBase
    {
        int asked;

        public ConcurrentDictionary<string, GetPublishedTextResponse> Texts { get; } = new();
        public bool Away { get; set; }

        /// <summary>How often a text was asked for.</summary>
        public int Asked => asked;

        public override Task<GetPublishedTextResponse> GetPublishedText(GetPublishedTextRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref asked);
            if (Away)
                throw RpcErrors.Create(StatusCode.Internal, "Away.", "AWAY");
            return Texts.TryGetValue(request.Id, out var text) ? Task.FromResult(text) : throw RpcErrors.NotFound("There is no such article for readers.");
        }
    }
}

public sealed record Article(Guid Id, Guid AuthorId)
{
    public long Revision { get; set; }
}
