using System.Buffers.Text;
using Blog.ServiceDefaults.Grpc;

namespace Blog.Recommendations.Serving;

/// <summary>
/// Where a page of recommendations begins: the session it belongs to and the articles that were shown before, by number, in their order. So nothing is kept for a page, none repeats what
/// another showed, and a link to one works as long as its articles are there. About 3 bytes for each article before.
/// </summary>
/// <param name="Started">When the first page was read, whole seconds.</param>
/// <param name="Seed">The session's chance.</param>
/// <param name="Before">Numbers of articles.</param>
sealed record ForYouToken(DateTimeOffset Started, uint Seed, IReadOnlyList<int> Before)
{
    const byte Version = 1;

    /// <summary>Recommendations end here.</summary>
    public const int Most = 400;

    /// <summary>Reads what <see cref="ToString"/> wrote; null for the empty token.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">INVALID_ARGUMENT on <c>page_token</c>.</exception>
    public static ForYouToken? Read(string token) => token.Length == 0 ? null : TryRead(token) ?? throw RpcErrors.InvalidArgument(("page_token", "This page token was not made by this list."));

    static ForYouToken? TryRead(string token)
    {
        var bytes = new byte[Most * 5 + 16];
        if (token.Length > bytes.Length || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out var length))
            return null;
        var rest = bytes.AsSpan(0, length);
        if (rest.Length == 0 || rest[0] != Version)
            return null;
        rest = rest[1..];
        if (TakeNumber(ref rest) is not { } seconds || TakeNumber(ref rest) is not { } seed || seconds > int.MaxValue)
            return null;
        var before = new List<int>();
        var last = 0;
        while (rest.Length > 0)
        {
            // The difference to the number before, its sign in the lowest bit.
            if (TakeNumber(ref rest) is not { } coded || before.Count == Most)
                return null;
            last += (int)(coded >> 1) ^ -(int)(coded & 1);
            before.Add(last);
        }
        return new(DateTimeOffset.FromUnixTimeSeconds(seconds), seed, before);
    }

    public override string ToString()
    {
        var bytes = new List<byte>(16 + Before.Count * 3) { Version };
        Put(bytes, (uint)Started.ToUnixTimeSeconds());
        Put(bytes, Seed);
        var last = 0;
        foreach (var number in Before)
        {
            var step = number - last;
            Put(bytes, (uint)(step << 1) ^ (uint)(step >> 31));
            last = number;
        }
        return Base64Url.EncodeToString([.. bytes]);
    }

    // LEB128.
    static void Put(List<byte> bytes, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }

    static uint? TakeNumber(ref Span<byte> bytes)
    {
        var value = 0ul;
        for (var i = 0; i < bytes.Length && i < 5; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return value <= uint.MaxValue ? (uint)value : null;
        }
        return null;
    }
}
