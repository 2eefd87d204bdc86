using System.Security.Claims;
using Duende.IdentityServer.AspNetIdentity;
using Duende.IdentityServer.Configuration;
using Microsoft.AspNetCore.Identity;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Connects the token server to ASP.NET Core Identity.</summary>
public static class AspNetIdentityBuilderExtensions
{
    /// <summary>
    /// Uses the accounts and the cookie of ASP.NET Core Identity. Claims of signed-in people get their OpenID Connect names:
    /// <c>sub</c>, <c>name</c>, <c>email</c>, <c>role</c>. Call it after AddIdentity or AddIdentityCore.
    /// </summary>
    public static IIdentityServerBuilder AddAspNetIdentity<TUser>(this IIdentityServerBuilder builder)
        where TUser : class
    {
        var services = builder.Services;
        services.Configure<IdentityOptions>(options =>
        {
            options.ClaimsIdentity.UserIdClaimType = "sub";
            options.ClaimsIdentity.UserNameClaimType = "name";
            options.ClaimsIdentity.EmailClaimType = "email";
            options.ClaimsIdentity.RoleClaimType = "role";
        });
        services.PostConfigure<IdentityServerOptions>(options =>
            options.Authentication.CookieAuthenticationScheme ??= IdentityConstants.ApplicationScheme);
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            var next = options.OnRefreshingPrincipal;
            options.OnRefreshingPrincipal = async context =>
            {
                SessionClaims.Keep(context);
                if (next is not null)
                    await next(context);
            };
        });
        services.DecorateClaimsFactory<TUser>();
        return builder.AddProfileService<ProfileService<TUser>>();
    }

    static void DecorateClaimsFactory<TUser>(this IServiceCollection services)
        where TUser : class
    {
        var inner = services.LastOrDefault(service => service.ServiceType == typeof(IUserClaimsPrincipalFactory<TUser>))
            ?? throw new InvalidOperationException("AddAspNetIdentity comes after AddIdentity or AddIdentityCore.");
        services.Remove(inner);
        services.Add(new ServiceDescriptor(typeof(IUserClaimsPrincipalFactory<TUser>), provider => new UserClaimsFactory<TUser>(
            (IUserClaimsPrincipalFactory<TUser>)(inner.ImplementationInstance
                ?? inner.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)),
            provider.GetRequiredService<UserManager<TUser>>()), inner.Lifetime));
    }
}

/// <summary>Claims about the session, which a principal made anew from the account lacks.</summary>
internal static class SessionClaims
{
    static readonly string[] _types = ["auth_time", "idp", "amr"];

    public static void Keep(SecurityStampRefreshingPrincipalContext context)
    {
        if (context.NewPrincipal?.Identities.FirstOrDefault() is not { } identity || context.CurrentPrincipal is not { } current)
            return;
        foreach (var claim in current.Claims.Where(claim => _types.Contains(claim.Type)).ToArray())
        {
            if (!identity.HasClaim(claim.Type, claim.Value))
                identity.AddClaim(new Claim(claim.Type, claim.Value, claim.ValueType));
        }
    }
}
