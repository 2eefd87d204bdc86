using System.Buffers.Binary;
using System.Buffers.Text;

namespace Blog.ServiceDefaults.Grpc;

/// <summary>Where the next page of a list that is ordered by time and id begins. Opaque to callers.</summary>
/// <param name="Time">Of the last row of this page; kept to the microsecond, as PostgreSQL keeps it.</param>
/// <param name="Id">Of the last row, for rows of the same moment.</param>
public readonly record struct PageToken(DateTimeOffset Time, Guid Id)
{
    /// <summary>Rows of a page when the caller names no size, and the most it can ask for.</summary>
    public const int DefaultSize = 20, MaxSize = 100;

    /// <summary>The page size to use for the one that was asked for; 0 means no wish.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT on <c>page_size</c>: it is negative.</exception>
    public static int Size(int asked) => asked switch
    {
        < 0 => throw RpcErrors.InvalidArgument(("page_size", $"A page has 1 to {MaxSize} entries.")),
        0 => DefaultSize,
        _ => Math.Min(asked, MaxSize),
    };

    /// <summary>Reads what <see cref="ToString"/> wrote; null for the empty token, the first page.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT on <c>page_token</c>: no list made it.</exception>
    public static PageToken? Read(string token) =>
        token.Length == 0 ? null
        : TryRead(token, out var read) ? read
        : throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));

    /// <summary>Reads what <see cref="ToString"/> wrote; false: no list made it.</summary>
    public static bool TryRead(string token, out PageToken read)
    {
        read = default;
        Span<byte> bytes = stackalloc byte[24];
        if (token.Length != 32 || !Base64Url.TryDecodeFromChars(token, bytes, out var length) || length != 24)
            return false;
        var microseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (microseconds is < 0 or > 253_402_300_799_000_000)
            return false;
        read = new PageToken(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), new Guid(bytes[8..], bigEndian: true));
        return true;
    }

    /// <summary>The token as it travels: 32 characters of base64url (RFC 4648 section 5).</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, (Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
