using System.Security.Claims;
using Microsoft.AspNetCore.Identity;

namespace Duende.IdentityServer.AspNetIdentity;

/// <summary>Adds what OpenID Connect expects to the claims that ASP.NET Core Identity makes of an account.</summary>
internal sealed class UserClaimsFactory<TUser>(IUserClaimsPrincipalFactory<TUser> inner, UserManager<TUser> users) : IUserClaimsPrincipalFactory<TUser>
    where TUser : class
{
    public async Task<ClaimsPrincipal> CreateAsync(TUser user)
    {
        var principal = await inner.CreateAsync(user);
        var identity = principal.Identities.First();
        if (!identity.HasClaim(claim => claim.Type == "sub"))
            identity.AddClaim(new Claim("sub", await users.GetUserIdAsync(user)));
        var userName = await users.GetUserNameAsync(user);
        if (userName is not null && !identity.HasClaim(claim => claim.Type == "preferred_username"))
            identity.AddClaim(new Claim("preferred_username", userName));
        if (userName is not null && !identity.HasClaim(claim => claim.Type == "name"))
            identity.AddClaim(new Claim("name", userName));
        if (users.SupportsUserEmail && await users.GetEmailAsync(user) is { Length: > 0 } email)
        {
            if (!identity.HasClaim(claim => claim.Type == "email"))
                identity.AddClaim(new Claim("email", email));
            identity.AddClaim(Flag("email_verified", await users.IsEmailConfirmedAsync(user)));
        }
        if (users.SupportsUserPhoneNumber && await users.GetPhoneNumberAsync(user) is { Length: > 0 } phone)
        {
            identity.AddClaim(new Claim("phone_number", phone));
            identity.AddClaim(Flag("phone_number_verified", await users.IsPhoneNumberConfirmedAsync(user)));
        }
        return principal;
    }

    static Claim Flag(string type, bool value) => new(type, value ? "true" : "false", ClaimValueTypes.Boolean);
}
