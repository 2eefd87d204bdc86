using System.Security.Cryptography;

namespace Blog.Notifications.Devices;

/// <summary>Message encryption for Web Push (RFC 8291): only the browser that subscribed can read it, not the push service between.</summary>
static class WebPushMessage
{
    public const int PublicKeyBytes = 65, AuthBytes = 16;

    /// <summary>Bytes of a message that every push service takes (RFC 8291 §4: one record of 4096 bytes, header and tag included).</summary>
    public const int MaxPlainBytes = 4096 - (Aes128Gcm.SaltBytes + 4 + 1 + PublicKeyBytes) - 17;

    /// <param name="plain">Up to <see cref="MaxPlainBytes"/>.</param>
    /// <param name="userAgentKey">The browser's public key, an uncompressed point on P-256.</param>
    /// <param name="auth">The browser's authentication secret.</param>
    public static byte[] Encrypt(ReadOnlySpan<byte> plain, byte[] userAgentKey, byte[] auth)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(plain, userAgentKey, auth, own, RandomNumberGenerator.GetBytes(Aes128Gcm.SaltBytes));
    }

    /// <summary>With the key pair and salt given, which must never be used for a second message.</summary>
    internal static byte[] Encrypt(ReadOnlySpan<byte> plain, byte[] userAgentKey, byte[] auth, ECDiffieHellman own, byte[] salt)
    {
        var ownKey = Point(own.ExportParameters(includePrivateParameters: false).Q);
        using var other = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = Point(userAgentKey) });
        var shared = own.DeriveRawSecretAgreement(other.PublicKey);
        // RFC 8291 §3.4.
        byte[] info = [.. "WebPush: info\0"u8, .. userAgentKey, .. ownKey];
        var keyingMaterial = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, auth, info);
        return Aes128Gcm.Encrypt(plain, keyingMaterial, salt, ownKey);
    }

    /// <summary>Whether these bytes are a point on the curve.</summary>
    public static bool IsPublicKey(byte[] bytes)
    {
        if (bytes.Length != PublicKeyBytes || bytes[0] != 4) return false;
        try
        {
            using var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = Point(bytes) });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Uncompressed form (SEC 1 §2.3.3).</summary>
    public static byte[] Point(ECPoint point) => [4, .. point.X!, .. point.Y!];

    static ECPoint Point(byte[] bytes) => new() { X = bytes[1..33], Y = bytes[33..65] };
}
