using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Blog.ServiceDefaults.Data;

/// <summary>Ids of what came from elsewhere: the same names always give the same id, so that what comes twice is there once.</summary>
public static class NamedId
{
    /// <summary>A UUID of version 8 (RFC 9562 section 5.8): the beginning of the SHA-256 of the names, each with its length before it.</summary>
    public static Guid Of(params ReadOnlySpan<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var name in names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        var id = hash.GetHashAndReset().AsSpan(0, 16);
        id[6] = (byte)(id[6] & 0x0F | 0x80);
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
