using System.Security.Cryptography;
using System.Text.Json;
using Duende.IdentityServer.Models;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Keys;

/// <summary>A private signing key with its age.</summary>
internal sealed class ManagedKey(string id, string algorithm, DateTimeOffset created, AsymmetricSecurityKey key)
{
    public string Id { get; } = id;
    public string Algorithm { get; } = algorithm;
    public DateTimeOffset Created { get; } = created;
    public AsymmetricSecurityKey Key { get; } = key;

    public SigningCredentials Credentials { get; } = new(key, algorithm);

    sealed record Container(string Id, string Algorithm, DateTimeOffset Created, string Pkcs8);

    public static ManagedKey Create(string algorithm, int rsaKeySize, DateTimeOffset now)
    {
        var id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        AsymmetricSecurityKey key = algorithm[..2] switch
        {
            "RS" or "PS" => new RsaSecurityKey(RSA.Create(rsaKeySize)) { KeyId = id },
            "ES" => new ECDsaSecurityKey(ECDsa.Create(CurveOf(algorithm))) { KeyId = id },
            _ => throw new NotSupportedException($"There are no automatic keys for the algorithm {algorithm}."),
        };
        return new ManagedKey(id, algorithm, now, key);
    }

    public SerializedKey Serialize(IDataProtector? protector)
    {
        var pkcs8 = Key switch
        {
            RsaSecurityKey rsa => rsa.Rsa.ExportPkcs8PrivateKey(),
            ECDsaSecurityKey ec => ec.ECDsa.ExportPkcs8PrivateKey(),
            _ => throw new NotSupportedException($"A key of type {Key.GetType().Name} cannot be stored."),
        };
        var json = JsonSerializer.Serialize(new Container(Id, Algorithm, Created, Convert.ToBase64String(pkcs8)));
        return new SerializedKey
        {
            Version = 1,
            Id = Id,
            Created = Created.UtcDateTime,
            Algorithm = Algorithm,
            DataProtected = protector is not null,
            Data = protector?.Protect(json) ?? json,
        };
    }

    /// <exception cref="CryptographicException">The data was protected with keys that this server does not have.</exception>
    public static ManagedKey Deserialize(SerializedKey stored, IDataProtector protector)
    {
        var json = stored.DataProtected ? protector.Unprotect(stored.Data) : stored.Data;
        var container = JsonSerializer.Deserialize<Container>(json) ?? throw new CryptographicException("The stored key is empty.");
        var pkcs8 = Convert.FromBase64String(container.Pkcs8);
        if (container.Algorithm.StartsWith("ES", StringComparison.Ordinal))
        {
            var ec = ECDsa.Create();
            ec.ImportPkcs8PrivateKey(pkcs8, out _);
            return new ManagedKey(container.Id, container.Algorithm, container.Created, new ECDsaSecurityKey(ec) { KeyId = container.Id });
        }
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return new ManagedKey(container.Id, container.Algorithm, container.Created, new RsaSecurityKey(rsa) { KeyId = container.Id });
    }

    /// <summary>The public half, for the published key set (RFC 7517, RFC 7518 section 6).</summary>
    public Dictionary<string, string> ToPublicJwk()
    {
        var jwk = new Dictionary<string, string> { ["use"] = "sig", ["kid"] = Id, ["alg"] = Algorithm };
        if (Key is ECDsaSecurityKey ec)
        {
            var parameters = ec.ECDsa.ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "EC";
            jwk["crv"] = Algorithm switch { "ES256" => "P-256", "ES384" => "P-384", _ => "P-521" };
            jwk["x"] = Base64UrlEncoder.Encode(parameters.Q.X);
            jwk["y"] = Base64UrlEncoder.Encode(parameters.Q.Y);
        }
        else
        {
            var parameters = ((RsaSecurityKey)Key).Rsa.ExportParameters(includePrivateParameters: false);
            jwk["kty"] = "RSA";
            jwk["e"] = Base64UrlEncoder.Encode(parameters.Exponent);
            jwk["n"] = Base64UrlEncoder.Encode(parameters.Modulus);
        }
        return jwk;
    }

    static ECCurve CurveOf(string algorithm) => algorithm switch
    {
        "ES256" => ECCurve.NamedCurves.nistP256,
        "ES384" => ECCurve.NamedCurves.nistP384,
        "ES512" => ECCurve.NamedCurves.nistP521,
        _ => throw new NotSupportedException($"There is no curve for the algorithm {algorithm}."),
    };
}
