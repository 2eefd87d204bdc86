using Blog.ServiceDefaults.Data;
using Npgsql;

namespace Blog.Feed.Data;

/// <summary>
/// Plain connections to the database `feed` for reading pages and for the workers, whose statements are whole sets of rows. Statements are prepared once per connection.
/// </summary>
sealed class FeedDatabase(IConfiguration configuration) : IAsyncDisposable
{
    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(configuration.DatabaseConnection("feed").ConnectionString)
    {
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,
        // No statement here leaves anything behind in its session, and resetting it costs as much as reading a page.
        NoResetOnClose = true,
    });

    /// <summary>The channel of NOTIFY: an empty payload says that work waits, a source's id that its articles changed.</summary>
    public const string Channel = "feed";

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}

/// <summary>Parameters by position.</summary>
static class Commands
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, object[] values, CancellationToken cancel)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
