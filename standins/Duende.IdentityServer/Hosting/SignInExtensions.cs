using Duende.IdentityServer;
using Duende.IdentityServer.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Http;

/// <summary>Signs people in at this server.</summary>
public static class AuthenticationManagerExtensions
{
    /// <summary>Signs the person in with the cookie scheme of the server.</summary>
    public static Task SignInAsync(this HttpContext context, IdentityServerUser user, AuthenticationProperties? properties = null)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<IdentityServerOptions>>().Value;
        return options.Authentication.CookieAuthenticationScheme is { } scheme
            ? context.SignInAsync(scheme, user.CreatePrincipal(), properties)
            : context.SignInAsync(user.CreatePrincipal(), properties);
    }
}
