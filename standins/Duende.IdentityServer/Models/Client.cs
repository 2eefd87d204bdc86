using System.Security.Claims;

namespace Duende.IdentityServer.Models;

/// <summary>An application that may ask for tokens. Lifetimes are in seconds.</summary>
public sealed class Client
{
    public bool Enabled { get; set; } = true;
    public string ClientId { get; set; } = null!;
    public string ProtocolType { get; set; } = "oidc";

    /// <summary>Hashed secrets; any unexpired one authenticates the client.</summary>
    public ICollection<Secret> ClientSecrets { get; set; } = new HashSet<Secret>();

    /// <summary>False for public clients (RFC 6749, section 2.1): they prove themselves by PKCE alone.</summary>
    public bool RequireClientSecret { get; set; } = true;

    public string? ClientName { get; set; }
    public string? Description { get; set; }
    public string? ClientUri { get; set; }
    public string? LogoUri { get; set; }
    public bool RequireConsent { get; set; }
    public bool AllowRememberConsent { get; set; } = true;
    public ICollection<string> AllowedGrantTypes { get; set; } = new HashSet<string>();
    public bool RequirePkce { get; set; } = true;

    /// <summary>The stand-in refuses true: RFC 9700, section 2.1.1 asks for S256.</summary>
    public bool AllowPlainTextPkce { get; set; }

    /// <summary>Compared character by character (RFC 9700, section 2.1).</summary>
    public ICollection<string> RedirectUris { get; set; } = new HashSet<string>();

    /// <summary>Compared character by character (OpenID Connect RP-Initiated Logout 1.0, section 3).</summary>
    public ICollection<string> PostLogoutRedirectUris { get; set; } = new HashSet<string>();

    public string? FrontChannelLogoutUri { get; set; }
    public bool FrontChannelLogoutSessionRequired { get; set; } = true;

    /// <summary>Receives a logout token when the session ends (OpenID Connect Back-Channel Logout 1.0).</summary>
    public string? BackChannelLogoutUri { get; set; }
    public bool BackChannelLogoutSessionRequired { get; set; } = true;

    public bool AllowOfflineAccess { get; set; }
    public ICollection<string> AllowedScopes { get; set; } = new HashSet<string>();
    public bool AlwaysIncludeUserClaimsInIdToken { get; set; }
    public int IdentityTokenLifetime { get; set; } = 300;
    public ICollection<string> AllowedIdentityTokenSigningAlgorithms { get; set; } = new HashSet<string>();
    public int AccessTokenLifetime { get; set; } = 3600;
    public int AuthorizationCodeLifetime { get; set; } = 300;

    /// <summary>Longest life of a chain of refresh tokens; 0 with sliding expiration means no limit.</summary>
    public int AbsoluteRefreshTokenLifetime { get; set; } = 2592000;
    public int SlidingRefreshTokenLifetime { get; set; } = 1296000;
    public int? ConsentLifetime { get; set; }

    /// <summary>Public clients always get <see cref="TokenUsage.OneTimeOnly"/> (RFC 9700, section 2.2.2).</summary>
    public TokenUsage RefreshTokenUsage { get; set; } = TokenUsage.ReUse;

    /// <summary>The stand-in always asks the profile service anew.</summary>
    public bool UpdateAccessTokenClaimsOnRefresh { get; set; }
    public TokenExpiration RefreshTokenExpiration { get; set; } = TokenExpiration.Absolute;

    /// <summary>Only <see cref="AccessTokenType.Jwt"/> is supported.</summary>
    public AccessTokenType AccessTokenType { get; set; } = AccessTokenType.Jwt;
    public bool EnableLocalLogin { get; set; } = true;
    public ICollection<string> IdentityProviderRestrictions { get; set; } = new HashSet<string>();
    public bool IncludeJwtId { get; set; } = true;

    /// <summary>Claims of the client itself, in tokens of client credentials.</summary>
    public ICollection<ClientClaim> Claims { get; set; } = new HashSet<ClientClaim>();
    public bool AlwaysSendClientClaims { get; set; }
    public string? ClientClaimsPrefix { get; set; } = "client_";

    /// <summary>Oldest sign-in that this client accepts.</summary>
    public int? UserSsoLifetime { get; set; }
    public ICollection<string> AllowedCorsOrigins { get; set; } = new HashSet<string>();
    public IDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();

    /// <summary>Sign-out revokes this client's grants; null: as the server's options say.</summary>
    public bool? CoordinateLifetimeWithUserSession { get; set; }
    public string? InitiateLoginUri { get; set; }
}

/// <summary>A claim about a client.</summary>
public sealed class ClientClaim
{
    public ClientClaim()
    {
    }

    public ClientClaim(string type, string value) => (Type, Value) = (type, value);

    public ClientClaim(string type, string value, string valueType) => (Type, Value, ValueType) = (type, value, valueType);

    public string Type { get; set; } = null!;
    public string Value { get; set; } = null!;
    public string ValueType { get; set; } = ClaimValueTypes.String;
}

/// <summary>Sets of grant types for <see cref="Client.AllowedGrantTypes"/>.</summary>
public static class GrantTypes
{
    public static ICollection<string> Code => [GrantType.AuthorizationCode];
    public static ICollection<string> ClientCredentials => [GrantType.ClientCredentials];
    public static ICollection<string> CodeAndClientCredentials => [GrantType.AuthorizationCode, GrantType.ClientCredentials];
}

/// <summary>Grant types of RFC 6749 that the server supports.</summary>
public static class GrantType
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
}

/// <summary>Whether a refresh token survives its use.</summary>
public enum TokenUsage
{
    ReUse = 0,
    OneTimeOnly = 1,
}

/// <summary>Whether use of a refresh token prolongs it.</summary>
public enum TokenExpiration
{
    Sliding = 0,
    Absolute = 1,
}

/// <summary>Form of access tokens.</summary>
public enum AccessTokenType
{
    Jwt = 0,
    Reference = 1,
}
