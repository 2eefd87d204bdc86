using Blog.Feed.Sources;
using Npgsql;

namespace Blog.Feed.Reading;

/// <summary>A place in a feed: by time of first publication, then by id. Greater is newer.</summary>
readonly record struct Position(DateTime Time, Guid Id) : IComparable<Position>
{
    /// <summary>Above everything.</summary>
    public static readonly Position Top = new(DateTime.SpecifyKind(new DateTime(9999, 12, 31), DateTimeKind.Utc), Guid.AllBitsSet);

    /// <summary>Below everything.</summary>
    public static readonly Position Bottom = new(DateTime.UnixEpoch.AddYears(-1000), Guid.Empty);

    public int CompareTo(Position other) => Time.CompareTo(other.Time) is var byTime and not 0 ? byTime : Id.CompareTo(other.Id);

    public static bool operator <(Position one, Position other) => one.CompareTo(other) < 0;
    public static bool operator >(Position one, Position other) => one.CompareTo(other) > 0;
    public static bool operator <=(Position one, Position other) => one.CompareTo(other) <= 0;
    public static bool operator >=(Position one, Position other) => one.CompareTo(other) >= 0;
}

/// <summary>An article by way of one of its sources.</summary>
sealed record FeedRow(Position Position, Guid AuthorId, Guid SourceId, SourceKind Kind, string? Name)
{
    /// <summary>Reads columns publish_time, article_id, source_id, author_id, kind, name.</summary>
    public static FeedRow Read(NpgsqlDataReader row) => new(
        new(row.GetDateTime(0), row.GetGuid(1)), row.GetGuid(3), row.GetGuid(2), (SourceKind)row.GetInt16(4), row.IsDBNull(5) ? null : row.GetString(5));

    public static async Task<List<FeedRow>> ReadAllAsync(NpgsqlCommand query, int expected, CancellationToken cancel)
    {
        var rows = new List<FeedRow>(expected);
        await using var reader = await query.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            rows.Add(Read(reader));
        return rows;
    }
}
