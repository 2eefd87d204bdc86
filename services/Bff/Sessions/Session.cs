using System.Buffers.Text;
using System.Security.Cryptography;

namespace Blog.Bff.Sessions;

/// <summary>What the browser's cookie stands for. Tokens never leave the BFF.</summary>
/// <param name="Subject">Account id.</param>
/// <param name="Sid">The session at Identity, by which back-channel logout names it.</param>
/// <param name="Renewals">How often tokens were renewed: the higher one is the present one.</param>
sealed record Session(
    string Subject, string? Sid, IReadOnlyList<string> Roles, string IdToken,
    string AccessToken, DateTimeOffset AccessTokenExpiresAt, string? RefreshToken, DateTimeOffset EndsAt, int Renewals);

/// <summary>The cookie's value: 256 random bits. The session's name in the store and the key it is sealed with are both derived from it.</summary>
sealed class SessionSecret
{
    const int Bytes = 32;
    const string Purpose = "blog session";

    readonly byte[] secret;

    SessionSecret(byte[] secret)
    {
        this.secret = secret;
        Id = Base64Url.EncodeToString(SHA256.HashData(secret));
    }

    public static SessionSecret New() => new(RandomNumberGenerator.GetBytes(Bytes));

    public static SessionSecret? Parse(string? cookie) =>
        cookie is { Length: 43 } && Base64Url.IsValid(cookie, out var length) && length == Bytes ? new(Base64Url.DecodeFromChars(cookie)) : null;

    /// <summary>Names the session in the store; says nothing about the secret.</summary>
    public string Id { get; }

    public string CookieValue => Base64Url.EncodeToString(secret);

    public byte[] Seal(Session session) => Sealed.Seal(session, secret, Purpose);

    public Session? Open(ReadOnlySpan<byte> box) => Sealed.Open<Session>(box, secret, Purpose);
}
