using Blog.Search.Engines;
using Blog.Search.Engines.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Search.Tests;

/// <summary>The contract, kept by PostgreSQL.</summary>
public sealed class PostgreSqlEngineTests(SearchFixture search) : EngineContract, IAsyncDisposable
{
    readonly List<IAsyncDisposable> own = [];

    protected override ISearchEngine Engine => search.Host.Services.GetRequiredService<PostgreSqlEngine>();

    protected override async Task<ISearchEngine> OwnEngineAsync()
    {
        var host = search.StartHost(await search.Postgres.CreateDatabaseAsync());
        own.Add(host);
        return host.Services.GetRequiredService<PostgreSqlEngine>();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in own)
            await host.DisposeAsync();
    }
}
