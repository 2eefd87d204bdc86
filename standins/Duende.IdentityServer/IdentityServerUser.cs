using System.Globalization;
using System.Security.Claims;

namespace Duende.IdentityServer;

/// <summary>Somebody to sign in, for hosts without ASP.NET Core Identity.</summary>
public sealed class IdentityServerUser(string subjectId)
{
    public string SubjectId { get; } = subjectId;
    public string? DisplayName { get; set; }
    public string? IdentityProvider { get; set; }
    public DateTime? AuthenticationTime { get; set; }
    public ICollection<string> AuthenticationMethods { get; set; } = new HashSet<string>();
    public ICollection<Claim> AdditionalClaims { get; set; } = new HashSet<Claim>();

    /// <summary>A principal with the claims that the protocol needs.</summary>
    public ClaimsPrincipal CreatePrincipal()
    {
        List<Claim> claims = [new("sub", SubjectId)];
        if (DisplayName is not null)
            claims.Add(new("name", DisplayName));
        if (IdentityProvider is not null)
            claims.Add(new("idp", IdentityProvider));
        if (AuthenticationTime is { } time)
            claims.Add(new("auth_time", new DateTimeOffset(time).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64));
        claims.AddRange(AuthenticationMethods.Select(method => new Claim("amr", method)));
        claims.AddRange(AdditionalClaims);
        return new ClaimsPrincipal(new ClaimsIdentity(claims, "Duende.IdentityServer", "name", "role"));
    }
}
