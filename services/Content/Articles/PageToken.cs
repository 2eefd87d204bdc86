using System.Buffers.Binary;
using System.Buffers.Text;
using Blog.ServiceDefaults.Grpc;

namespace Blog.Content.Articles;

/// <summary>Where the next page of a list that is ordered by time and id begins. Opaque to callers.</summary>
readonly record struct PageToken(DateTimeOffset Time, Guid Id)
{
    public const int DefaultSize = 20, MaxSize = 100;

    public static int Size(int asked) => asked switch
    {
        < 0 => throw RpcErrors.InvalidArgument(("page_size", $"A page has 1 to {MaxSize} entries.")),
        0 => DefaultSize,
        _ => Math.Min(asked, MaxSize),
    };

    /// <summary>Null for the first page.</summary>
    public static PageToken? Read(string token)
    {
        if (token.Length == 0)
            return null;
        Span<byte> bytes = stackalloc byte[24];
        if (token.Length == 32 && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length == 24)
        {
            var microseconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
            if (microseconds is >= 0 and <= 253_402_300_799_000_000)
                return new PageToken(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), new Guid(bytes[8..], bigEndian: true));
        }
        throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, (Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond));
        Id.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }
}
