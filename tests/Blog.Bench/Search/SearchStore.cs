using Blog.Search;
using Blog.Search.Data;
using Blog.Search.Engines.PostgreSql;
using Blog.ServiceDefaults.Data;
using Blog.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Blog.Bench.Search;

/// <summary>The PostgreSQL engine on a server of its own, configured as <c>./blog up</c> does.</summary>
sealed class SearchStore : IAsyncDisposable
{
    readonly PostgresFixture postgres = new() { Settings = ["shared_buffers=96MB", "jit=off", "max_wal_size=4GB"] };
    PostgreSqlEngine? engine;

    public PostgreSqlEngine Engine => engine!;

    public string ConnectionString { get; private set; } = "";

    public static async Task<SearchStore> StartAsync(CancellationToken cancel)
    {
        var store = new SearchStore();
        await store.postgres.InitializeAsync();
        store.ConnectionString = await store.postgres.CreateDatabaseAsync();
        await SqlMigrations.ApplyAsync(store.ConnectionString, typeof(SearchDbContext).Assembly, NullLogger.Instance, cancel);
        store.engine = new PostgreSqlEngine(
            new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:search", store.ConnectionString)]).Build(), Options.Create(new SearchOptions()), TimeProvider.System);
        await store.engine.StartAsync(cancel);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
