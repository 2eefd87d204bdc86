using System.Diagnostics;
using Blog.Content.Data;
using Blog.Search.Data;
using Blog.Search.V1;
using Blog.SystemTesting;
using Blog.Testing;
using Blog.Users.Data;
using Articles = Blog.Content.V1.Articles;

namespace Blog.Bench.Search;

/// <summary>
/// Content, Users and Search as in production, each on a database of one PostgreSQL that is configured as <c>./blog up</c> does, with the broker between them; filled with the <see cref="Corpus"/>.
/// One for all benchmarks of a run.
/// </summary>
sealed class SearchWorld : IAsyncDisposable
{
    static SearchWorld? shared;

    readonly PostgresFixture postgres = new() { Settings = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=96MB", "jit=off", "max_wal_size=4GB"] };
    readonly BrokerFixture broker = new();
    readonly TestIssuer issuer = new();
    readonly string folder = Directory.CreateTempSubdirectory("blog-bench-").FullName;
    ServiceHost<ContentDbContext>? content;
    ServiceHost<UsersDbContext>? users;
    ServiceHost<SearchDbContext>? search;

    SearchWorld(Corpus corpus) => Corpus = corpus;

    public Corpus Corpus { get; }

    public Indexing.IndexingClient Operator => new(search!.CallInvoker(issuer.ServiceToken("cli")));

    public Finder.FinderClient Finder() => new(search!.CallInvoker());

    public Articles.ArticlesClient WriterAs(Guid person) => new(content!.CallInvoker(issuer.PersonToken(person)));

    /// <summary>Null: there is nothing to make articles of.</summary>
    public static async Task<SearchWorld?> GetAsync(CancellationToken cancel)
    {
        if (shared is null && Corpus.Read() is { } corpus)
        {
            shared = new(corpus);
            await shared.StartAsync(cancel);
        }
        return shared;
    }

    async Task StartAsync(CancellationToken cancel)
    {
        // Where WebApplicationFactory finds a service's own settings when no test project says it.
        foreach (var name in (string[])["Content", "Users", "Search"])
            Environment.SetEnvironmentVariable($"ASPNETCORE_TEST_CONTENTROOT_BLOG_{name.ToUpperInvariant()}", Path.Combine(RunningBlog.RepositoryRoot, "services", name));
        await postgres.InitializeAsync();
        await broker.InitializeAsync();
        await issuer.InitializeAsync();
        var databases = new { Content = await postgres.CreateDatabaseAsync(), Users = await postgres.CreateDatabaseAsync(), Search = await postgres.CreateDatabaseAsync() };
        Dictionary<string, string> Settings(params (string Name, string Value)[] settings)
        {
            var all = new Dictionary<string, string>(issuer.Settings) { ["ConnectionStrings:broker"] = broker.BootstrapServers };
            foreach (var (name, value) in settings)
                all[name] = value;
            return all;
        }
        content = new ServiceHost<ContentDbContext>(Settings(("ConnectionStrings:content", databases.Content), ("Blog:DataFolder", folder))).Start();
        users = new ServiceHost<UsersDbContext>(Settings(("ConnectionStrings:users", databases.Users))).Start();
        var watch = Stopwatch.StartNew();
        await Corpus.LoadAsync(databases.Content, databases.Users, Corpus.Size, cancel);
        Figures.Say($"{Corpus.Size:N0} articles by {Corpus.Authors:N0} people made in {watch.Elapsed.TotalSeconds:0} s");
        search = new ServiceHost<SearchDbContext>(Settings(("ConnectionStrings:search", databases.Search), ("Blog:Search:Indexing:FillWhenNew", "false"),
            ("services:content:grpc:0", content.GrpcAddress.ToString()), ("services:users:grpc:0", users.GrpcAddress.ToString()))).Start();
    }

    TimeSpan? filled;

    /// <summary>Builds the index through the whole pipeline, the first time it is asked.</summary>
    /// <returns>How long that took until it served.</returns>
    public async Task<TimeSpan> FilledAsync(CancellationToken cancel) => filled ??= await RebuildAsync(cancel);

    public async Task<TimeSpan> RebuildAsync(CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var begun = (await Operator.StartRebuildAsync(new(), cancellationToken: cancel)).Rebuild;
        var said = watch.Elapsed;
        while (true)
        {
            var status = await Operator.GetIndexStatusAsync(new(), cancellationToken: cancel);
            if (status.Failed > 0 || status.Rebuild.Id != begun.Id || status.Rebuild.Stage == Rebuild.Types.Stage.GivenUp)
                throw new InvalidOperationException($"The rebuild failed: {status}");
            if (status.Rebuild.Stage is Rebuild.Types.Stage.Serving or Rebuild.Types.Stage.Done)
                return watch.Elapsed;
            if (watch.Elapsed - said > TimeSpan.FromSeconds(10))
            {
                said = watch.Elapsed;
                Figures.Say($"{watch.Elapsed.TotalSeconds:0} s: {status.Rebuild.Stage}, {status.Rebuild.Listed:N0} listed, {status.WaitingInBulk:N0} waiting {status.Rebuild.Problem}");
            }
            await Task.Delay(200, cancel);
        }
    }

    public static async ValueTask DisposeSharedAsync()
    {
        if (shared is not null)
            await shared.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (search is not null) await search.DisposeAsync();
        if (content is not null) await content.DisposeAsync();
        if (users is not null) await users.DisposeAsync();
        await issuer.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
