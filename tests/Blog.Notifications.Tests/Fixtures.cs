using Blog.Events.V1;
using Blog.Notifications.Data;
using Blog.Notifications.V1;
using Blog.ServiceDefaults.Events;
using Blog.Testing;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static Blog.Notifications.V1.Notifications;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Blog.Notifications.Tests;

/// <summary>The Notifications service over a database and a broker of its own: two of them at one broker would share the events. What other services would publish goes through its own outbox.</summary>
public sealed class NotificationsFixture(PostgresFixture postgres) : IAsyncLifetime
{
    readonly BrokerFixture broker = new();
    ServiceHost<Program>? host;

    public TestIssuer Issuer { get; } = new();
    public TestClock Clock { get; } = new();
    public ServiceHost<Program> Host => host!;
    public string ConnectionString { get; private set; } = "";

    public NotificationsClient As(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public NotificationsClient Anonymous => new(Host.CallInvoker());

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        await broker.InitializeAsync();
        ConnectionString = await postgres.CreateDatabaseAsync();
        host = Start();
    }

    /// <summary>Another instance over the same database.</summary>
    public ServiceHost<Program> Start() => new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
    {
        ["ConnectionStrings:notifications"] = ConnectionString,
        ["ConnectionStrings:broker"] = broker.BootstrapServers,
        ["Blog:Notifications:Key"] = "a key of these tests",
        ["services:mail:smtp:0"] = "smtp://127.0.0.1:1",
    }, services =>
    {
        services.AddSingleton<TimeProvider>(Clock);
        // What is due stays due: sending has tests of its own.
        services.RemoveAll<Deliveries.IChannelSender>();
    }).Start();

    /// <summary>Something happened elsewhere. Returns when this service has worked on it.</summary>
    public async Task HappensAsync(string topic, Guid key, IMessage message)
    {
        Guid id;
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<NotificationsDbContext>();
            db.Publish(topic, key, message, Clock);
            id = db.Set<OutboxMessage>().Local.Single().Id;
            await db.SaveChangesAsync();
        }
        await UntilAsync(async db => await db.Database.SqlQuery<int>($"select 1 as \"Value\" from inbox where id = {id}").AnyAsync()
            && !await db.Database.SqlQuery<int>($"select 1 as \"Value\" from tellings where failure is null").AnyAsync()
            && !await db.Database.SqlQuery<int>($"select 1 as \"Value\" from announcements where state in (1, 3)").AnyAsync());
    }

    internal async Task UntilAsync(Func<NotificationsDbContext, Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await InDatabaseAsync(condition))
        {
            (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20)).ShouldBeTrue("It did not happen in 20 s.");
            await Task.Delay(10);
        }
    }

    internal async Task<T> InDatabaseAsync<T>(Func<NotificationsDbContext, Task<T>> work)
    {
        await using var scope = Host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>());
    }

    public Task FollowAsync(Guid follower, Guid person, bool following = true) => HappensAsync(Topics.Follows, follower,
        new FollowChanged { FollowerId = follower.ToString(), Target = FollowTarget.Person, TargetId = person.ToString(), Following = following });

    public Task RelateAsync(Guid person, Guid other, bool muted = false, bool blocked = false) => HappensAsync(Topics.Relations, person,
        new RelationChanged { PersonId = person.ToString(), OtherId = other.ToString(), Muted = muted, Blocked = blocked });

    public Task ClapAsync(Guid person, Guid article, Guid author, int count = 1, int former = 0) => HappensAsync(Topics.Claps, article, new ClapsChanged
    {
        SubjectId = article.ToString(), ArticleId = article.ToString(), SubjectAuthorId = author.ToString(), PersonId = person.ToString(), Count = count, FormerCount = former,
    });

    public Task HighlightAsync(Guid highlight, Guid person, Guid article, Guid author, bool present = true) => HappensAsync(Topics.Highlights, article, new HighlightChanged
    {
        HighlightId = highlight.ToString(), ArticleId = article.ToString(), ArticleAuthorId = author.ToString(), PersonId = person.ToString(), Present = present, Quote = "words worth keeping",
    });

    public Task RespondAsync(Guid response, Guid author, Guid article, Guid articleAuthor, string excerpt = "well said",
        ResponseChanged.Types.Change change = ResponseChanged.Types.Change.Created, Guid? parentAuthor = null, params Guid[] mentioned) =>
        HappensAsync(Topics.Responses, article, new ResponseChanged
        {
            ResponseId = response.ToString(), AuthorId = author.ToString(), ArticleId = article.ToString(), ArticleAuthorId = articleAuthor.ToString(), Excerpt = excerpt, Change = change,
            ParentId = parentAuthor is null ? "" : Guid.CreateVersion7().ToString(), ParentAuthorId = parentAuthor?.ToString() ?? "", MentionedIds = { mentioned.Select(id => id.ToString()) },
        });

    public Task ArticleAsync(Guid article, Guid author, ArticleChanged.Types.Change change = ArticleChanged.Types.Change.Published, bool imported = false, long revision = 1, string title = "On kestrels") =>
        HappensAsync(Topics.Articles, article, new ArticleChanged
        {
            ArticleId = article.ToString(), AuthorId = author.ToString(), Change = change, Imported = imported, Revision = revision, Slug = "on-kestrels", Title = title,
        });

    public async Task<List<Notification>> ListAsync(Guid person) => [.. (await As(person).ListNotificationsAsync(new())).Notifications];

    public async Task<Bell> BellAsync(Guid person) => (await As(person).GetBellAsync(new())).Bell;

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
        await broker.DisposeAsync();
    }
}
