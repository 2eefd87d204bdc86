namespace Duende.IdentityServer.Protocol;

/// <summary>An error code with its explanation for developers.</summary>
internal sealed record OAuthError(string Code, string Description)
{
    // RFC 6749, sections 4.1.2.1 and 5.2.
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";
    public const string InvalidScope = "invalid_scope";
    public const string UnauthorizedClient = "unauthorized_client";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string UnsupportedResponseType = "unsupported_response_type";

    // OpenID Connect Core 1.0, section 3.1.2.6.
    public const string LoginRequired = "login_required";
    public const string ConsentRequired = "consent_required";
    public const string RequestNotSupported = "request_not_supported";
    public const string RequestUriNotSupported = "request_uri_not_supported";
    public const string RegistrationNotSupported = "registration_not_supported";

    // RFC 6750, section 3.1.
    public const string InvalidToken = "invalid_token";
    public const string InsufficientScope = "insufficient_scope";
}
