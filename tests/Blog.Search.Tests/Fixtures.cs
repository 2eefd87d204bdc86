using System.Text;
using Blog.Search.Engines;
using Blog.Search.Queries;
using Blog.Search.V1;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

[assembly: AssemblyFixture(typeof(Blog.Search.Tests.SearchFixture))]

namespace Blog.Search.Tests;

/// <summary>The Search service over a PostgreSQL and a broker of its own, told of everything by events as in production.</summary>
public sealed class SearchFixture : IAsyncLifetime
{
    readonly PostgresFixture postgres = new();
    readonly BrokerFixture broker = new();
    IProducer<string, byte[]>? producer;
    ServiceHost<Program>? host;
    NpgsqlDataSource? database;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host => host!;
    public NpgsqlDataSource Database => database!;
    public PostgresFixture Postgres => postgres;

    /// <summary>The engine of the running service.</summary>
    public ISearchEngine Engine => Host.Services.GetRequiredService<ISearchEngine>();

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Issuer.InitializeAsync().AsTask(), postgres.InitializeAsync().AsTask(), broker.InitializeAsync().AsTask());
        var connectionString = await postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(connectionString);
        producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true, LingerMs = 2 }).Build();
        host = StartHost(connectionString);
    }

    /// <summary>Another instance of the service, on a database of its own or the same.</summary>
    public ServiceHost<Program> StartHost(string connectionString, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:search"] = connectionString,
            ["ConnectionStrings:broker"] = broker.BootstrapServers,
            // There is no Content here to fill an index from.
            ["Blog:Search:Indexing:FillWhenNew"] = "false",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return new ServiceHost<Program>(all, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock))).Start();
    }

    public Finder.FinderClient Anonymous => new(Host.CallInvoker());

    public Finder.FinderClient As(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));

    /// <summary>Sends an event as the relay of its service does.</summary>
    public async Task<Guid> SendAsync(string topic, Guid key, IMessage message)
    {
        var eventId = Guid.CreateVersion7();
        await producer!.ProduceAsync(topic, new()
        {
            Key = key.ToString(),
            Value = message.ToByteArray(),
            Headers =
            [
                new Header("id", Encoding.UTF8.GetBytes(eventId.ToString())),
                new Header("type", Encoding.UTF8.GetBytes(message.Descriptor.FullName)),
                new Header("time", Encoding.UTF8.GetBytes(DateTimeOffset.UtcNow.ToString("O"))),
            ],
        });
        return eventId;
    }

    /// <summary>Waits until these events have had their effect.</summary>
    public Task SettledAsync(params Guid[] events) => Until(async () =>
    {
        await using var command = Database.CreateCommand("select count(*) from inbox where id = any($1)");
        command.Parameters.Add(new() { Value = events });
        return (long)(await command.ExecuteScalarAsync())! == events.Length;
    });

    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(10, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        producer?.Dispose();
        await Host.DisposeAsync();
        await Database.DisposeAsync();
        await Issuer.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }
}

/// <summary>Documents for tests, told apart by a word of their own where tests share an index.</summary>
static class Make
{
    public static ArticleDocument Article(string title, string body = "", string language = "en", Guid? id = null, long revision = 1) => new((id ?? Guid.CreateVersion7()).ToString(), revision)
    {
        AuthorId = Guid.CreateVersion7(), AuthorName = "Ada Author", AuthorHandle = "ada", Title = title, Body = body, Language = language, PublishTime = DateTimeOffset.UtcNow,
    };

    /// <summary>A word that no other test has.</summary>
    public static string Word() => "w" + string.Concat(Guid.NewGuid().ToString("N").Where(char.IsAsciiDigit).Select(digit => (char)('a' + digit - '0')));
}

static class EngineExtensions
{
    public static Task<ArticlePage> FindAsync(
        this ISearchEngine engine, string query, ArticleSort sort = ArticleSort.Relevance, int size = 20, string? cursor = null, IReadOnlyCollection<Guid>? hidden = null, Func<ParsedQuery, ParsedQuery>? with = null) =>
        engine.SearchArticlesAsync(new((with ?? (parsed => parsed))(QueryParser.Parse(query)), sort, size, cursor, hidden ?? [], DateTimeOffset.UtcNow), TestContext.Current.CancellationToken);

    public static async Task<string[]> TitlesAsync(this ISearchEngine engine, string query, ArticleSort sort = ArticleSort.Relevance) =>
        [.. (await engine.FindAsync(query, sort)).Articles.Select(article => string.Concat(article.Title.Select(piece => piece.Text)))];

    public static Task PutAsync(this ISearchEngine engine, params IReadOnlyList<SearchDocument> documents) => engine.PutAsync(ISearchEngine.Serving, documents, TestContext.Current.CancellationToken);
}

static class Calls
{
    /// <summary>The status with which a call fails.</summary>
    public static async Task<RpcException> FailsAsync<T>(this AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);
}
