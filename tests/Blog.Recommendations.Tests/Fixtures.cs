using System.Collections.Concurrent;
using System.Text;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Recommendations.V1;
using Blog.ServiceDefaults.Events;
using Blog.ServiceDefaults.Grpc;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

[assembly: AssemblyFixture(typeof(Blog.Recommendations.Tests.RecommendationsFixture))]

namespace Blog.Recommendations.Tests;

/// <summary>The Recommendations service over a PostgreSQL and a broker of its own, told of everything by events as in production, with a Content that can be asked for texts.</summary>
public sealed class RecommendationsFixture : IAsyncLifetime
{
    readonly PostgresFixture postgres = new();
    readonly BrokerFixture broker = new();
    readonly Texts texts = new();
    WebApplication? content;
    ServiceHost<Program>? host;
    IProducer<string, byte[]>? producer;
    NpgsqlDataSource? database;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host => host!;
    public Discovery.DiscoveryClient Public => new(Host.CallInvoker());

    /// <summary>Content does not answer while this is set.</summary>
    public bool ContentIsAway { get => texts.Away; set => texts.Away = value; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(texts);
        builder.Services.AddGrpc();
        content = builder.Build();
        content.MapGrpcService<Texts>();
        await Task.WhenAll(content.StartAsync(), Issuer.InitializeAsync().AsTask(), postgres.InitializeAsync().AsTask(), broker.InitializeAsync().AsTask());
        var connectionString = await postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(connectionString);
        producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true, LingerMs = 2 }).Build();
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:recommendations"] = connectionString,
            ["ConnectionStrings:broker"] = broker.BootstrapServers,
            ["services:content:grpc:0"] = content.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
            ["Blog:Recommendations:Look"] = "00:00:00.020",
            ["Blog:Recommendations:Gather"] = "00:00:00",
        }, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock))).Start();
    }

    public ForYou.ForYouClient As(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));

    /// <summary>Sends an event as the relay of its service does.</summary>
    public async Task<Guid> SendAsync(string topic, Guid key, IMessage message)
    {
        var id = Guid.CreateVersion7();
        await producer!.ProduceAsync(topic, new()
        {
            Key = key.ToString(),
            Value = message.ToByteArray(),
            Headers =
            [
                new Header("id", Encoding.UTF8.GetBytes(id.ToString())),
                new Header("type", Encoding.UTF8.GetBytes(message.Descriptor.FullName)),
                new Header("time", Encoding.UTF8.GetBytes(Clock.GetUtcNow().ToString("O"))),
            ],
        });
        return id;
    }

    public Task<Guid> TellAsync(Story story, ArticleChanged.Types.Change change = ArticleChanged.Types.Change.Published)
    {
        var shown = change is ArticleChanged.Types.Change.Published or ArticleChanged.Types.Change.Updated;
        texts.Set(story, shown);
        return SendAsync(Topics.Articles, story.Id, new ArticleChanged
        {
            ArticleId = story.Id.ToString(), AuthorId = story.Author.ToString(), Change = change, Slug = "s", Revision = ++story.Revision, Title = story.Title,
            PresentTopicSlugs = { shown ? story.Topics : [] }, PublishTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(story.Time), PublicationId = story.Publication?.ToString() ?? "",
        });
    }

    /// <summary>Published, known and its words compared.</summary>
    public async Task<Story[]> PublishAsync(params Story[] stories)
    {
        await SettledAsync([.. await Task.WhenAll(stories.Select(story => TellAsync(story)))]);
        return stories;
    }

    public Task<Guid> ReadsAsync(Guid person, Story story, double fraction = 1) => SendAsync(Topics.Reads, person, new ReadingChanged
    {
        PersonId = person.ToString(), ArticleId = story.Id.ToString(), Change = ReadingChanged.Types.Change.Read, Fraction = fraction, Finished = fraction >= 0.97,
    });

    public async Task ReadAsync(Guid person, params Story[] stories) => await SettledAsync([.. await Task.WhenAll(stories.Select(story => ReadsAsync(person, story)))]);

    public Task<Guid> ClapsAsync(Guid person, Story story, int count = 1) => SendAsync(Topics.Claps, story.Id, new ClapsChanged
    {
        SubjectId = story.Id.ToString(), ArticleId = story.Id.ToString(), SubjectAuthorId = story.Author.ToString(), PersonId = person.ToString(), Count = count, Total = count,
    });

    public Task<Guid> FollowsAsync(Guid person, FollowTarget target, string id, bool following = true) =>
        SendAsync(Topics.Follows, person, new FollowChanged { FollowerId = person.ToString(), Target = target, TargetId = id, Following = following });

    public async Task FollowAsync(Guid person, FollowTarget target, string id) => await SettledAsync(await FollowsAsync(person, target, id));

    public Task FollowAsync(Guid person, Guid author) => FollowAsync(person, FollowTarget.Person, author.ToString());

    public async Task RelateAsync(Guid person, Guid other, bool muted = false, bool blocked = false) => await SettledAsync(await SendAsync(Topics.Relations, person,
        new RelationChanged { PersonId = person.ToString(), OtherId = other.ToString(), Muted = muted, Blocked = blocked }));

    /// <summary>Waits until these events have had their effect, and nothing waits to be measured or compared.</summary>
    public async Task SettledAsync(params Guid[] events)
    {
        await Until(async () => (long)(await ScalarAsync("select count(*) from inbox where id = any($1)", events))! == events.Length);
        await Until(async () => !(bool)(await ScalarAsync("select exists (select from audience_jobs) or exists (select from text_jobs)"))!);
    }

    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = database!.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }

    public async Task<IReadOnlyList<RecommendedArticle>> PageAsync(Guid person, int size = 100) => (await As(person).ListForYouAsync(new() { PageSize = size })).Articles;

    /// <summary>All pages, one after the other.</summary>
    public async Task<List<RecommendedArticle>> AllAsync(Guid person, int size = 100)
    {
        var all = new List<RecommendedArticle>();
        var token = "";
        do
        {
            var page = await As(person).ListForYouAsync(new() { PageSize = size, PageToken = token });
            all.AddRange(page.Articles);
            token = page.NextPageToken;
        } while (token.Length > 0);
        return all;
    }

    public async Task<RecommendedArticle?> FindAsync(Guid person, Story story) => (await AllAsync(person)).SingleOrDefault(r => r.ArticleId == story.Id.ToString());

    /// <summary>Waits until an article is recommended for this reason.</summary>
    public Task IsRecommendedAsync(Guid person, Story story, Reason.Types.Kind kind, string subject) =>
        Until(async () => (await FindAsync(person, story))?.Reason is { } reason && reason.Kind == kind && reason.SubjectId == subject);

    public async ValueTask DisposeAsync()
    {
        producer?.Dispose();
        await Host.DisposeAsync();
        await database!.DisposeAsync();
        await Issuer.DisposeAsync();
        await content!.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }

    sealed class Texts : Content.V1.Articles.ArticlesBase
    {
        readonly ConcurrentDictionary<string, Story> published = new();

        public bool Away { get; set; }

        public void Set(Story story, bool shown)
        {
            if (shown)
                published[story.Id.ToString()] = story;
            else
                published.TryRemove(story.Id.ToString(), out _);
        }

        public override Task<GetPublishedTextResponse> GetPublishedText(GetPublishedTextRequest request, ServerCallContext context) =>
            Away ? throw new RpcException(new Status(StatusCode.Unavailable, "Away."))
            : published.TryGetValue(request.Id, out var story) ? Task.FromResult(new GetPublishedTextResponse { Id = request.Id, AuthorId = story.Author.ToString(), Title = story.Title, Html = story.Html, Revision = story.Revision })
            : throw RpcErrors.NotFound("There is none.");
    }
}

/// <summary>An article as its author has it. Its words are like no other's unless they are given.</summary>
public sealed class Story(Guid author, params string[] topics)
{
    public Guid Id { get; } = Guid.CreateVersion7();
    public Guid Author { get; } = author;
    public string[] Topics { get; set; } = topics;
    public Guid? Publication { get; init; }
    public string Title { get; set; } = "";
    public string Html { get; set; } = "";
    public long Revision { get; set; } = 1;
    public DateTime Time { get; init; } = DateTime.UtcNow.AddMinutes(-1);

    /// <summary>Long ago: not new any more.</summary>
    public static DateTime LongAgo => DateTime.UtcNow.AddDays(-100);
}
