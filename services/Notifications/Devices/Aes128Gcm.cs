using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Blog.Notifications.Devices;

/// <summary>The content coding aes128gcm (RFC 8188): a header with salt, record size and key id, then records of AES-128-GCM.</summary>
static class Aes128Gcm
{
    public const int SaltBytes = 16;
    const int TagBytes = 16, NonceBytes = 12;

    /// <param name="plain">What to say.</param>
    /// <param name="keyingMaterial">Input keying material shared with the receiver.</param>
    /// <param name="salt">16 random bytes, never used twice.</param>
    /// <param name="keyId">Tells the receiver which key; may be empty.</param>
    /// <param name="recordSize">At least 18, tag and delimiter included.</param>
    /// <param name="padding">Zeros after the first record's delimiter, so that the length says less.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, byte[] keyingMaterial, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> keyId, int recordSize = 4096, int padding = 0)
    {
        // RFC 8188 §2.2 and §2.3.
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, keyingMaterial, 16, salt.ToArray(), "Content-Encoding: aes128gcm\0"u8.ToArray());
        var baseNonce = HKDF.DeriveKey(HashAlgorithmName.SHA256, keyingMaterial, NonceBytes, salt.ToArray(), "Content-Encoding: nonce\0"u8.ToArray());
        using var aes = new AesGcm(key, TagBytes);
        var room = recordSize - TagBytes - 1;
        var result = new MemoryStream();
        result.Write(salt);
        Span<byte> size = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(size, (uint)recordSize);
        result.Write(size);
        result.WriteByte((byte)keyId.Length);
        result.Write(keyId);

        var nonce = new byte[NonceBytes];
        for (ulong sequence = 0; ; sequence++)
        {
            var zeros = sequence == 0 ? padding : 0;
            var length = Math.Min(plain.Length, room - zeros);
            var isLast = length == plain.Length;
            var record = new byte[length + 1 + zeros];
            plain[..length].CopyTo(record);
            record[length] = isLast ? (byte)2 : (byte)1;
            plain = plain[length..];

            baseNonce.CopyTo(nonce.AsSpan());
            var counter = nonce.AsSpan(NonceBytes - 8);
            BinaryPrimitives.WriteUInt64BigEndian(counter, BinaryPrimitives.ReadUInt64BigEndian(counter) ^ sequence);
            var cipher = new byte[record.Length + TagBytes];
            aes.Encrypt(nonce, record, cipher.AsSpan(0, record.Length), cipher.AsSpan(record.Length));
            result.Write(cipher);
            if (isLast) return result.ToArray();
        }
    }
}
