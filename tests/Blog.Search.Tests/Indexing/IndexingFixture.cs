using System.Text;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Search.Engines;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Blog.Users.V1;
using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Timestamp = Google.Protobuf.WellKnownTypes.Timestamp;

namespace Blog.Search.Tests.Indexing;

/// <summary>The Search service told of everything by events, with an engine that shows what was put into it.</summary>
public class IndexingFixture(SearchFixture shared) : IAsyncLifetime
{
    readonly BrokerFixture broker = new();
    readonly Dictionary<string, string> settings = [];
    ServiceHost<Program>? host;
    IProducer<string, byte[]>? producer;
    NpgsqlDataSource? database;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public Library Library { get; } = new();
    internal MemoryEngine Engine { get; } = new();

    /// <summary>The service writes into <see cref="Engine"/>; else into its own.</summary>
    protected virtual bool ShowsWrites => true;

    public ServiceHost<Program> Host => host!;

    public V1.Indexing.IndexingClient Operator => new(Host.CallInvoker(Issuer.ServiceToken("cli")));

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Issuer.InitializeAsync().AsTask(), broker.InitializeAsync().AsTask(), Library.StartAsync());
        var connectionString = await shared.Postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(connectionString);
        producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true, LingerMs = 2 }).Build();
        foreach (var (name, value) in Issuer.Settings)
            settings[name] = value;
        settings["ConnectionStrings:search"] = connectionString;
        settings["ConnectionStrings:broker"] = broker.BootstrapServers;
        settings["services:content:grpc:0"] = Library.Address;
        settings["services:users:grpc:0"] = Library.Address;
        settings["Blog:Search:Indexing:Batch"] = "7";
        settings["Blog:Search:Indexing:DraftDelay"] = "00:00:00.050";
        settings["Blog:Search:Indexing:Attempts"] = "1";
        settings["Blog:Search:Indexing:Grace"] = "00:00:00";
        settings["Blog:Search:Indexing:FillWhenNew"] = "false";
        StartHost();
    }

    public void StartHost() => host = new ServiceHost<Program>(settings, services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
        if (ShowsWrites)
            services.Replace(ServiceDescriptor.Singleton<ISearchEngine>(Engine));
    }).Start();

    public Task StopHostAsync() => Host.DisposeAsync().AsTask();

    public async Task<Guid> SendAsync(string topic, Guid key, IMessage message, byte[]? payload = null)
    {
        var id = Guid.CreateVersion7();
        await producer!.ProduceAsync(topic, new()
        {
            Key = key.ToString(),
            Value = payload ?? message.ToByteArray(),
            Headers =
            [
                new Header("id", Encoding.UTF8.GetBytes(id.ToString())),
                new Header("type", Encoding.UTF8.GetBytes(message.Descriptor.FullName)),
                new Header("time", Encoding.UTF8.GetBytes(Clock.GetUtcNow().ToString("O"))),
            ],
        });
        return id;
    }

    /// <summary>Content has this for readers now, and tells of it.</summary>
    internal async Task<PublishedText> PublishAsync(string title, string text = "Some words.", Guid? author = null, PublishedText? again = null, params string[] topics)
    {
        var published = Publish(title, text, author, again, topics);
        await TellAsync(published, again is null ? ArticleChanged.Types.Change.Published : ArticleChanged.Types.Change.Updated);
        return published;
    }

    /// <summary>Content has this for readers now; nobody is told.</summary>
    internal PublishedText Publish(string title, string text = "Some words.", Guid? author = null, PublishedText? again = null, params string[] topics)
    {
        var published = new PublishedText
        {
            Id = again?.Id ?? Guid.CreateVersion7().ToString(), AuthorId = again?.AuthorId ?? (author ?? Guid.CreateVersion7()).ToString(), Slug = "slug", Title = title, Text = text,
            Topics = { topics.Select(topic => new Topic { Slug = topic, Name = topic.ToUpperInvariant() }) }, PublishTime = Timestamp.FromDateTimeOffset(Clock.GetUtcNow()), Revision = (again?.Revision ?? 1) + 1,
        };
        Library.Published[published.Id] = published;
        return published;
    }

    internal Task<Guid> TellAsync(PublishedText article, ArticleChanged.Types.Change change, long? revision = null) => SendAsync(Topics.Articles, Guid.Parse(article.Id), new ArticleChanged
    {
        ArticleId = article.Id, AuthorId = article.AuthorId, Change = change, Slug = article.Slug, Title = article.Title, Revision = revision ?? article.Revision, PublishTime = article.PublishTime,
        TopicSlugs = { article.Topics.Select(topic => topic.Slug) },
    });

    /// <summary>Content has this working copy, and tells of it.</summary>
    internal async Task<DraftText> DraftAsync(Guid author, string title, string text = "Unfinished words.", long revision = 1, string? id = null)
    {
        var draft = new DraftText { Id = id ?? Guid.CreateVersion7().ToString(), AuthorId = author.ToString(), Title = title, Text = text, Revision = revision, UpdateTime = Timestamp.FromDateTimeOffset(Clock.GetUtcNow()) };
        Library.Drafts[draft.Id] = draft;
        await SendAsync(Topics.Drafts, Guid.Parse(draft.Id), new DraftChanged { ArticleId = draft.Id, AuthorId = draft.AuthorId, Revision = revision, Present = true });
        return draft;
    }

    internal Profile Person(string name, string handle, long revision = 1, Guid? id = null)
    {
        var person = new Profile { Id = (id ?? Guid.CreateVersion7()).ToString(), Name = name, Handle = handle, Revision = revision };
        Library.People[person.Id] = person;
        return person;
    }

    internal Task<Guid> TellAsync(Profile person) => SendAsync(Topics.Profiles, Guid.Parse(person.Id), new ProfileChanged { ProfileId = person.Id, Handle = person.Handle, Revision = person.Revision });

    /// <summary>Waits until these events have had their effect.</summary>
    public Task HandledAsync(params Guid[] events) => UntilAsync(async () => (long)(await ScalarAsync("select count(*) from inbox where id = any($1)", events))! == events.Length);

    /// <summary>Waits until no job is due.</summary>
    public Task SettledAsync() => UntilAsync(async () => !(bool)(await ScalarAsync("select exists (select from index_jobs where due <= $1)", Clock.GetUtcNow().UtcDateTime))!);

    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = database!.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(10, deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        producer?.Dispose();
        await Host.DisposeAsync();
        await database!.DisposeAsync();
        await Library.DisposeAsync();
        await Issuer.DisposeAsync();
        await broker.DisposeAsync();
    }
}
