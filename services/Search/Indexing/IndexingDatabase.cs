using Blog.ServiceDefaults.Data;
using Npgsql;

namespace Blog.Search.Indexing;

/// <summary>Plain connections to the database `search` for the workers, whose statements are whole sets of rows. Statements are prepared once per connection.</summary>
sealed class IndexingDatabase(IConfiguration configuration) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(configuration.DatabaseConnection("search").ConnectionString)
    {
        MaxAutoPrepare = 30,
        AutoPrepareMinUsages = 2,
    });

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
