using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.Testing;
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

namespace Blog.Interactions.Tests.Lists;

/// <summary>The Interactions service with articles to keep and a Content that can be asked. No broker: events wait in the outbox, where tests read them.</summary>
public sealed class ReadersFixture(PostgresFixture postgres) : IAsyncLifetime
{
    readonly PublishedThisMoment content = new();
    WebApplication? contentServer;
    NpgsqlDataSource? source;
    ServiceHost<Program>? host;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host => host!;

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(content);
        builder.Services.AddGrpc();
        contentServer = builder.Build();
        contentServer.MapGrpcService<PublishedThisMoment>();
        await contentServer.StartAsync();

        var connectionString = await postgres.CreateDatabaseAsync();
        source = NpgsqlDataSource.Create(connectionString);
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:interactions"] = connectionString,
            ["ConnectionStrings:broker"] = "127.0.0.1:1",
            ["services:content:grpc:0"] = contentServer.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
        }, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock))).Start();
    }

    /// <summary>Somebody who has never been here.</summary>
    public Reader Someone()
    {
        var id = Guid.CreateVersion7();
        var calls = Host.CallInvoker(Issuer.PersonToken(id));
        return new(id, new V1.Lists.ListsClient(calls), new V1.History.HistoryClient(calls));
    }

    public V1.Lists.ListsClient Anonymous => new(Host.CallInvoker());

    /// <summary>A published article, as the events have told.</summary>
    public async Task<string> ArticleAsync()
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync("insert into articles (article_id, author_id, revision, published) values ($1, $1, 1, true)", id);
        return id.ToString();
    }

    public async Task<string[]> ArticlesAsync(int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
            ids[i] = await ArticleAsync();
        return ids;
    }

    /// <summary>An article of which no event has arrived yet.</summary>
    public string ArticleOfThisMoment()
    {
        var id = Guid.CreateVersion7().ToString();
        content.Ids[id] = true;
        return id;
    }

    public Task UnpublishAsync(string article) => ExecuteAsync("update articles set published = false where article_id = $1", Guid.Parse(article));

    public Task PublishAsync(string article) => ExecuteAsync("update articles set published = true where article_id = $1", Guid.Parse(article));

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = source!.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql, params object[] values)
    {
        await using var command = source!.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>What others were told of a list, oldest first.</summary>
    public Task<List<Events.V1.ReadingListChanged>> EventsOfAsync(string listId) => EventsAsync("interactions.lists.v1", listId, Events.V1.ReadingListChanged.Parser);

    /// <summary>What others were told of a person's history, and what the person saves; oldest first.</summary>
    public Task<List<Events.V1.ReadingChanged>> ReadingEventsAsync(Guid person) => EventsAsync("interactions.reads.v1", person.ToString(), Events.V1.ReadingChanged.Parser);
    public Task<List<Events.V1.SaveChanged>> SaveEventsAsync(Guid person) => EventsAsync("interactions.saves.v1", person.ToString(), Events.V1.SaveChanged.Parser);

    async Task<List<T>> EventsAsync<T>(string topic, string key, Google.Protobuf.MessageParser<T> parser) where T : Google.Protobuf.IMessage<T>
    {
        await using var command = source!.CreateCommand("select payload from outbox where topic = $1 and key = $2 order by position");
        command.Parameters.Add(new() { Value = topic });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<T>();
        while (await reader.ReadAsync())
            events.Add(parser.ParseFrom((byte[])reader[0]));
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
        await source!.DisposeAsync();
        await contentServer!.DisposeAsync();
    }

    sealed class PublishedThisMoment : Content.V1.Articles.ArticlesBase
    {
        public ConcurrentDictionary<string, bool> Ids { get; } = new();

        public override Task<BatchGetPublishedArticlesResponse> BatchGetPublishedArticles(BatchGetPublishedArticlesRequest request, ServerCallContext context) =>
            Task.FromResult(new BatchGetPublishedArticlesResponse { Articles = { request.Ids.Where(Ids.ContainsKey).Select(id => new ArticleSummary { Id = id, AuthorId = id }) } });
    }
}

/// <param name="Id">Of the account.</param>
/// <param name="Lists">Their lists.</param>
/// <param name="History">Their history.</param>
public sealed record Reader(Guid Id, V1.Lists.ListsClient Lists, V1.History.HistoryClient History)
{
    public async Task<ReadingList> CreateAsync(string name, ListVisibility visibility = ListVisibility.Private) =>
        (await Lists.CreateReadingListAsync(new() { Name = name, Visibility = visibility })).List;

    public async Task<AddReadingListItemResponse> SaveAsync(string article, string list = "", string note = "", string after = "") =>
        await Lists.AddReadingListItemAsync(new() { ListId = list, ArticleId = article, Note = note, AfterArticleId = after });

    /// <summary>The whole order of a list, page by page.</summary>
    public async Task<List<string>> OrderAsync(string list, int pageSize = 100) => [.. (await ItemsAsync(list, pageSize)).Select(item => item.ArticleId)];

    public async Task<List<ReadingListItem>> ItemsAsync(string list, int pageSize = 100)
    {
        List<ReadingListItem> items = [];
        var token = "";
        do
        {
            var page = await Lists.ListReadingListItemsAsync(new() { ListId = list, PageSize = pageSize, PageToken = token });
            items.AddRange(page.Items);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return items;
    }

    public async Task<ReadingList> UpdateAsync(ReadingList list, params string[] fields) => (await Lists.UpdateReadingListAsync(new()
    {
        List = list, UpdateMask = new() { Paths = { fields } }, ExpectedRevision = list.Revision,
    })).List;
}
