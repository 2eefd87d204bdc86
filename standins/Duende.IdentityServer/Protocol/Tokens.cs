using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Extensions;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Protocol;

/// <summary>Writes access, identity and logout tokens.</summary>
internal sealed class Tokens(
    IKeyMaterialService keys,
    IIssuerNameService issuer,
    IProfileService profiles,
    Scopes scopes,
    IOptions<IdentityServerOptions> options,
    TimeProvider clock)
{
    // Claims that the protocol owns: a profile service cannot overwrite them.
    static readonly HashSet<string> _protocolClaims =
    [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "azp", "at_hash", "c_hash", "s_hash", "auth_time", "idp", "amr",
        "sid", "client_id", "scope", "grant_id", "events",
    ];

    /// <summary>An access token about a person (RFC 9068).</summary>
    public async Task<string> CreateAccessTokenAsync(
        Client client, Authorization authorization, IReadOnlyList<string> scopeNames, CancellationToken ct)
    {
        var resources = (await scopes.ResolveAsync(scopeNames, ct)).Resources;
        var subject = authorization.Subject();
        var claims = await StartAccessTokenAsync(client, scopeNames, resources, ct);
        AddSubject(claims, subject);
        claims["sid"] = authorization.SessionId;
        claims["grant_id"] = authorization.GrantId;
        var types = resources.ApiScopes.SelectMany(scope => scope.UserClaims).Concat(resources.ApiResources.SelectMany(api => api.UserClaims));
        AddClaims(claims, await ProfileClaimsAsync(client, subject, types, IdentityServerConstants.ProfileDataCallers.ClaimsProviderAccessToken, ct));
        if (client.AlwaysSendClientClaims)
            AddClaims(claims, ClientClaims(client));
        return await SignAsync(claims, options.Value.AccessTokenJwtType, client, ct);
    }

    /// <summary>An access token of a client for itself (RFC 6749, section 4.4).</summary>
    public async Task<string> CreateClientTokenAsync(Client client, IReadOnlyList<string> scopeNames, CancellationToken ct)
    {
        var resources = (await scopes.ResolveAsync(scopeNames, ct)).Resources;
        var claims = await StartAccessTokenAsync(client, scopeNames, resources, ct);
        AddClaims(claims, ClientClaims(client));
        return await SignAsync(claims, options.Value.AccessTokenJwtType, client, ct);
    }

    /// <summary>An identity token (OpenID Connect Core 1.0, sections 2 and 3.1.3.6).</summary>
    public async Task<string> CreateIdentityTokenAsync(
        Client client, Authorization authorization, string? nonce, string accessToken, CancellationToken ct)
    {
        var subject = authorization.Subject();
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = await issuer.GetCurrentAsync(ct),
            ["aud"] = client.ClientId,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + client.IdentityTokenLifetime,
            ["sid"] = authorization.SessionId,
        };
        AddSubject(claims, subject);
        if (nonce is not null)
            claims["nonce"] = nonce;
        var credentials = await keys.GetSigningCredentialsAsync(client.AllowedIdentityTokenSigningAlgorithms, ct);
        claims["at_hash"] = LeftHalfHash(accessToken, credentials.Algorithm);
        if (client.AlwaysIncludeUserClaimsInIdToken)
        {
            var resources = (await scopes.ResolveAsync(authorization.Scopes, ct)).Resources;
            AddClaims(claims, await ProfileClaimsAsync(client, subject, resources.IdentityResources.SelectMany(resource => resource.UserClaims),
                IdentityServerConstants.ProfileDataCallers.ClaimsProviderIdentityToken, ct));
        }
        return Sign(claims, "JWT", credentials);
    }

    /// <summary>A logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4): it has no nonce and lives two minutes.</summary>
    public async Task<string> CreateLogoutTokenAsync(Client client, string subjectId, string? sessionId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = await issuer.GetCurrentAsync(ct),
            ["aud"] = client.ClientId,
            ["iat"] = now,
            ["exp"] = now + 120,
            ["jti"] = NewTokenId(),
            ["sub"] = subjectId,
            ["events"] = new Dictionary<string, object>
            {
                ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>(),
            },
        };
        if (client.BackChannelLogoutSessionRequired && sessionId is not null)
            claims["sid"] = sessionId;
        return await SignAsync(claims, options.Value.LogoutTokenJwtType, client, ct);
    }

    /// <summary>Claims for userinfo (OpenID Connect Core 1.0, section 5.3.2).</summary>
    public async Task<Dictionary<string, object>> CreateUserInfoAsync(
        Client client, ClaimsPrincipal subject, IReadOnlyList<string> scopeNames, CancellationToken ct)
    {
        var resources = (await scopes.ResolveAsync(scopeNames, ct)).Resources;
        var claims = new Dictionary<string, object>();
        AddClaims(claims, await ProfileClaimsAsync(client, subject, resources.IdentityResources.SelectMany(resource => resource.UserClaims),
            IdentityServerConstants.ProfileDataCallers.UserInfoEndpoint, ct));
        claims["sub"] = subject.GetSubjectId();
        return claims;
    }

    async Task<Dictionary<string, object>> StartAccessTokenAsync(
        Client client, IReadOnlyList<string> scopeNames, Resources resources, CancellationToken ct)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        var issuerName = await issuer.GetCurrentAsync(ct);
        var audiences = resources.ApiResources.Select(api => api.Name).Distinct().ToList();
        if (options.Value.EmitStaticAudienceClaim)
            audiences.Add($"{issuerName.TrimEnd('/')}/resources");
        var claims = new Dictionary<string, object>
        {
            ["iss"] = issuerName,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + client.AccessTokenLifetime,
            ["client_id"] = client.ClientId,
            ["jti"] = NewTokenId(),
            ["scope"] = options.Value.EmitScopesAsSpaceDelimitedStringInJwt ? string.Join(' ', scopeNames) : scopeNames.ToArray(),
        };
        if (audiences.Count > 0)
            claims["aud"] = audiences.Count == 1 ? audiences[0] : audiences.ToArray();
        return claims;
    }

    async Task<IEnumerable<Claim>> ProfileClaimsAsync(
        Client client, ClaimsPrincipal subject, IEnumerable<string> types, string caller, CancellationToken ct)
    {
        var context = new ProfileDataRequestContext(subject, client, caller, [.. types.Distinct()]);
        await profiles.GetProfileDataAsync(context, ct);
        return context.IssuedClaims;
    }

    static IEnumerable<Claim> ClientClaims(Client client) =>
        client.Claims.Select(claim => new Claim(client.ClientClaimsPrefix + claim.Type, claim.Value, claim.ValueType));

    static void AddSubject(Dictionary<string, object> claims, ClaimsPrincipal subject)
    {
        claims["sub"] = subject.GetSubjectId();
        claims["auth_time"] = subject.GetAuthenticationTimeEpoch();
        claims["idp"] = subject.GetIdentityProvider();
        var methods = subject.FindAll("amr").Select(claim => claim.Value).Distinct().ToArray();
        if (methods.Length > 0)
            claims["amr"] = methods;
    }

    static void AddClaims(Dictionary<string, object> claims, IEnumerable<Claim> added)
    {
        foreach (var group in added.Where(claim => !_protocolClaims.Contains(claim.Type)).GroupBy(claim => claim.Type))
        {
            var values = group.DistinctBy(claim => claim.Value).Select(Value).ToArray();
            claims[group.Key] = values.Length == 1 ? values[0] : values;
        }
    }

    static object Value(Claim claim) => claim.ValueType switch
    {
        ClaimValueTypes.Boolean when bool.TryParse(claim.Value, out var flag) => flag,
        ClaimValueTypes.Integer or ClaimValueTypes.Integer32 or ClaimValueTypes.Integer64
            when long.TryParse(claim.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
        "json" or JsonClaimValueTypes.Json or JsonClaimValueTypes.JsonArray => JsonDocument.Parse(claim.Value).RootElement.Clone(),
        _ => claim.Value,
    };

    async Task<string> SignAsync(Dictionary<string, object> claims, string type, Client client, CancellationToken ct) =>
        Sign(claims, type, await keys.GetSigningCredentialsAsync(client.AllowedIdentityTokenSigningAlgorithms, ct));

    static string Sign(Dictionary<string, object> claims, string type, SigningCredentials credentials) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            TokenType = type,
            SigningCredentials = credentials,
        });

    // OpenID Connect Core 1.0, section 3.1.3.6: the hash of the signing algorithm, its left half.
    static string LeftHalfHash(string value, string algorithm)
    {
        var bytes = Encoding.ASCII.GetBytes(value);
        var hash = algorithm[^3..] switch
        {
            "384" => SHA384.HashData(bytes),
            "512" => SHA512.HashData(bytes),
            _ => SHA256.HashData(bytes),
        };
        return Base64UrlEncoder.Encode(hash[..(hash.Length / 2)]);
    }

    static string NewTokenId() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
}
