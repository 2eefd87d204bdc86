using System.Security.Claims;

namespace Duende.IdentityServer.Models;

/// <summary>A request for claims about a person; the profile service fills <see cref="IssuedClaims"/>.</summary>
public sealed class ProfileDataRequestContext
{
    public ProfileDataRequestContext()
    {
    }

    public ProfileDataRequestContext(ClaimsPrincipal subject, Client client, string caller, IEnumerable<string> requestedClaimTypes)
    {
        Subject = subject;
        Client = client;
        Caller = caller;
        RequestedClaimTypes = requestedClaimTypes;
    }

    public ClaimsPrincipal Subject { get; set; } = null!;
    public IEnumerable<string> RequestedClaimTypes { get; set; } = [];
    public Client Client { get; set; } = null!;

    /// <summary>One of <see cref="IdentityServerConstants.ProfileDataCallers"/>.</summary>
    public string Caller { get; set; } = null!;
    public List<Claim> IssuedClaims { get; set; } = [];
}

/// <summary>Ways to fill the context.</summary>
public static class ProfileDataRequestContextExtensions
{
    /// <summary>Those of the claims that were asked for.</summary>
    public static List<Claim> FilterClaims(this ProfileDataRequestContext context, IEnumerable<Claim> claims) =>
        [.. claims.Where(claim => context.RequestedClaimTypes.Contains(claim.Type))];

    /// <summary>Issues those of the claims that were asked for.</summary>
    public static void AddRequestedClaims(this ProfileDataRequestContext context, IEnumerable<Claim> claims) =>
        context.IssuedClaims.AddRange(context.FilterClaims(claims));
}

/// <summary>A question whether a person may (still) get tokens.</summary>
public sealed class IsActiveContext(ClaimsPrincipal subject, Client client, string caller)
{
    public ClaimsPrincipal Subject { get; set; } = subject;
    public Client Client { get; set; } = client;

    /// <summary>One of <see cref="IdentityServerConstants.ProfileIsActiveCallers"/>.</summary>
    public string Caller { get; set; } = caller;
    public bool IsActive { get; set; } = true;
}
