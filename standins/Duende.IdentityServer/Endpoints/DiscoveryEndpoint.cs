using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Keys;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Endpoints;

/// <summary>Describes the server (OpenID Connect Discovery 1.0, section 3; RFC 8414).</summary>
internal sealed class DiscoveryEndpoint(
    IOptions<IdentityServerOptions> options, IServerUrls urls, IIssuerNameService issuer, IResourceStore resources) : IEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.MethodNotAllowed("GET");
            return;
        }
        var ct = context.RequestAborted;
        var settings = options.Value;
        var endpoints = settings.Endpoints;
        var all = await resources.GetAllResourcesAsync(ct);
        var algorithms = settings.KeyManagement.SigningAlgorithms.Select(algorithm => algorithm.Name).ToArray();
        string[] authentication = ["client_secret_basic", "client_secret_post", "none"];
        var document = new Dictionary<string, object>
        {
            ["issuer"] = await issuer.GetCurrentAsync(ct),
            ["jwks_uri"] = urls.BaseUrl + ProtocolPaths.Jwks,
            ["response_types_supported"] = new[] { "code" },
            ["response_modes_supported"] = new[] { AuthorizeRequestValidator.Query, AuthorizeRequestValidator.FormPost },
            ["grant_types_supported"] = new[] { GrantType.AuthorizationCode, "refresh_token", GrantType.ClientCredentials },
            ["subject_types_supported"] = new[] { "public" },
            ["id_token_signing_alg_values_supported"] = algorithms,
            ["code_challenge_methods_supported"] = new[] { "S256" },
            ["scopes_supported"] = ScopesOf(all),
            ["authorization_response_iss_parameter_supported"] = settings.EmitIssuerIdentificationResponseParameter,
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["claims_parameter_supported"] = false,
            ["prompt_values_supported"] = settings.UserInteraction.CreateAccountUrl is null
                ? new[] { "none", "login", "consent", "select_account" }
                : ["none", "login", "consent", "select_account", "create"],
        };
        if (settings.Discovery.ShowClaims)
            document["claims_supported"] = all.IdentityResources.SelectMany(resource => resource.UserClaims).Distinct().ToArray();
        if (endpoints.EnableAuthorizeEndpoint)
            document["authorization_endpoint"] = urls.BaseUrl + ProtocolPaths.Authorize;
        if (endpoints.EnableTokenEndpoint)
        {
            document["token_endpoint"] = urls.BaseUrl + ProtocolPaths.Token;
            document["token_endpoint_auth_methods_supported"] = authentication;
        }
        if (endpoints.EnableUserInfoEndpoint)
            document["userinfo_endpoint"] = urls.BaseUrl + ProtocolPaths.UserInfo;
        if (endpoints.EnableEndSessionEndpoint)
        {
            document["end_session_endpoint"] = urls.BaseUrl + ProtocolPaths.EndSession;
            document["backchannel_logout_supported"] = true;
            document["backchannel_logout_session_supported"] = true;
            document["frontchannel_logout_supported"] = true;
            document["frontchannel_logout_session_supported"] = true;
        }
        if (endpoints.EnableTokenRevocationEndpoint)
        {
            document["revocation_endpoint"] = urls.BaseUrl + ProtocolPaths.Revocation;
            document["revocation_endpoint_auth_methods_supported"] = authentication;
        }
        if (endpoints.EnableIntrospectionEndpoint)
        {
            document["introspection_endpoint"] = urls.BaseUrl + ProtocolPaths.Introspection;
            document["introspection_endpoint_auth_methods_supported"] = authentication[..2];
        }
        foreach (var (name, value) in settings.Discovery.CustomEntries)
            document[name] = value is string text && text.StartsWith("~/", StringComparison.Ordinal) ? urls.BaseUrl + text[1..] : value;
        await context.JsonAsync(document);
    }

    string[] ScopesOf(Resources all)
    {
        IEnumerable<Resource> identity = options.Value.Discovery.ShowIdentityScopes ? all.IdentityResources : [];
        IEnumerable<Resource> api = options.Value.Discovery.ShowApiScopes ? all.ApiScopes : [];
        return [.. identity.Concat(api)
            .Where(resource => resource is { Enabled: true, ShowInDiscoveryDocument: true })
            .Select(resource => resource.Name)
            .Append(IdentityServerConstants.StandardScopes.OfflineAccess)];
    }
}

/// <summary>The public keys (RFC 7517, section 5): announced, signing and retired ones.</summary>
internal sealed class JwksEndpoint(KeyRing keys) : IEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.MethodNotAllowed("GET");
            return;
        }
        var published = await keys.GetKeysAsync(context.RequestAborted);
        await context.JsonAsync(new Dictionary<string, object> { ["keys"] = published.Select(key => key.ToPublicJwk()).ToArray() });
    }
}
