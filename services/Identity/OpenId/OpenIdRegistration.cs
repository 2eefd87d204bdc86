using Blog.Identity.Accounts;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Data;
using Microsoft.EntityFrameworkCore;

namespace Blog.Identity.OpenId;

/// <summary>The OpenID Connect and OAuth 2.0 endpoints.</summary>
static class OpenIdRegistration
{
    public static void AddOpenId(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.Services.AddIdentityServer(options =>
            {
                options.IssuerUri = configuration.PublicOrigin();
                options.EmitScopesAsSpaceDelimitedStringInJwt = true;
                options.UserInteraction.LoginUrl = "/account/login";
                options.UserInteraction.LoginReturnUrlParameter = "returnUrl";
                options.UserInteraction.LogoutUrl = "/account/logout";
                options.UserInteraction.ErrorUrl = "/account/error";
                options.UserInteraction.CreateAccountUrl = "/account/signup";
            })
            .AddInMemoryIdentityResources(Scopes.Identity)
            .AddInMemoryApiScopes(Scopes.ApiScopes)
            .AddInMemoryApiResources(Scopes.ApiResources)
            .AddInMemoryClients(Clients.From(configuration))
            .AddAspNetIdentity<Account>()
            .AddOperationalStore(store =>
            {
                store.ConfigureDbContext = db => db.UseNpgsql(configuration.DatabaseConnection("identity").ConnectionString, npgsql => npgsql.EnableRetryOnFailure());
                store.EnableTokenCleanup = true;
            });
    }
}
