using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using Blog.Notifications.Mail;
using Blog.ServiceDefaults;

namespace Blog.Notifications.Devices;

/// <summary>
/// Tells push services who sends (RFC 8292). The key pair is derived from the service's secret, so every instance has the same one and there is nothing else to keep.
/// </summary>
sealed class Vapid(NotificationsKey key, IConfiguration configuration, TimeProvider time) : IDisposable
{
    // At most 24 hours (RFC 8292 §2); renewed at half time.
    static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    readonly ECDsa pair = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = PrivateKey(key.Derive("vapid", 40)) });
    readonly ConcurrentDictionary<string, (string Header, DateTimeOffset Until)> headers = new(StringComparer.Ordinal);

    /// <summary>Uncompressed point in base64url, as <c>applicationServerKey</c>.</summary>
    public string PublicKey => Base64Url.EncodeToString(WebPushMessage.Point(pair.ExportParameters(includePrivateParameters: false).Q));

    /// <summary>Value of Authorization for a push service.</summary>
    public string AuthorizationFor(Uri endpoint)
    {
        var (now, audience) = (time.GetUtcNow(), endpoint.GetLeftPart(UriPartial.Authority));
        if (headers.TryGetValue(audience, out var known) && known.Until > now) return known.Header;
        var token = CompactJws.Es256(new { typ = "JWT", alg = "ES256" }, new { aud = audience, exp = (now + Lifetime).ToUnixTimeSeconds(), sub = configuration.PublicOrigin() }, pair);
        var header = $"vapid t={token}, k={PublicKey}";
        // Anybody can name a host of their own.
        if (headers.Count > 1000) headers.Clear();
        headers[audience] = (header, now + Lifetime / 2);
        return header;
    }

    /// <summary>A number from 1 to n - 1 out of 320 random bits (FIPS 186-5 A.2.1).</summary>
    static byte[] PrivateKey(byte[] bits)
    {
        var order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var number = new BigInteger(bits, isUnsigned: true, isBigEndian: true) % (order - 1) + 1;
        var bytes = new byte[32];
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(bytes, bytes.Length - digits.Length);
        return bytes;
    }

    public void Dispose() => pair.Dispose();
}
