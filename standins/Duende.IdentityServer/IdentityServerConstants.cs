namespace Duende.IdentityServer;

/// <summary>Names that configuration and the stores share.</summary>
public static class IdentityServerConstants
{
    /// <summary>The <c>idp</c> claim of somebody who signed in with a password of this server.</summary>
    public const string LocalIdentityProvider = "local";

    /// <summary>Cookie scheme used when the host configures none of its own.</summary>
    public const string DefaultCookieAuthenticationScheme = "idsrv";

    /// <summary>Scheme that sign-out pages use.</summary>
    public const string SignoutScheme = "idsrv";

    /// <summary>Cookie scheme that carries the answer of an external identity provider.</summary>
    public const string ExternalCookieAuthenticationScheme = "idsrv.external";

    /// <summary>Scopes of OpenID Connect Core 1.0, section 5.4 and 11.</summary>
    public static class StandardScopes
    {
        public const string OpenId = "openid";
        public const string Profile = "profile";
        public const string Email = "email";
        public const string Address = "address";
        public const string Phone = "phone";
        public const string OfflineAccess = "offline_access";
    }

    /// <summary>Values of <see cref="Models.PersistedGrant.Type"/>.</summary>
    public static class PersistedGrantTypes
    {
        public const string AuthorizationCode = "authorization_code";
        public const string ReferenceToken = "reference_token";
        public const string RefreshToken = "refresh_token";
        public const string UserConsent = "user_consent";
    }

    /// <summary>Values of <see cref="Models.ProfileDataRequestContext.Caller"/>.</summary>
    public static class ProfileDataCallers
    {
        public const string UserInfoEndpoint = "UserInfoEndpoint";
        public const string ClaimsProviderIdentityToken = "ClaimsProviderIdentityToken";
        public const string ClaimsProviderAccessToken = "ClaimsProviderAccessToken";
    }

    /// <summary>Values of <see cref="Models.IsActiveContext.Caller"/>.</summary>
    public static class ProfileIsActiveCallers
    {
        public const string AuthorizeEndpoint = "AuthorizeEndpoint";
        public const string AuthorizationCodeValidation = "AuthorizationCodeValidation";
        public const string RefreshTokenValidation = "RefreshTokenValidation";
        public const string AccessTokenValidation = "AccessTokenValidation";
        public const string UserInfoRequestValidation = "UserInfoRequestValidation";
    }

    /// <summary>Values of <see cref="Models.Secret.Type"/>.</summary>
    public static class SecretTypes
    {
        public const string SharedSecret = "SharedSecret";
    }

    /// <summary>Names of the HTTP clients; configure them with <c>AddHttpClient(name)</c>.</summary>
    public static class HttpClients
    {
        public const string BackChannelLogoutHttpClient = "IdentityServer:BackChannelLogoutClient";
    }
}
