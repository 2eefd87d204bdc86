using System.Security.Cryptography;
using System.Text;

namespace Duende.IdentityServer.Models;

/// <summary>A hashed shared secret.</summary>
public sealed class Secret
{
    public Secret()
    {
    }

    public Secret(string value, DateTime? expiration = null) => (Value, Expiration) = (value, expiration);

    public Secret(string value, string description, DateTime? expiration = null) =>
        (Value, Description, Expiration) = (value, description, expiration);

    public string? Description { get; set; }

    /// <summary>Base64 of SHA-256 or SHA-512 of the secret; see <see cref="HashExtensions"/>.</summary>
    public string Value { get; set; } = null!;

    /// <summary>UTC; null: never.</summary>
    public DateTime? Expiration { get; set; }
    public string Type { get; set; } = IdentityServerConstants.SecretTypes.SharedSecret;
}

/// <summary>Hashes for secrets in configuration.</summary>
public static class HashExtensions
{
    /// <summary>Base64 of SHA-256 over UTF-8.</summary>
    public static string Sha256(this string input) =>
        string.IsNullOrEmpty(input) ? string.Empty : Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(input)));

    /// <summary>Base64 of SHA-512 over UTF-8.</summary>
    public static string Sha512(this string input) =>
        string.IsNullOrEmpty(input) ? string.Empty : Convert.ToBase64String(SHA512.HashData(Encoding.UTF8.GetBytes(input)));
}
