using System.Globalization;
using System.Security.Claims;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Keys;
using Duende.IdentityServer.Services;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Protocol;

/// <summary>An access token that this server issued and that is still good.</summary>
internal sealed record VerifiedAccessToken(JsonWebToken Token)
{
    public string ClientId => Token.GetClaim("client_id").Value;
    public string Id => Token.GetClaim("jti").Value;
    public string? SubjectId => Token.TryGetClaim("sub", out var subject) ? subject.Value : null;
    public string? GrantId => Token.TryGetClaim("grant_id", out var grant) ? grant.Value : null;
    public IReadOnlyList<string> Scopes => [.. Token.Claims.Where(claim => claim.Type == "scope").SelectMany(claim => claim.Value.Split(' '))];

    public ClaimsPrincipal Subject() => new(new ClaimsIdentity(Token.Claims, "access_token", "name", "role"));
}

/// <summary>
/// Verifies the server's own tokens. The algorithm is that of the key, never that of the token (RFC 8725, sections 3.1 and 3.2), and
/// one kind of token is not accepted for another (section 3.11).
/// </summary>
internal sealed class TokenVerification(
    KeyRing keys, IIssuerNameService issuer, Grants grants, IOptions<IdentityServerOptions> options, TimeProvider clock)
{
    /// <summary>The token, or null if it is foreign, altered, expired or revoked.</summary>
    public async Task<VerifiedAccessToken?> VerifyAccessTokenAsync(string value, CancellationToken ct)
    {
        var token = await VerifyAsync(value, options.Value.AccessTokenJwtType, ct);
        if (token is null || !token.TryGetClaim("client_id", out _) || !token.TryGetClaim("jti", out _) || Expires(token) <= clock.GetUtcNow())
            return null;
        var verified = new VerifiedAccessToken(token);
        if (verified.GrantId is { } grant && !await grants.IsAliveAsync(grant, ct))
            return null;
        return await grants.IsAccessTokenRevokedAsync(verified.Id, ct) ? null : verified;
    }

    /// <summary>An identity token of this server; it may have expired (OpenID Connect RP-Initiated Logout 1.0, section 2).</summary>
    public Task<JsonWebToken?> VerifyIdTokenHintAsync(string value, CancellationToken ct) => VerifyAsync(value, "JWT", ct);

    static DateTimeOffset Expires(JsonWebToken token) =>
        token.TryGetClaim("exp", out var claim)
            ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(claim.Value, CultureInfo.InvariantCulture))
            : DateTimeOffset.MinValue;

    async Task<JsonWebToken?> VerifyAsync(string value, string type, CancellationToken ct)
    {
        if (value.Length > options.Value.InputLengthRestrictions.Jwt || value.Count(c => c == '.') != 2)
            return null;
        var handler = new JsonWebTokenHandler();
        if (!handler.CanReadToken(value))
            return null;
        JsonWebToken unverified;
        try
        {
            unverified = new JsonWebToken(value);
        }
        catch (ArgumentException)
        {
            return null;
        }
        if (string.IsNullOrEmpty(unverified.Kid) || await keys.FindAsync(unverified.Kid, ct) is not { } key)
            return null;
        var result = await handler.ValidateTokenAsync(value, new TokenValidationParameters
        {
            ValidIssuer = await issuer.GetCurrentAsync(ct),
            IssuerSigningKey = key.Key,
            ValidAlgorithms = [key.Algorithm],
            ValidTypes = [type],
            ValidateAudience = false,
            // The caller decides: hints may have expired, and time comes from TimeProvider.
            ValidateLifetime = false,
        });
        return result.IsValid ? (JsonWebToken)result.SecurityToken : null;
    }
}
