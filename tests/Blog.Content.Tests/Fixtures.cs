using Blog.Content.V1;
using Blog.Events.V1;
using Blog.Testing;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Blog.Content.Tests;

/// <summary>The Content service over a PostgreSQL and a media folder of its own. No broker: events wait in the outbox, where tests read them.</summary>
public sealed class ContentFixture(PostgresFixture postgres) : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("blog-content-").FullName;
    ServiceHost<Program>? host;
    FakeServer? users;

    public TestIssuer Issuer { get; } = new();
    public ServiceHost<Program> Host => host!;
    public string ConnectionString { get; private set; } = "";

    /// <summary>Who is kept apart by a block, or has no account.</summary>
    internal Barriers Barriers { get; } = new();

    public V1.Articles.ArticlesClient Anonymous => new(Host.CallInvoker());
    public V1.Articles.ArticlesClient Service => new(Host.CallInvoker(Issuer.ServiceToken("cli")));
    public V1.Articles.ArticlesClient As(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Authors.AuthorsClient AuthorsAs(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Publications.PublicationsClient PublicationsAs(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Publications.PublicationsClient PublicationsAsService => new(Host.CallInvoker(Issuer.ServiceToken("cli")));
    public V1.Exports.ExportsClient ExportsAs(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Publications.PublicationsClient PublicationsAsAnybody => new(Host.CallInvoker());
    public V1.Invitations.InvitationsClient InvitationsOf(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Articles.ArticlesClient With(string token) => new(Host.CallInvoker(token));
    public V1.Media.MediaClient MediaAs(Guid person) => new(Host.CallInvoker(Issuer.PersonToken(person)));
    public V1.Media.MediaClient MediaAsService => new(Host.CallInvoker(Issuer.ServiceToken("cli")));

    public async ValueTask InitializeAsync()
    {
        await Issuer.InitializeAsync();
        users = await FakeServer.StartAsync(services => services.AddGrpc().Services.AddSingleton(Barriers), app =>
        {
            app.MapGrpcService<Reach>();
            app.MapGrpcService<Profiles>();
        });
        ConnectionString = await postgres.CreateDatabaseAsync();
        host = new ServiceHost<Program>(new Dictionary<string, string>(Issuer.Settings)
        {
            ["ConnectionStrings:content"] = ConnectionString,
            ["ConnectionStrings:broker"] = "127.0.0.1:1",
            ["Blog:DataFolder"] = folder,
            ["services:users:grpc:0"] = users.Grpc,
        }).Start();
    }

    /// <summary>The events of one article, oldest first.</summary>
    public async Task<List<ArticleChanged>> EventsOfAsync(string articleId)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("select payload from outbox where topic = 'content.articles.v1' and key = $1 order by position");
        command.Parameters.Add(new() { Value = articleId });
        await using var reader = await command.ExecuteReaderAsync();
        var events = new List<ArticleChanged>();
        while (await reader.ReadAsync())
            events.Add(ArticleChanged.Parser.ParseFrom((byte[])reader[0]));
        return events;
    }

    public async Task<MediaItem> UploadAsync(V1.Media.MediaClient media, byte[] file, string ownerId = "")
    {
        using var call = media.UploadMedia(cancellationToken: TestContext.Current.CancellationToken);
        await call.RequestStream.WriteAsync(new() { Info = new() { FileName = "picture.png", OwnerId = ownerId } });
        foreach (var chunk in file.Chunk(64 * 1024))
        {
            try
            {
                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(chunk) });
            }
            // The service answered before it had everything; the answer says why.
            catch (Exception problem) when (problem is RpcException or InvalidOperationException)
            {
                break;
            }
        }
        try
        {
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception problem) when (problem is RpcException or InvalidOperationException)
        {
            // As above.
        }
        return (await call).Media;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Issuer.DisposeAsync();
        await users!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>People whom nobody reaches.</summary>
sealed class Barriers : System.Collections.Concurrent.ConcurrentDictionary<string, bool>;

/// <summary>Users as far as Content asks it.</summary>
sealed class Reach(Barriers barriers) : Users.V1.Relations.RelationsBase
{
    public override Task<Users.V1.CanReachResponse> CanReach(Users.V1.CanReachRequest request, ServerCallContext context) =>
        Task.FromResult(new Users.V1.CanReachResponse { Reachable = !barriers.ContainsKey(request.OtherId) });
}

/// <summary>Everybody is called Ines.</summary>
sealed class Profiles : Users.V1.Users.UsersBase
{
    public override Task<Users.V1.GetProfileResponse> GetProfile(Users.V1.GetProfileRequest request, ServerCallContext context) => Task.FromResult(new Users.V1.GetProfileResponse { Profile = new() { Id = request.Id, Name = "Ines" } });
}

static class Calls
{
    public static async Task<RpcException> FailureOf<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);

    public static ArticleContent Written(string title, string markdown = "Some text.", params string[] topics) => new() { Title = title, Markdown = markdown, Topics = { topics } };

    public static async Task<Article> DraftAsync(this V1.Articles.ArticlesClient articles, ArticleContent content) => (await articles.CreateArticleAsync(new() { Content = content })).Article;

    public static async Task<Article> PublishedAsync(this V1.Articles.ArticlesClient articles, ArticleContent content)
    {
        var draft = await articles.DraftAsync(content);
        return (await articles.PublishArticleAsync(new() { Id = draft.Id, ExpectedRevision = draft.Revision })).Article;
    }

    public static async Task<Article> EditedAsync(this V1.Articles.ArticlesClient articles, Article article, Action<ArticleContent> edit)
    {
        var content = article.Content.Clone();
        edit(content);
        return (await articles.UpdateArticleAsync(new() { Id = article.Id, Content = content, ExpectedRevision = article.Revision })).Article;
    }

    public static async Task<Article> RepublishedAsync(this V1.Articles.ArticlesClient articles, Article article, Action<ArticleContent> edit)
    {
        var edited = await articles.EditedAsync(article, edit);
        return (await articles.PublishArticleAsync(new() { Id = edited.Id, ExpectedRevision = edited.Revision })).Article;
    }

    public static async Task<GetPublishedArticleResponse> ReadAsync(this V1.Articles.ArticlesClient articles, string authorId, string slug) =>
        await articles.GetPublishedArticleAsync(new() { AuthorId = authorId, Slug = slug });
}
