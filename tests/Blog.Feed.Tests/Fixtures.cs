using Microsoft.Extensions.DependencyInjection;
using System.Text;
using Blog.Events.V1;
using Blog.Feed.V1;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Confluent.Kafka;
using Google.Protobuf;
using Npgsql;

[assembly: AssemblyFixture(typeof(Blog.Feed.Tests.FeedFixture))]

namespace Blog.Feed.Tests;

/// <summary>
/// The Feed service over a PostgreSQL and a broker of its own, told of everything by events as in production. Its measures are small, so that a few people make a
/// source big and a few articles fill a reader's entries.
/// </summary>
public sealed class FeedFixture : IAsyncLifetime
{
    /// <summary>More followers than this make a source big.</summary>
    public const int BigSource = 10;

    readonly PostgresFixture postgres = new();
    readonly BrokerFixture broker = new();
    readonly Dictionary<string, string> settings = [];
    ServiceHost<Program>? host;
    IProducer<string, byte[]>? producer;
    NpgsqlDataSource? database;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host => host!;
    public NpgsqlDataSource Database => database!;
    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(Issuer.InitializeAsync().AsTask(), postgres.InitializeAsync().AsTask(), broker.InitializeAsync().AsTask());
        ConnectionString = await postgres.CreateDatabaseAsync();
        database = NpgsqlDataSource.Create(ConnectionString);
        producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = broker.BootstrapServers, EnableIdempotence = true, LingerMs = 2 }).Build();
        foreach (var (name, value) in Issuer.Settings)
            settings[name] = value;
        settings["ConnectionStrings:feed"] = ConnectionString;
        settings["ConnectionStrings:broker"] = broker.BootstrapServers;
        settings["Blog:Feed:BigSource"] = $"{BigSource}";
        settings["Blog:Feed:Entries"] = "12";
        settings["Blog:Feed:Window"] = "6";
        settings["Blog:Feed:Chunk"] = "3";
        StartHost();
    }

    public void StartHost() => host = new ServiceHost<Program>(settings, services => services.Replace(Clock)).Start();

    public HomeFeed.HomeFeedClient As(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));

    /// <summary>Sends an event as the relay of its service does.</summary>
    public async Task<Guid> SendAsync(string topic, Guid key, IMessage message, Guid? id = null)
    {
        var eventId = id ?? Guid.CreateVersion7();
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

    public Task<Guid> FollowAsync(Guid follower, FollowTarget target, string id, bool following = true) =>
        SendAsync(Topics.Follows, follower, new FollowChanged { FollowerId = follower.ToString(), Target = target, TargetId = id, Following = following });

    public Task<Guid> FollowAsync(Guid follower, Guid author, bool following = true) => FollowAsync(follower, FollowTarget.Person, author.ToString(), following);

    public Task<Guid> RelateAsync(Guid person, Guid other, bool muted = false, bool blocked = false) =>
        SendAsync(Topics.Relations, person, new RelationChanged { PersonId = person.ToString(), OtherId = other.ToString(), Muted = muted, Blocked = blocked });

    public Task<Guid> TellAsync(Story story, ArticleChanged.Types.Change change = ArticleChanged.Types.Change.Published)
    {
        var shown = change is ArticleChanged.Types.Change.Published or ArticleChanged.Types.Change.Updated;
        return SendAsync(Topics.Articles, story.Id, new ArticleChanged
        {
            ArticleId = story.Id.ToString(), AuthorId = story.Author.ToString(), Change = change, Slug = "s", Revision = ++story.Revision,
            PresentTopicSlugs = { shown ? story.Topics : [] }, PublishTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(story.Time), PublicationId = story.Publication?.ToString() ?? "", AuthorIds = { story.CoAuthors.Prepend(story.Author).Select(id => id.ToString()) },
        });
    }

    public async Task<Story> PublishAsync(Guid author, params string[] topics)
    {
        var story = new Story(author) { Topics = topics };
        await TellAsync(story);
        return story;
    }

    /// <summary>Waits until these events have had their effect and no work is left.</summary>
    public async Task SettledAsync(params Guid[] events)
    {
        await Until(async () => (long)(await ScalarAsync("select count(*) from inbox where id = any($1)", events))! == events.Length);
        await Until(async () => !(bool)(await ScalarAsync("select exists (select from jobs where kind <> 6)"))!);
    }

    public async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(10, deadline.Token);
    }

    /// <summary>All pages, one after the other.</summary>
    public async Task<List<FeedEntry>> AllOfAsync(Guid person, int pageSize = 5)
    {
        var client = As(person);
        var entries = new List<FeedEntry>();
        var token = "";
        do
        {
            var page = await client.ListFeedAsync(new() { PageSize = pageSize, PageToken = token });
            entries.AddRange(page.Entries);
            token = page.NextPageToken;
        } while (token.Length > 0);
        return entries;
    }

    public async Task<Guid[]> IdsOfAsync(Guid person, int pageSize = 5) => [.. (await AllOfAsync(person, pageSize)).Select(e => Guid.Parse(e.ArticleId))];

    /// <summary>Waits until a feed is exactly this, newest first.</summary>
    public Task ShowsAsync(Guid person, params Story[] stories) => Until(async () => (await IdsOfAsync(person)).SequenceEqual(stories.Select(s => s.Id)));

    /// <summary>The person has read before, so that entries are written out.</summary>
    public async Task ReadsAsync(params Guid[] people)
    {
        foreach (var person in people)
            await As(person).ListFeedAsync(new());
        await Until(async () => (long)(await ScalarAsync("select count(*) from readers where state = 2 and person_id = any($1)", people))! == people.Length);
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

/// <summary>An article as its author has it.</summary>
public sealed class Story(Guid author)
{
    static long lastMicrosecond = DateTime.UtcNow.Ticks / TimeSpan.TicksPerMicrosecond;

    public Guid Id { get; } = Guid.CreateVersion7();
    public Guid Author { get; } = author;
    public string[] Topics { get; set; } = [];
    public Guid[] CoAuthors { get; set; } = [];
    public Guid? Publication { get; init; }
    public long Revision { get; set; } = 1;

    /// <summary>Each is later than the one before.</summary>
    public DateTime Time { get; init; } = new(Interlocked.Add(ref lastMicrosecond, 1_000) * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);
}

static class Replacing
{
    public static void Replace(this IServiceCollection services, TimeProvider time) =>
        Microsoft.Extensions.DependencyInjection.Extensions.ServiceCollectionDescriptorExtensions.Replace(services, ServiceDescriptor.Singleton(time));
}
