using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace Blog.Testing;

/// <summary>
/// Stands where Identity stands for a service under test: discovery, keys and service tokens over HTTP, and access tokens
/// for anyone a test needs. Give the service <see cref="Settings"/>.
/// </summary>
public sealed class TestIssuer : IAsyncLifetime
{
    const string KeyId = "test";
    readonly RSA rsa = RSA.Create(2048);
    readonly WebApplication app;

    /// <summary>The issuer that the tokens name; nobody listens there.</summary>
    public const string Issuer = "http://blog.test";

    /// <summary>An issuer that is not yet started.</summary>
    public TestIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Issuer, jwks_uri = Issuer + "/.well-known/openid-configuration/jwks" }));
        app.MapGet("/.well-known/openid-configuration/jwks", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = KeyId });
            return Results.Json(new { keys = new[] { new { kty = key.Kty, use = "sig", alg = "RS256", kid = KeyId, n = key.N, e = key.E } } });
        });
        app.MapPost("/connect/token", () => Results.Json(new { access_token = ServiceToken(), token_type = "Bearer", expires_in = 3600 }));
    }

    /// <summary>Where it listens.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The configuration a service needs to trust it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Blog:PublicOrigin"] = Issuer,
        ["Blog:ClientSecret"] = "test",
        ["services:identity:http:0"] = Address,
    };

    /// <summary>The token of a signed-in person, a reader and author unless said otherwise.</summary>
    public string PersonToken(Guid id, params string[] roles) => Token(new()
    {
        ["sub"] = id.ToString(),
        ["client_id"] = "bff",
        ["scope"] = "openid blog.api",
        ["role"] = roles is [] ? ["reader", "author"] : roles,
    });

    /// <summary>The token of another service of the platform.</summary>
    public string ServiceToken(string service = "identity") => Token(new() { ["client_id"] = service, ["scope"] = "blog.internal" });

    /// <summary>A token with these claims; each further argument makes it wrong in one way.</summary>
    public string Token(Dictionary<string, object> claims, string issuer = Issuer, string audience = "blog", TimeSpan? lifetime = null, SecurityKey? key = null, string type = "at+jwt") =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            TokenType = type,
            Claims = claims,
            IssuedAt = DateTime.UtcNow.AddHours(-2),
            NotBefore = DateTime.UtcNow.AddHours(-2),
            Expires = DateTime.UtcNow + (lifetime ?? TimeSpan.FromHours(1)),
            SigningCredentials = new SigningCredentials(key ?? new RsaSecurityKey(rsa) { KeyId = KeyId }, SecurityAlgorithms.RsaSha256),
        });

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await app.StartAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rsa.Dispose();
    }
}
