using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Protocol;

/// <summary>A claim in stored data.</summary>
internal sealed record StoredClaim(string Type, string Value, string ValueType);

/// <summary>Who granted what to whom; the common part of codes and refresh tokens.</summary>
internal sealed record Authorization(
    string GrantId,
    string ClientId,
    string SubjectId,
    string SessionId,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<StoredClaim> SubjectClaims)
{
    public ClaimsPrincipal Subject() =>
        new(new ClaimsIdentity(SubjectClaims.Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType)), "stored", "name", "role"));

    public static IReadOnlyList<StoredClaim> Store(ClaimsPrincipal subject) =>
        [.. subject.Claims.Select(claim => new StoredClaim(claim.Type, claim.Value, claim.ValueType))];
}

/// <summary>An authorization code (RFC 6749, section 4.1.2).</summary>
internal sealed record AuthorizationCode(Authorization Authorization, string RedirectUri, string? CodeChallenge, string? Nonce);

/// <summary>A refresh token; <paramref name="FamilyCreated"/> is when the first one of its family was issued.</summary>
internal sealed record RefreshToken(Authorization Authorization, DateTimeOffset FamilyCreated);

/// <summary>What the store knows about a handle.</summary>
internal sealed record StoredGrant<T>(string Key, T Value, DateTimeOffset? Expiration, bool Consumed);

/// <summary>
/// Codes, refresh tokens and the grants they belong to. Every code starts a grant, a row of its own; the tokens that follow from
/// the code name it and are worth nothing once the row is gone. So revoking a family is one delete, whatever happens in parallel.
/// </summary>
internal sealed class Grants(
    IPersistedGrantStore store,
    IDataProtectionProvider dataProtection,
    IOptions<IdentityServerOptions> options,
    TimeProvider clock,
    ILogger<Grants> logger)
{
    const string GrantRow = "grant";
    const string RevokedAccessToken = "revoked_token";

    readonly IDataProtector _protector = dataProtection.CreateProtector("Duende.IdentityServer.Grants");

    IOneTimeGrantStore Store => store as IOneTimeGrantStore
        ?? throw new NotSupportedException($"{store.GetType().Name} cannot redeem a grant once only; use the in-memory or the operational store.");

    public static string NewHandle() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>Starts a grant. It outlives the last token that can follow from its code.</summary>
    public Task StartAsync(Authorization authorization, Client client, CancellationToken ct)
    {
        var seconds = authorization.Scopes.Contains(IdentityServerConstants.StandardScopes.OfflineAccess)
            ? client.AbsoluteRefreshTokenLifetime + (long)client.AccessTokenLifetime
            : client.AccessTokenLifetime;
        var unlimited = client is { AbsoluteRefreshTokenLifetime: 0, RefreshTokenExpiration: TokenExpiration.Sliding };
        return StoreAsync(GrantRow, authorization.GrantId, authorization, authorization,
            unlimited ? null : TimeSpan.FromSeconds(client.AuthorizationCodeLifetime + seconds), ct);
    }

    public async Task<bool> IsAliveAsync(string grantId, CancellationToken ct) =>
        await FindAsync<Authorization>(GrantRow, grantId, ct) is { } grant && !IsExpired(grant.Expiration);

    /// <summary>Ends a grant: every refresh token of its family is dead, and every access token inactive.</summary>
    public Task RevokeAsync(string grantId, CancellationToken ct) => Store.RemoveAsync(KeyOf(GrantRow, grantId), ct);

    public async Task<string> IssueCodeAsync(AuthorizationCode code, TimeSpan lifetime, CancellationToken ct)
    {
        var handle = NewHandle();
        await StoreAsync(IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, handle, code, code.Authorization, lifetime, ct);
        return handle;
    }

    public Task<StoredGrant<AuthorizationCode>?> FindCodeAsync(string handle, CancellationToken ct) =>
        FindAsync<AuthorizationCode>(IdentityServerConstants.PersistedGrantTypes.AuthorizationCode, handle, ct);

    public async Task<string> IssueRefreshTokenAsync(RefreshToken token, TimeSpan lifetime, CancellationToken ct)
    {
        var handle = NewHandle();
        await StoreRefreshTokenAsync(handle, token, lifetime, ct);
        return handle;
    }

    public Task StoreRefreshTokenAsync(string handle, RefreshToken token, TimeSpan? lifetime, CancellationToken ct) =>
        StoreAsync(IdentityServerConstants.PersistedGrantTypes.RefreshToken, handle, token, token.Authorization, lifetime, ct);

    public Task<StoredGrant<RefreshToken>?> FindRefreshTokenAsync(string handle, CancellationToken ct) =>
        FindAsync<RefreshToken>(IdentityServerConstants.PersistedGrantTypes.RefreshToken, handle, ct);

    /// <summary>True for exactly one caller per code or refresh token.</summary>
    public Task<bool> TryConsumeAsync<T>(StoredGrant<T> grant, CancellationToken ct) =>
        Store.TryConsumeAsync(grant.Key, clock.GetUtcNow().UtcDateTime, ct);

    /// <summary>Remembers until its expiry that an access token is revoked.</summary>
    public Task RevokeAccessTokenAsync(string tokenId, string clientId, string? subjectId, DateTimeOffset expires, CancellationToken ct) =>
        Store.StoreAsync(new PersistedGrant
        {
            Key = KeyOf(RevokedAccessToken, tokenId),
            Type = RevokedAccessToken,
            ClientId = clientId,
            SubjectId = subjectId,
            CreationTime = clock.GetUtcNow().UtcDateTime,
            Expiration = expires.UtcDateTime,
            Data = string.Empty,
        }, ct);

    public async Task<bool> IsAccessTokenRevokedAsync(string tokenId, CancellationToken ct) =>
        await Store.GetAsync(KeyOf(RevokedAccessToken, tokenId), ct) is not null;

    public bool IsExpired(DateTimeOffset? expiration) => expiration is { } end && end <= clock.GetUtcNow();

    public async Task<IReadOnlyList<(PersistedGrant Row, Authorization Authorization)>> OfSubjectAsync(string subjectId, CancellationToken ct)
    {
        var rows = await Store.GetAllAsync(new PersistedGrantFilter { SubjectId = subjectId, Type = GrantRow }, ct);
        return [.. rows
            .Where(row => !IsExpired(row.Expiration))
            .Select(row => (Row: row, Authorization: Read<Authorization>(row)))
            .Where(pair => pair.Authorization is not null)
            .Select(pair => (pair.Row, pair.Authorization!))];
    }

    public Task RevokeAllAsync(string subjectId, string? clientId, string? sessionId, CancellationToken ct) =>
        Store.RemoveAllAsync(new PersistedGrantFilter { SubjectId = subjectId, ClientId = clientId, SessionId = sessionId }, ct);

    public Task StoreAsync<T>(string type, string handle, T value, Authorization authorization, TimeSpan? lifetime, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var json = JsonSerializer.Serialize(value);
        return Store.StoreAsync(new PersistedGrant
        {
            Key = KeyOf(type, handle),
            Type = type,
            ClientId = authorization.ClientId,
            SubjectId = authorization.SubjectId,
            SessionId = authorization.SessionId,
            CreationTime = now.UtcDateTime,
            Expiration = (now + lifetime)?.UtcDateTime,
            Data = options.Value.PersistentGrants.DataProtectData ? _protector.Protect(json) : json,
        }, ct);
    }

    public async Task<StoredGrant<T>?> FindAsync<T>(string type, string handle, CancellationToken ct)
        where T : class
    {
        var row = await Store.GetAsync(KeyOf(type, handle), ct);
        return row is not null && row.Type == type && Read<T>(row) is { } value
            ? new StoredGrant<T>(row.Key, value, row.Expiration is { } end ? new DateTimeOffset(DateTime.SpecifyKind(end, DateTimeKind.Utc)) : null, row.ConsumedTime is not null)
            : null;
    }

    T? Read<T>(PersistedGrant row)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(options.Value.PersistentGrants.DataProtectData ? _protector.Unprotect(row.Data) : row.Data);
        }
        catch (Exception error) when (error is CryptographicException or JsonException)
        {
            logger.LogError(error, "A grant of type {Type} of client {ClientId} cannot be read and counts as absent", row.Type, row.ClientId);
            return null;
        }
    }

    // A leaked database gives no usable code or token: handles have 256 bits, so a plain hash suffices.
    static string KeyOf(string type, string handle) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{handle}:{type}")));
}
