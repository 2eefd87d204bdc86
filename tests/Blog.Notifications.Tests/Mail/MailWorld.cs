using System.Collections.Concurrent;
using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Identity.V1;
using Blog.Notifications.Data;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Blog.Users.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static Blog.Notifications.V1.Newsletters;

namespace Blog.Notifications.Tests.Mail;

/// <summary>Notifications with a mail server, and with Users, Content and Identity as their contracts say they behave.</summary>
public sealed class MailWorld(PostgresFixture postgres) : IAsyncLifetime
{
    public const string Origin = TestIssuer.Issuer;

    readonly TestIssuer issuer = new();
    // Of its own: instances over different databases must not share a consumer group.
    readonly BrokerFixture broker = new();
    FakeServer? neighbours;
    string connectionString = "";

    /// <summary>Whether the instance in this process brings newsletters to their readers; otherwise that is left to others.</summary>
    public bool SendsIssues { get; init; } = true;

    /// <summary>Whether it tells the subscribers of feeds.</summary>
    public bool TellsFeeds { get; init; } = true;

    /// <summary>Further configuration of the service; set before it starts.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public IConfiguration Configuration => Host.Services.GetRequiredService<IConfiguration>();

    public string TokenOf(Guid person) => issuer.PersonToken(person);

    public MailSink Mail { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host { get; private set; } = null!;
    internal FakePeople People { get; } = new();
    internal FakeStories Stories { get; } = new();
    internal FakeContacts Contacts { get; } = new();

    public NewslettersClient Anonymous => new(Host.CallInvoker());
    public NewslettersClient As(Guid person) => new(Host.CallInvoker(issuer.PersonToken(person)));

    public async ValueTask InitializeAsync()
    {
        await issuer.InitializeAsync();
        await Mail.InitializeAsync();
        await broker.InitializeAsync();
        connectionString = await postgres.CreateDatabaseAsync();
        neighbours = await FakeServer.StartAsync(services =>
        {
            services.AddGrpc();
            services.AddSingleton(People).AddSingleton(Stories).AddSingleton(Contacts);
        }, app =>
        {
            app.MapGrpcService<FakePeople>();
            app.MapGrpcService<FakeStories>();
            app.MapGrpcService<FakeContacts>();
        });
        Host = Start(SendsIssues, TellsFeeds);
    }

    /// <summary>An instance in this process, with the clock of the tests.</summary>
    public ServiceHost<Program> Start(bool sendsIssues, bool tellsFeeds = true) => new ServiceHost<Program>(AllSettings(), services =>
    {
        services.AddSingleton<TimeProvider>(Clock);
        if (!sendsIssues) services.Remove(services.Single(service => service.ImplementationType == typeof(Newsletters.IssueWorker)));
        if (!tellsFeeds) services.Remove(services.Single(service => service.ImplementationType == typeof(Notifications.WebSub.HubWorker)));
    }).Start();

    Dictionary<string, string> AllSettings() => new(issuer.Settings.Concat(Settings))
    {
        ["ConnectionStrings:notifications"] = connectionString,
        ["ConnectionStrings:broker"] = broker.BootstrapServers,
        ["Blog:Notifications:Key"] = "a key of these tests",
        ["services:mail:smtp:0"] = Mail.Address,
        ["services:users:grpc:0"] = neighbours!.Grpc,
        ["services:content:grpc:0"] = neighbours.Grpc,
        ["services:identity:grpc:0"] = neighbours.Grpc,
    };

    /// <summary>Another instance over the same database, in a process of its own that can be killed.</summary>
    public async Task<OwnedProcess> StartProcessAsync()
    {
        var program = Path.Combine(Path.GetDirectoryName(typeof(MailWorld).Assembly.Location)!, "Blog.Notifications.dll");
        var settings = AllSettings().Select(setting => $"--{setting.Key}={setting.Value}");
        var process = new OwnedProcess("KILL", null, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [program, "--Kestrel:Endpoints:http:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:grpc:Url=http://127.0.0.1:0", "--Kestrel:Endpoints:grpc:Protocols=Http2", .. settings]);
        await process.StartAsync();
        var began = TimeProvider.System.GetTimestamp();
        while (!process.Output.Contains("Application started", StringComparison.Ordinal))
        {
            (!process.HasExited && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60)).ShouldBeTrue(process.Output);
            await Task.Delay(20);
        }
        return process;
    }

    internal async Task<T> InDatabaseAsync<T>(Func<NotificationsDbContext, Task<T>> work)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>());
    }

    /// <summary>Waits for a condition, up to a minute unless told otherwise.</summary>
    internal async Task UntilAsync(Func<NotificationsDbContext, Task<bool>> condition, TimeSpan? atMost = null)
    {
        var (began, patience) = (TimeProvider.System.GetTimestamp(), atMost ?? TimeSpan.FromMinutes(1));
        while (!await InDatabaseAsync(condition))
        {
            (TimeProvider.System.GetElapsedTime(began) < patience).ShouldBeTrue($"It did not happen in {patience.TotalSeconds:0} s.");
            await Task.Delay(20);
        }
    }

    /// <summary>An article is published by Content. Returns when this service has worked on the event.</summary>
    public Task PublishAsync(PublishedArticle article, bool imported = false, ArticleChanged.Types.Change change = ArticleChanged.Types.Change.Published, long revision = 1) =>
        HappensAsync(Topics.Articles, article.Summary.Id, new ArticleChanged
        {
            ArticleId = article.Summary.Id, AuthorId = article.Summary.AuthorId, Slug = article.Summary.Slug, Title = article.Summary.Title, Change = change, Imported = imported, Revision = revision,
        });

    /// <summary>Something happened elsewhere. Returns when this service has worked on the event.</summary>
    public async Task HappensAsync(string topic, string key, Google.Protobuf.IMessage message)
    {
        Guid id;
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
            db.Publish(topic, Guid.Parse(key), message, Clock);
            id = db.Set<OutboxMessage>().Local.Single().Id;
            await db.SaveChangesAsync();
        }
        await UntilAsync(db => db.Database.SqlQuery<int>($"select 1 as \"Value\" from inbox where id = {id}").AnyAsync());
    }

    /// <summary>Subscribes and confirms by the mail; returns the link that ends it.</summary>
    public async Task<string> SubscribeAsync(Guid author, string email)
    {
        await Anonymous.SubscribeAsync(new() { Target = FollowTarget.Person, TargetId = author.ToString(), Email = email });
        return (await Anonymous.ConfirmSubscriptionAsync(new() { Token = TokenIn(await Mail.WaitForAsync(email, "Confirm")) })).ManageToken;
    }

    /// <summary>The token of the first link to the site.</summary>
    public static string TokenIn(SunkMail mail) => mail.LinkTo(Origin + "/").Split("?t=")[1];

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await neighbours!.DisposeAsync();
        await Mail.DisposeAsync();
        await broker.DisposeAsync();
        await issuer.DisposeAsync();
    }
}

sealed class FakePeople : Users.V1.Users.UsersBase
{
    readonly ConcurrentDictionary<string, Profile> profiles = new();

    public Guid Add(string name, bool unclaimed = false)
    {
        var id = Guid.CreateVersion7();
        profiles[id.ToString()] = new() { Id = id.ToString(), Handle = "h" + id.ToString("N")[20..], Name = name, Unclaimed = unclaimed };
        return id;
    }

    public string HandleOf(Guid id) => profiles[id.ToString()].Handle;

    public override Task<GetProfileResponse> GetProfile(GetProfileRequest request, ServerCallContext context) =>
        Task.FromResult(new GetProfileResponse { Profile = (request.KeyCase is GetProfileRequest.KeyOneofCase.Handle ? profiles.Values.SingleOrDefault(p => p.Handle == request.Handle) : profiles.GetValueOrDefault(request.Id)) ?? throw new RpcException(new(StatusCode.NotFound, "There is nobody of that name.")) });

    public override Task<BatchGetProfilesResponse> BatchGetProfiles(BatchGetProfilesRequest request, ServerCallContext context) =>
        Task.FromResult(new BatchGetProfilesResponse { Profiles = { request.Ids.Where(profiles.ContainsKey).Select(id => profiles[id]) } });
}

sealed class FakeStories : Articles.ArticlesBase
{
    readonly ConcurrentDictionary<string, PublishedArticle> published = new();

    public PublishedArticle Add(Guid author, string title, string html = "<p>It begins here.</p>", string description = "")
    {
        var id = Guid.CreateVersion7().ToString();
        return published[$"{author}/s-{id}"] = new()
        {
            Summary = new() { Id = id, AuthorId = author.ToString(), Slug = "s-" + id, Title = title, Description = description, ReadingMinutes = 4, PublishTime = Timestamp.FromDateTime(DateTime.UtcNow) },
            Html = html,
        };
    }

    public override Task<BatchGetTopicsResponse> BatchGetTopics(BatchGetTopicsRequest request, ServerCallContext context) =>
        Task.FromResult(new BatchGetTopicsResponse { Topics = { request.Slugs.Where(slug => slug != "unknown").Select(slug => new Topic { Slug = slug, Name = slug, ArticleCount = 1 }) } });

    public void TakeBack(PublishedArticle article) => published.TryRemove($"{article.Summary.AuthorId}/{article.Summary.Slug}", out _);

    public override Task<GetPublishedArticleResponse> GetPublishedArticle(GetPublishedArticleRequest request, ServerCallContext context) =>
        Task.FromResult(new GetPublishedArticleResponse { Article = published.GetValueOrDefault($"{request.AuthorId}/{request.Slug}") ?? throw new RpcException(new(StatusCode.FailedPrecondition, "It was taken back.")) });
}

sealed class FakeContacts : Identity.V1.Contacts.ContactsBase
{
    public ConcurrentDictionary<string, string> Emails { get; } = new();

    public override Task<BatchGetContactsResponse> BatchGetContacts(BatchGetContactsRequest request, ServerCallContext context) =>
        Task.FromResult(new BatchGetContactsResponse { Contacts = { request.AccountIds.Where(Emails.ContainsKey).Select(id => new Contact { AccountId = id, Email = Emails[id] }) } });
}
