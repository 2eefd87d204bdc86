using Duende.IdentityServer.Models;

namespace Duende.IdentityServer.Configuration;

/// <summary>Refuses at start what the stand-in cannot honour, or what RFC 9700 forbids.</summary>
internal static class ClientConfiguration
{
    public static void Validate(Client client)
    {
        if (Problem(client) is { } problem)
            throw new NotSupportedException($"Client {client.ClientId}: {problem}");
    }

    static string? Problem(Client client) => client switch
    {
        { ClientId: null or "" } => "it has no ClientId.",
        { AllowPlainTextPkce: true } => "plain PKCE is not supported; use S256.",
        { AccessTokenType: not AccessTokenType.Jwt } => "only JWT access tokens are supported.",
        { ProtocolType: not "oidc" } => "only OpenID Connect is supported.",
        _ when client.AllowedGrantTypes.Except([GrantType.AuthorizationCode, GrantType.ClientCredentials]).FirstOrDefault() is { } type =>
            $"the grant type {type} is not supported.",
        { RequireClientSecret: true, ClientSecrets.Count: 0 } => "it requires a secret but has none.",
        { RequireClientSecret: false, RequirePkce: false } => "a public client needs PKCE (RFC 9700, section 2.1.1).",
        _ when client.RedirectUris.Concat(client.PostLogoutRedirectUris).FirstOrDefault(uri => !IsValidRedirect(uri)) is { } uri =>
            $"the address {uri} is not absolute, or has a fragment (RFC 6749, section 3.1.2).",
        _ => null,
    };

    static bool IsValidRedirect(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Fragment.Length == 0 && parsed.Scheme is not ("javascript" or "data" or "vbscript");
}
