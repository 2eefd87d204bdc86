namespace Duende.IdentityServer.Configuration;

/// <summary>Settings of the token server.</summary>
public sealed class IdentityServerOptions
{
    /// <summary>Issuer of every token. Empty: scheme, host and path base of the request.</summary>
    public string? IssuerUri { get; set; }

    /// <summary>Lower-cases an issuer taken from the request.</summary>
    public bool LowerCaseIssuerUri { get; set; } = true;

    /// <summary><c>typ</c> of access tokens (RFC 9068, section 2.1).</summary>
    public string AccessTokenJwtType { get; set; } = "at+jwt";

    /// <summary><c>typ</c> of logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.4).</summary>
    public string LogoutTokenJwtType { get; set; } = "logout+jwt";

    /// <summary>Adds the audience <c>{issuer}/resources</c> to every access token.</summary>
    public bool EmitStaticAudienceClaim { get; set; }

    /// <summary>Writes <c>scope</c> as one string (RFC 9068, section 2.2.3) instead of an array.</summary>
    public bool EmitScopesAsSpaceDelimitedStringInJwt { get; set; }

    /// <summary>Adds <c>iss</c> to authorization responses (RFC 9207).</summary>
    public bool EmitIssuerIdentificationResponseParameter { get; set; } = true;

    /// <summary>Key of the official package; the stand-in needs none.</summary>
    public string? LicenseKey { get; set; }

    public KeyManagementOptions KeyManagement { get; set; } = new();
    public EndpointsOptions Endpoints { get; set; } = new();
    public DiscoveryOptions Discovery { get; set; } = new();
    public AuthenticationOptions Authentication { get; set; } = new();
    public EventsOptions Events { get; set; } = new();
    public UserInteractionOptions UserInteraction { get; set; } = new();
    public InputLengthRestrictions InputLengthRestrictions { get; set; } = new();
    public PersistentGrantOptions PersistentGrants { get; set; } = new();
}

/// <summary>Automatic signing keys: each signs for <see cref="RotationInterval"/>, is announced before and published after.</summary>
public sealed class KeyManagementOptions
{
    /// <summary>Must stay true: the stand-in has no other source of keys.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Algorithms to keep keys for; the first one signs unless a client asks for another.</summary>
    public ICollection<SigningAlgorithmOptions> SigningAlgorithms { get; set; } = [new("RS256")];

    /// <summary>Bits of a new RSA key.</summary>
    public int RsaKeySize { get; set; } = 2048;

    /// <summary>Age at which a key stops signing.</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a new key is published before it signs.</summary>
    public TimeSpan PropagationTime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a key stays published after it stopped signing.</summary>
    public TimeSpan RetentionDuration { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Removes keys from the store when their retention ends.</summary>
    public bool DeleteRetiredKeys { get; set; } = true;

    /// <summary>Encrypts stored keys with ASP.NET Core Data Protection.</summary>
    public bool DataProtectKeys { get; set; } = true;

    /// <summary>How long keys from the store are cached.</summary>
    public TimeSpan KeyCacheDuration { get; set; } = TimeSpan.FromHours(24);

    /// <summary>While the newest key is younger than this, several servers may be making their first keys.</summary>
    public TimeSpan InitializationDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Cache time during <see cref="InitializationDuration"/>.</summary>
    public TimeSpan InitializationKeyCacheDuration { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>One signing algorithm: RS256/384/512, PS256/384/512 or ES256/384/512.</summary>
public sealed class SigningAlgorithmOptions(string name)
{
    public string Name { get; set; } = name;

    /// <summary>Not supported by the stand-in; leave false.</summary>
    public bool UseX509Certificate { get; set; }
}

/// <summary>Switches for the protocol endpoints.</summary>
public sealed class EndpointsOptions
{
    public bool EnableAuthorizeEndpoint { get; set; } = true;
    public bool EnableTokenEndpoint { get; set; } = true;
    public bool EnableUserInfoEndpoint { get; set; } = true;
    public bool EnableDiscoveryEndpoint { get; set; } = true;
    public bool EnableEndSessionEndpoint { get; set; } = true;
    public bool EnableTokenRevocationEndpoint { get; set; } = true;
    public bool EnableIntrospectionEndpoint { get; set; } = true;
}

/// <summary>What the discovery document shows.</summary>
public sealed class DiscoveryOptions
{
    public bool ShowIdentityScopes { get; set; } = true;
    public bool ShowApiScopes { get; set; } = true;
    public bool ShowClaims { get; set; } = true;

    /// <summary>Additional members of the document; a string that starts with <c>~/</c> becomes an absolute address.</summary>
    public Dictionary<string, object> CustomEntries { get; set; } = [];
}

/// <summary>The session of the person at this server.</summary>
public sealed class AuthenticationOptions
{
    /// <summary>Cookie scheme of signed-in people. Null: that of ASP.NET Core Identity, else the default scheme.</summary>
    public string? CookieAuthenticationScheme { get; set; }

    /// <summary>Lifetime of the cookie that this server configures itself.</summary>
    public TimeSpan CookieLifetime { get; set; } = TimeSpan.FromHours(10);

    public bool CookieSlidingExpiration { get; set; }

    /// <summary>Ignores what an end-session request asks for unless somebody is signed in.</summary>
    public bool RequireAuthenticatedUserForSignOutMessage { get; set; }

    /// <summary>Sign-out revokes the grants of every client in the session, unless a client says otherwise.</summary>
    public bool CoordinateClientLifetimesWithUserSession { get; set; }
}

/// <summary>Which events reach the <see cref="Services.IEventSink"/>.</summary>
public sealed class EventsOptions
{
    public bool RaiseSuccessEvents { get; set; }
    public bool RaiseFailureEvents { get; set; }
    public bool RaiseErrorEvents { get; set; }
    public bool RaiseInformationEvents { get; set; }
}

/// <summary>Pages of the host that people are sent to.</summary>
public sealed class UserInteractionOptions
{
    public string? LoginUrl { get; set; } = "/Account/Login";
    public string? LoginReturnUrlParameter { get; set; } = "ReturnUrl";
    public string? LogoutUrl { get; set; } = "/Account/Logout";
    public string? LogoutIdParameter { get; set; } = "logoutId";
    public string? ConsentUrl { get; set; } = "/consent";
    public string? ConsentReturnUrlParameter { get; set; } = "returnUrl";
    public string? ErrorUrl { get; set; } = "/home/error";
    public string? ErrorIdParameter { get; set; } = "errorId";

    /// <summary>Page for <c>prompt=create</c>; null: the value is not supported.</summary>
    public string? CreateAccountUrl { get; set; }
    public string? CreateAccountReturnUrlParameter { get; set; } = "returnUrl";
}

/// <summary>Longest accepted values, in characters.</summary>
public sealed class InputLengthRestrictions
{
    public int ClientId { get; set; } = 100;
    public int ClientSecret { get; set; } = 100;
    public int Scope { get; set; } = 300;
    public int RedirectUri { get; set; } = 400;
    public int Nonce { get; set; } = 300;
    public int UiLocale { get; set; } = 100;
    public int LoginHint { get; set; } = 100;
    public int AcrValues { get; set; } = 300;
    public int GrantType { get; set; } = 100;
    public int AuthorizationCode { get; set; } = 100;
    public int RefreshToken { get; set; } = 100;
    public int Jwt { get; set; } = 51200;

    /// <summary>RFC 7636, section 4.2; S256 always gives 43.</summary>
    public int CodeChallengeMinLength { get; } = 43;
    public int CodeChallengeMaxLength { get; } = 128;

    /// <summary>RFC 7636, section 4.1.</summary>
    public int CodeVerifierMinLength { get; } = 43;
    public int CodeVerifierMaxLength { get; } = 128;
}

/// <summary>How grants are stored.</summary>
public sealed class PersistentGrantOptions
{
    /// <summary>Encrypts <see cref="Models.PersistedGrant.Data"/> with ASP.NET Core Data Protection.</summary>
    public bool DataProtectData { get; set; } = true;
}
