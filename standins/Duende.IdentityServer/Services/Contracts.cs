using System.Security.Claims;
using Duende.IdentityServer.Models;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Services;

/// <summary>Connects the server to the accounts of the host.</summary>
public interface IProfileService
{
    /// <summary>Adds the claims for a token or for userinfo to <see cref="ProfileDataRequestContext.IssuedClaims"/>.</summary>
    Task GetProfileDataAsync(ProfileDataRequestContext context, CancellationToken ct);

    /// <summary>Sets <see cref="IsActiveContext.IsActive"/> to false for people who may not get tokens any more.</summary>
    Task IsActiveAsync(IsActiveContext context, CancellationToken ct);
}

/// <summary>What the pages of the host ask the server.</summary>
public interface IIdentityServerInteractionService
{
    /// <summary>The authorization request behind a return address, or null when it is none of this server.</summary>
    Task<AuthorizationRequest?> GetAuthorizationContextAsync(string? returnUrl, CancellationToken ct);

    /// <summary>True for addresses of this server that continue an authorization request.</summary>
    bool IsValidReturnUrl(string? returnUrl);

    /// <summary>What went wrong, or null for an unknown id.</summary>
    Task<ErrorMessage?> GetErrorContextAsync(string? errorId, CancellationToken ct);

    /// <summary>What a sign-out request asked for; empty but for the session when the id is unknown.</summary>
    Task<LogoutRequest> GetLogoutContextAsync(string? logoutId, CancellationToken ct);

    /// <summary>An id for the session of now, for pages that leave to an external provider first; null when nobody is signed in.</summary>
    Task<string?> CreateLogoutContextAsync(CancellationToken ct);

    /// <summary>Stores the answer of the consent page; then redirect to the return address.</summary>
    Task GrantConsentAsync(AuthorizationRequest request, ConsentResponse consent, string? subject, CancellationToken ct);

    /// <summary>Stores a refusal; then redirect to the return address, which answers the client with the error.</summary>
    Task DenyAuthorizationAsync(AuthorizationRequest request, AuthorizationError error, string? errorDescription, CancellationToken ct);

    /// <summary>What the signed-in person granted to clients.</summary>
    Task<IEnumerable<Grant>> GetAllUserGrantsAsync(CancellationToken ct);

    /// <summary>Revokes what the signed-in person granted to a client, or to all.</summary>
    Task RevokeUserConsentAsync(string? clientId, CancellationToken ct);

    /// <summary>Revokes what was granted in this session.</summary>
    Task RevokeTokensForCurrentSessionAsync(CancellationToken ct);
}

/// <summary>Grants of a person, for account pages and administration.</summary>
public interface IPersistedGrantService
{
    Task<IEnumerable<Grant>> GetAllGrantsAsync(string subjectId, CancellationToken ct);

    /// <summary>Revokes the tokens of a person: all, or those of one client or one session.</summary>
    Task RemoveAllGrantsAsync(string subjectId, string? clientId, string? sessionId, CancellationToken ct);
}

/// <summary>The session of a person in a browser.</summary>
public interface IUserSession
{
    /// <summary>Who is signed in, or null.</summary>
    Task<ClaimsPrincipal?> GetUserAsync(CancellationToken ct);

    /// <summary>The <c>sid</c> of the session, or null.</summary>
    Task<string?> GetSessionIdAsync(CancellationToken ct);

    /// <summary>Remembers that a client got tokens in this session, so that it hears of its end.</summary>
    Task AddClientIdAsync(string clientId, CancellationToken ct);

    /// <summary>Clients that got tokens in this session.</summary>
    Task<IEnumerable<string>> GetClientListAsync(CancellationToken ct);
}

/// <summary>The public address of the server as seen by the current request.</summary>
public interface IServerUrls
{
    /// <summary>Scheme, host and port.</summary>
    string Origin { get; set; }

    /// <summary>Path base, without slash at its end.</summary>
    string? BasePath { get; set; }

    /// <summary>Origin and path base.</summary>
    string BaseUrl => Origin + BasePath;
}

/// <summary>The issuer of tokens.</summary>
public interface IIssuerNameService
{
    Task<string> GetCurrentAsync(CancellationToken ct);
}

/// <summary>Signing and validation keys.</summary>
public interface IKeyMaterialService
{
    /// <summary>The key that signs now: of the first of the algorithms that is kept, of the default one if null or empty.</summary>
    Task<SigningCredentials> GetSigningCredentialsAsync(IEnumerable<string>? allowedAlgorithms, CancellationToken ct);

    /// <summary>Every key in the published set: announced, signing and retired.</summary>
    Task<IEnumerable<SecurityKeyInfo>> GetValidationKeysAsync(CancellationToken ct);
}

/// <summary>Tells clients that a session ended.</summary>
public interface IBackChannelLogoutService
{
    /// <summary>Sends the notices; failures are logged, never thrown.</summary>
    Task SendLogoutNotificationsAsync(LogoutNotificationContext context, CancellationToken ct);
}
