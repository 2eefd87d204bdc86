using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Hosting;

/// <summary>Answers requests to the protocol endpoints; everything else goes on to the host.</summary>
internal sealed class IdentityServerMiddleware(RequestDelegate next, IOptions<IdentityServerOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (Find(context.Request.Path.Value) is not { } endpoint)
            return next(context);
        // Callers are programs: an error of the protocol must not turn into a page of the host.
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        return ((IEndpoint)context.RequestServices.GetRequiredService(endpoint)).HandleAsync(context);
    }

    Type? Find(string? path)
    {
        var enabled = options.Value.Endpoints;
        return path switch
        {
            ProtocolPaths.Discovery or ProtocolPaths.AuthorizationServerMetadata when enabled.EnableDiscoveryEndpoint => typeof(DiscoveryEndpoint),
            ProtocolPaths.Jwks when enabled.EnableDiscoveryEndpoint => typeof(JwksEndpoint),
            ProtocolPaths.Authorize or ProtocolPaths.AuthorizeCallback when enabled.EnableAuthorizeEndpoint => typeof(AuthorizeEndpoint),
            ProtocolPaths.Token when enabled.EnableTokenEndpoint => typeof(TokenEndpoint),
            ProtocolPaths.UserInfo when enabled.EnableUserInfoEndpoint => typeof(UserInfoEndpoint),
            ProtocolPaths.EndSession when enabled.EnableEndSessionEndpoint => typeof(EndSessionEndpoint),
            ProtocolPaths.EndSessionCallback when enabled.EnableEndSessionEndpoint => typeof(EndSessionCallbackEndpoint),
            ProtocolPaths.Revocation when enabled.EnableTokenRevocationEndpoint => typeof(RevocationEndpoint),
            ProtocolPaths.Introspection when enabled.EnableIntrospectionEndpoint => typeof(IntrospectionEndpoint),
            _ => null,
        };
    }
}
