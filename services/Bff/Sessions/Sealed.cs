using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Blog.Bff.Sessions;

/// <summary>
/// JSON sealed with AES-256-GCM under a key derived (HKDF-SHA256, RFC 5869) from a secret and a purpose. A session is sealed with the secret in
/// the browser's cookie, so what lies in Redis cannot be read without the browser; a sign-in in progress with the client secret that
/// all instances share.
/// </summary>
static class Sealed
{
    const int NonceBytes = 12;
    const int TagBytes = 16;

    public static byte[] Seal<T>(T value, ReadOnlySpan<byte> secret, string purpose)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(value);
        var result = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(Key(secret, purpose), TagBytes);
        aes.Encrypt(result.AsSpan(0, NonceBytes), plain, result.AsSpan(NonceBytes + TagBytes), result.AsSpan(NonceBytes, TagBytes));
        return result;
    }

    /// <summary>Default when it was not sealed so, or was touched.</summary>
    public static T? Open<T>(ReadOnlySpan<byte> box, ReadOnlySpan<byte> secret, string purpose)
    {
        if (box.Length < NonceBytes + TagBytes) return default;
        var plain = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(Key(secret, purpose), TagBytes);
            aes.Decrypt(box[..NonceBytes], box[(NonceBytes + TagBytes)..], box.Slice(NonceBytes, TagBytes), plain);
            return JsonSerializer.Deserialize<T>(plain);
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return default;
        }
    }

    public static string SealText<T>(T value, ReadOnlySpan<byte> secret, string purpose) => Base64Url.EncodeToString(Seal(value, secret, purpose));

    public static T? OpenText<T>(string? text, ReadOnlySpan<byte> secret, string purpose) =>
        text is not null && Base64Url.IsValid(text) ? Open<T>(Base64Url.DecodeFromChars(text), secret, purpose) : default;

    static byte[] Key(ReadOnlySpan<byte> secret, string purpose)
    {
        var key = new byte[32];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: default, info: Encoding.UTF8.GetBytes(purpose));
        return key;
    }
}
