using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Blog.Notifications.Mail;

/// <summary>What the holder of a link may do.</summary>
enum MailTokenPurpose : byte
{
    /// <summary>Confirm a newsletter subscription.</summary>
    ConfirmNewsletter = 1,
    /// <summary>End a newsletter subscription, or take that back.</summary>
    ManageNewsletter = 2,
    /// <summary>End mail about one kind of notification.</summary>
    ManageNotifications = 3,
}

/// <param name="Subject">The subscription, or the person.</param>
/// <param name="Scope">The kind of notification; 0 where there is none.</param>
/// <param name="Expires">Null: it works for as long as the mail is kept.</param>
sealed record MailToken(MailTokenPurpose Purpose, Guid Subject, byte Scope = 0, DateTimeOffset? Expires = null);

/// <summary>
/// Links that do one thing for one person, signed with HMAC-SHA256 (RFC 2104; 128 bits of it) under a key of their own. They hold no address, so an access log knows nobody by them.
/// </summary>
sealed class MailTokens(NotificationsKey key)
{
    const int BodyBytes = 1 + 1 + 16 + 4, SignatureBytes = 16;

    readonly byte[] secret = key.Derive("links in mail");

    public string Write(MailToken token)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes + SignatureBytes];
        bytes[0] = (byte)token.Purpose;
        bytes[1] = token.Scope;
        token.Subject.TryWriteBytes(bytes[2..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[18..], (uint)(token.Expires?.ToUnixTimeSeconds() ?? 0));
        Sign(bytes[..BodyBytes], bytes[BodyBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null when it was not made here, or was touched. Whether it has expired is for the caller to say.</summary>
    public MailToken? Read(string text)
    {
        Span<byte> bytes = stackalloc byte[BodyBytes + SignatureBytes];
        if (text.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length != bytes.Length) return null;
        Span<byte> signature = stackalloc byte[SignatureBytes];
        Sign(bytes[..BodyBytes], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[BodyBytes..])) return null;
        var expires = BinaryPrimitives.ReadUInt32BigEndian(bytes[18..]);
        return new((MailTokenPurpose)bytes[0], new Guid(bytes[2..18], bigEndian: true), bytes[1], expires == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(expires));
    }

    void Sign(ReadOnlySpan<byte> body, Span<byte> signature)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, body, whole);
        whole[..SignatureBytes].CopyTo(signature);
    }
}

/// <summary>The service's one secret, <c>Blog:Notifications:Key</c>; each use has a key derived from it (HKDF-SHA256, RFC 5869).</summary>
sealed class NotificationsKey(IConfiguration configuration)
{
    readonly byte[] secret = Encoding.UTF8.GetBytes(configuration["Blog:Notifications:Key"]
        ?? throw new InvalidOperationException("Blog:Notifications:Key is not configured. The AppHost makes one at the first start and keeps it."));

    public byte[] Derive(string purpose, int length = 32) => HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, length, info: Encoding.UTF8.GetBytes(purpose));
}
