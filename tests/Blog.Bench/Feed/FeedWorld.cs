using System.Diagnostics;
using System.Globalization;
using System.Text;
using Blog.Events.V1;
using Blog.Feed.Data;
using Blog.Feed.V1;
using Blog.ServiceDefaults.Events;
using Blog.SystemTesting;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Npgsql;

namespace Blog.Bench.Feed;

/// <summary>The Feed service with PostgreSQL, as <c>./blog up</c> configures it, and broker, filled with the <see cref="FeedGraph"/>. One for all benchmarks of a run.</summary>
sealed class FeedWorld : IAsyncDisposable
{
    static FeedWorld? shared;

    readonly PostgresFixture postgres = new() { Settings = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=96MB", "jit=off", "max_wal_size=4GB"] };
    readonly BrokerFixture broker = new();
    readonly TestIssuer issuer = new();
    ServiceHost<FeedDbContext>? host;
    NpgsqlDataSource? database;
    IProducer<string, byte[]>? producer;

    public static async Task<FeedWorld> GetAsync(CancellationToken cancel) => shared ??= await StartAsync(cancel);

    static async Task<FeedWorld> StartAsync(CancellationToken cancel)
    {
        // Where WebApplicationFactory finds the service's own settings when no test project says it.
        Environment.SetEnvironmentVariable("ASPNETCORE_TEST_CONTENTROOT_BLOG_FEED", Path.Combine(RunningBlog.RepositoryRoot, "services", "Feed"));
        var world = new FeedWorld();
        await world.postgres.InitializeAsync();
        await world.broker.InitializeAsync();
        await world.issuer.InitializeAsync();
        var connectionString = await world.postgres.CreateDatabaseAsync();
        var settings = new Dictionary<string, string>(world.issuer.Settings) { ["ConnectionStrings:feed"] = connectionString, ["ConnectionStrings:broker"] = world.broker.BootstrapServers };
        await using (var empty = new ServiceHost<FeedDbContext>(settings).Start())
        {
            // Its start made the tables.
        }
        await FeedGraph.LoadAsync(connectionString, cancel);
        world.database = NpgsqlDataSource.Create(connectionString);
        world.producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = world.broker.BootstrapServers, EnableIdempotence = true, LingerMs = 1 }).Build();
        world.host = new ServiceHost<FeedDbContext>(settings).Start();
        return world;
    }

    public HomeFeed.HomeFeedClient As(Guid person) => new(host!.CallInvoker(issuer.PersonToken(person)));

    /// <summary>Readers with a connection each, every one a stream of people who read their first page.</summary>
    public GrpcReaders Readers(int connections, int seed)
    {
        var random = new Random(seed);
        var people = Enumerable.Range(0, 2_000).Select(_ => "Bearer " + issuer.PersonToken(FeedGraph.Person(random.Next(FeedGraph.People)))).ToArray();
        return new(people, [.. Enumerable.Range(0, connections).Select(_ => new HomeFeed.HomeFeedClient(host!.CallInvoker()))
            .Select(client => (GrpcReaders.ReadPage)(async (headers, cancel) => (await client.ListFeedAsync(new(), headers, cancellationToken: cancel)).Entries.Count == 20))]);
    }

    /// <summary>An article is published: its event comes to the broker, as from the relay of Content.</summary>
    public async Task<Guid> PublishAsync(Guid author, CancellationToken cancel)
    {
        var id = Guid.CreateVersion7();
        var change = new ArticleChanged
        {
            ArticleId = id.ToString(), AuthorId = author.ToString(), Change = ArticleChanged.Types.Change.Published, Slug = "new", Revision = 2, Title = "New",
            PublishTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(DateTime.UtcNow), PresentTopicSlugs = { "fresh" },
        };
        await producer!.ProduceAsync(Topics.Articles, new()
        {
            Key = id.ToString(),
            Value = change.ToByteArray(),
            Headers =
            [
                new Header("id", Encoding.UTF8.GetBytes(Guid.CreateVersion7().ToString())),
                new Header("type", Encoding.UTF8.GetBytes(ArticleChanged.Descriptor.FullName)),
                new Header("time", Encoding.UTF8.GetBytes(DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture))),
            ],
        }, cancel);
        return id;
    }

    /// <summary>How long until the page of each of these people begins with the article.</summary>
    public async Task<TimeSpan> VisibleToAllAsync(Guid article, IReadOnlyList<HomeFeed.HomeFeedClient> people, long from, CancellationToken cancel)
    {
        foreach (var person in people)
            while ((await person.ListFeedAsync(new() { PageSize = 1 }, cancellationToken: cancel)).Entries.FirstOrDefault()?.ArticleId != article.ToString())
                await Task.Delay(2, cancel);
        return Stopwatch.GetElapsedTime(from);
    }

    public async Task<long> EntriesOfAsync(Guid article, CancellationToken cancel)
    {
        await using var count = database!.CreateCommand("select count(*) from entries where article_id = $1");
        count.Parameters.Add(new() { Value = article });
        return (long)(await count.ExecuteScalarAsync(cancel))!;
    }

    public static async ValueTask DisposeSharedAsync()
    {
        if (shared is not null) await shared.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        producer?.Dispose();
        if (host is not null) await host.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        await issuer.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
