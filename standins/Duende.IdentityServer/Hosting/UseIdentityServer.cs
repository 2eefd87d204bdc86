using Duende.IdentityServer.Hosting;
using Duende.IdentityServer.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the token server into the pipeline.</summary>
public static class IdentityServerApplicationBuilderExtensions
{
    /// <summary>
    /// Answers the protocol endpoints. Stands after routing and before authorization; includes <c>UseAuthentication</c>.
    /// </summary>
    public static IApplicationBuilder UseIdentityServer(this IApplicationBuilder app)
    {
        using (var scope = app.ApplicationServices.CreateScope())
        {
            if (scope.ServiceProvider.GetService<IClientStore>() is null)
                throw new InvalidOperationException("No clients are configured: call AddInMemoryClients or AddClientStore.");
        }
        app.UseAuthentication();
        return app.UseMiddleware<IdentityServerMiddleware>();
    }
}
