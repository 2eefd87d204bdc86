using Blog.ServiceDefaults.Data;
using Npgsql;

namespace Blog.Recommendations.Data;

/// <summary>Plain connections to the database `recommendations` for reading and for the workers. Statements are prepared once per connection.</summary>
sealed class RecommendationsDatabase(IConfiguration configuration) : IAsyncDisposable
{
    /// <summary>The channel of NOTIFY: its payload lists, with commas, the numbers of articles that changed.</summary>
    public const string Channel = "recommendations";

    public NpgsqlDataSource Source { get; } = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(configuration.DatabaseConnection("recommendations").ConnectionString)
    {
        MaxAutoPrepare = 50,
        AutoPrepareMinUsages = 2,
        // No statement here leaves anything behind in its session, but for the one connection that listens as long as it lives.
        NoResetOnClose = true,
    });

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}

/// <summary>Statements with parameters by position.</summary>
static class Statements
{
    public static NpgsqlCommand Statement(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }

    public static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }

    public static async Task<int> DoAsync(this NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancel)
    {
        await using var command = connection.Statement(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The first column of each row.</summary>
    public static async Task<List<T>> ListAsync<T>(this NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancel)
    {
        await using var command = connection.Statement(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<T>();
        while (await reader.ReadAsync(cancel))
            found.Add(reader.GetFieldValue<T>(0));
        return found;
    }

    /// <summary>Tells every instance, when the transaction commits, that these articles changed.</summary>
    public static async Task TellAsync(this NpgsqlConnection connection, IEnumerable<int> numbers, CancellationToken cancel)
    {
        // A notice holds 8,000 bytes.
        foreach (var some in numbers.Distinct().Chunk(500))
            await connection.DoAsync("select pg_notify($1, $2)", [RecommendationsDatabase.Channel, string.Join(',', some)], cancel);
    }
}
