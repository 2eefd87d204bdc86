using Blog.Recommendations.Data;
using Blog.ServiceDefaults.FeatureFlags;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using FlagsV1 = Blog.Flags.V1;

namespace Blog.Recommendations.Switches;

/// <summary>The table <c>flags</c>: what operators changed.</summary>
static class FlagTable
{
    public static async Task<List<FlagsV1.Flag>> ListFlagsAsync(this NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var select = connection.Statement("select name, enabled, share, people, revision, changed_at from flags");
        await using var row = await select.ExecuteReaderAsync(cancel);
        var flags = new List<FlagsV1.Flag>();
        while (await row.ReadAsync(cancel))
            flags.Add(new()
            {
                Name = row.GetString(0), On = row.GetBoolean(1), Share = row.GetInt16(2), PersonIds = { row.GetFieldValue<Guid[]>(3).Select(person => person.ToString()) },
                Revision = row.GetInt64(4), ChangeTime = Timestamp.FromDateTime(row.GetDateTime(5)),
            });
        return flags;
    }

    /// <summary>False: it was changed since that revision.</summary>
    public static async Task<bool> TrySetFlagAsync(this NpgsqlConnection connection, Flag flag, bool on, int share, Guid[] people, long revision, DateTime now, CancellationToken cancel) =>
        await connection.DoAsync(
            revision == 0
                ? "insert into flags (name, enabled, share, people, revision, changed_at) values ($1, $2, $3, $4, 1 + $5::bigint, $6) on conflict do nothing"
                : "update flags set enabled = $2, share = $3, people = $4, revision = revision + 1, changed_at = $6 where name = $1 and revision = $5",
            [flag.Name, on, (short)share, people, revision, now], cancel) == 1;
}
