using System.Globalization;
using System.Security.Claims;
using System.Security.Principal;

namespace Duende.IdentityServer.Extensions;

/// <summary>Reads the claims that this server puts into a person's session.</summary>
public static class PrincipalExtensions
{
    /// <summary>True when somebody is signed in.</summary>
    public static bool IsAuthenticated(this IPrincipal? principal) => principal?.Identity is { IsAuthenticated: true };

    /// <summary>The <c>sub</c> claim.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string GetSubjectId(this IPrincipal principal) =>
        (principal as ClaimsPrincipal)?.FindFirst("sub")?.Value ?? throw new InvalidOperationException("sub claim is missing");

    /// <summary>Name for display: the <c>name</c> claim, else the subject.</summary>
    public static string GetDisplayName(this ClaimsPrincipal principal) =>
        principal.FindFirst("name")?.Value ?? principal.FindFirst("sub")?.Value ?? string.Empty;

    /// <summary>When the person signed in, UTC, to the second.</summary>
    /// <exception cref="InvalidOperationException">There is no <c>auth_time</c>.</exception>
    public static DateTime GetAuthenticationTime(this IPrincipal principal) =>
        DateTimeOffset.FromUnixTimeSeconds(principal.GetAuthenticationTimeEpoch()).UtcDateTime;

    /// <summary>As <see cref="GetAuthenticationTime"/>, in seconds since 1970.</summary>
    public static long GetAuthenticationTimeEpoch(this IPrincipal principal) =>
        (principal as ClaimsPrincipal)?.FindFirst("auth_time") is { } claim
            ? long.Parse(claim.Value, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException("auth_time is missing");

    /// <summary>The <c>idp</c> claim: <c>local</c> or the name of an external provider.</summary>
    public static string GetIdentityProvider(this IPrincipal principal) =>
        (principal as ClaimsPrincipal)?.FindFirst("idp")?.Value ?? IdentityServerConstants.LocalIdentityProvider;
}
