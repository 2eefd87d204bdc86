using Blog.Recommendations.Data;
using Blog.SystemTesting;
using Blog.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Blog.Bench.Recommending;

/// <summary>
/// The Recommendations service over a PostgreSQL of its own, as <c>./blog up</c> configures it. Its database is filled at once and no events come, but there is a broker: the Kafka client
/// looks for one that is away without pause, which would be counted as the processor time of pages.
/// </summary>
sealed class RecommendationsWorld : IAsyncDisposable
{
    readonly PostgresFixture postgres = new() { Settings = ["fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=96MB", "jit=off", "max_wal_size=4GB"] };
    readonly BrokerFixture broker = new();
    readonly Dictionary<string, string> settings = [];
    TimeProvider? clock;
    ServiceHost<RecommendationsDbContext>? host;

    public TestIssuer Issuer { get; } = new();
    public ServiceHost<RecommendationsDbContext> Host => host!;

    /// <param name="clock">Of the service.</param>
    /// <param name="fill">Fills the empty database before the service starts.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<RecommendationsWorld> StartAsync(TimeProvider clock, Func<NpgsqlConnection, Task> fill, CancellationToken cancel)
    {
        // Where WebApplicationFactory finds the service's own settings when no test project says it.
        Environment.SetEnvironmentVariable("ASPNETCORE_TEST_CONTENTROOT_BLOG_RECOMMENDATIONS", Path.Combine(RunningBlog.RepositoryRoot, "services", "Recommendations"));
        var world = new RecommendationsWorld { clock = clock };
        await world.postgres.InitializeAsync();
        await world.Issuer.InitializeAsync();
        await world.broker.InitializeAsync();
        var connectionString = await world.postgres.CreateDatabaseAsync();
        foreach (var (name, value) in world.Issuer.Settings)
            world.settings[name] = value;
        world.settings["ConnectionStrings:recommendations"] = connectionString;
        world.settings["ConnectionStrings:broker"] = world.broker.BootstrapServers;
        world.settings["services:content:grpc:0"] = "http://127.0.0.1:1";
        world.settings["Blog:Recommendations:Look"] = "00:00:00.100";
        await using (new ServiceHost<RecommendationsDbContext>(world.settings).Start())
        {
            // Its start made the tables.
        }
        await using (var source = NpgsqlDataSource.Create(connectionString + ";Command Timeout=600"))
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await fill(connection);
        }
        await world.RestartAsync();
        return world;
    }

    /// <summary>A new process, so to say: it knows what is in the database and nothing else.</summary>
    public async Task RestartAsync()
    {
        if (host is not null) await host.DisposeAsync();
        host = new ServiceHost<RecommendationsDbContext>(settings, services => services.Replace(ServiceDescriptor.Singleton(clock!))).Start();
    }

    /// <summary>Binary copy of rows into a table.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, string columns, IEnumerable<Action<NpgsqlBinaryImporter>> rows, CancellationToken cancel)
    {
        await using var importer = await connection.BeginBinaryImportAsync($"copy {columns} from stdin (format binary)", cancel);
        foreach (var row in rows)
        {
            importer.StartRow();
            row(importer);
        }
        await importer.CompleteAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null) await host.DisposeAsync();
        await Issuer.DisposeAsync();
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
