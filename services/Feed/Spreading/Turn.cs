using Blog.Feed.Data;
using Npgsql;

namespace Blog.Feed.Spreading;

/// <summary>
/// The statements of one turn, in its transaction. What is written to a follower is written under a lock of the row in <c>follows</c> (FOR KEY SHARE SKIP LOCKED): a
/// row that is being deleted is passed over, and a deletion that comes later waits, then sees and removes what was written.
/// </summary>
sealed partial class Turn(NpgsqlConnection connection, FeedOptions options, TimeProvider time, CancellationToken cancel)
{
    async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    Task<int> ExecuteAsync(string sql, params object[] values) => connection.ExecuteAsync(sql, values, cancel);

    async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = connection.Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
            rows.Add(read(reader));
        return rows;
    }
}
