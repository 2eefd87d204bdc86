using System.Collections.Specialized;
using Duende.IdentityServer.Validation;

namespace Duende.IdentityServer.Models;

/// <summary>What the login and consent pages may know about the request that brought the person there.</summary>
public sealed class AuthorizationRequest
{
    public Client Client { get; set; } = null!;
    public string? DisplayMode { get; set; }
    public string RedirectUri { get; set; } = null!;
    public string? UiLocales { get; set; }

    /// <summary>Identity provider asked for with <c>acr_values=idp:name</c>.</summary>
    public string? IdP { get; set; }
    public string? Tenant { get; set; }

    /// <summary>The name that the person will probably sign in with.</summary>
    public string? LoginHint { get; set; }
    public IEnumerable<string> PromptModes { get; set; } = [];
    public IEnumerable<string> AcrValues { get; set; } = [];
    public ResourceValidationResult ValidatedResources { get; set; } = new();

    /// <summary>Every parameter, as sent.</summary>
    public NameValueCollection Parameters { get; } = [];
}

/// <summary>What the logout page may know.</summary>
public sealed class LogoutRequest
{
    public string? ClientId { get; set; }
    public string? ClientName { get; set; }

    /// <summary>Validated address to offer after sign-out, with <c>state</c>; null: stay here.</summary>
    public string? PostLogoutRedirectUri { get; set; }
    public string? SubjectId { get; set; }
    public string? SessionId { get; set; }

    /// <summary>Clients that were used in the session.</summary>
    public IEnumerable<string>? ClientIds { get; set; }
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>();

    /// <summary>Address of a frame that tells front-channel clients; null when there are none.</summary>
    public string? SignOutIFrameUrl { get; set; }

    /// <summary>True when no client vouched for the request: ask before signing out.</summary>
    public bool ShowSignoutPrompt => string.IsNullOrEmpty(ClientId);
}

/// <summary>What the error page may know.</summary>
public sealed class ErrorMessage
{
    public string? DisplayMode { get; set; }
    public string? UiLocales { get; set; }
    public string? Error { get; set; }
    public string? ErrorDescription { get; set; }

    /// <summary>Never set for an address that was not validated.</summary>
    public string? RedirectUri { get; set; }
    public string? ResponseMode { get; set; }
    public string? ClientId { get; set; }
    public string? RequestId { get; set; }
}

/// <summary>The person's answer on the consent page.</summary>
public sealed class ConsentResponse
{
    public AuthorizationError? Error { get; set; }
    public string? ErrorDescription { get; set; }
    public bool Granted => Error is null && ScopesValuesConsented.Any();
    public IEnumerable<string> ScopesValuesConsented { get; set; } = [];
    public bool RememberConsent { get; set; }
    public string? Description { get; set; }
}

/// <summary>Reasons with which a page may send the person back to the client (OpenID Connect Core 1.0, section 3.1.2.6).</summary>
public enum AuthorizationError
{
    AccessDenied,
    InteractionRequired,
    LoginRequired,
    AccountSelectionRequired,
    ConsentRequired,
    TemporarilyUnavailable,
    UnmetAuthenticationRequirements,
}

/// <summary>What a person granted to one client.</summary>
public sealed class Grant
{
    public string SubjectId { get; set; } = null!;
    public string ClientId { get; set; } = null!;
    public string? Description { get; set; }
    public IEnumerable<string> Scopes { get; set; } = [];
    public DateTime CreationTime { get; set; }
    public DateTime? Expiration { get; set; }
}
