using System.Net;
using System.Security.Cryptography;
using System.Text;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Protocol;

/// <summary>Name and secret of a caller of the token, revocation or introspection endpoint.</summary>
internal sealed record Credentials(string Id, string? Secret);

/// <summary>Authenticates callers by <c>client_secret_basic</c> or <c>client_secret_post</c> (RFC 6749, section 2.3.1).</summary>
internal sealed class ClientAuthentication(
    IClientStore clients, IResourceStore resources, IOptions<IdentityServerOptions> options, TimeProvider clock)
{
    /// <summary>Null when the request names nobody, or uses more than one way to do so.</summary>
    public (Credentials? Credentials, OAuthError? Error) Read(HttpRequest request, RequestParameters form)
    {
        var header = request.Headers.Authorization.ToString();
        var basic = header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        if (basic && (form["client_secret"] is not null || form["client_assertion"] is not null))
            return (null, new(OAuthError.InvalidRequest, "Use one way of client authentication only."));
        var credentials = basic ? DecodeBasic(header["Basic ".Length..].Trim()) : FromForm(form);
        if (credentials is null
            || credentials.Id.Length > options.Value.InputLengthRestrictions.ClientId
            || credentials.Secret?.Length > options.Value.InputLengthRestrictions.ClientSecret)
            return (null, new(OAuthError.InvalidClient, "The client is not authenticated."));
        if (basic && form["client_id"] is { } named && named != credentials.Id)
            return (null, new(OAuthError.InvalidRequest, "The client_id differs from that of the Authorization header."));
        return (credentials, null);
    }

    /// <summary>The enabled client with these credentials, or null.</summary>
    public async Task<Client?> AuthenticateClientAsync(Credentials credentials, CancellationToken ct)
    {
        var client = await clients.FindClientByIdAsync(credentials.Id, ct);
        // The same work for an unknown client, so that time does not tell which exist.
        var matches = MatchesAny(client?.ClientSecrets ?? [], credentials.Secret ?? string.Empty);
        if (client is not { Enabled: true })
            return null;
        if (client.RequireClientSecret)
            return matches ? client : null;
        // A public client that sends a secret has been mistaken for another.
        return credentials.Secret is null || matches ? client : null;
    }

    /// <summary>The enabled API resource with these credentials, or null.</summary>
    public async Task<ApiResource?> AuthenticateApiAsync(Credentials credentials, CancellationToken ct)
    {
        var found = (await resources.FindApiResourcesByNameAsync([credentials.Id], ct)).FirstOrDefault();
        return MatchesAny(found?.ApiSecrets ?? [], credentials.Secret ?? string.Empty) && found is { Enabled: true } ? found : null;
    }

    bool MatchesAny(IEnumerable<Secret> secrets, string presented)
    {
        var sha256 = Encoding.ASCII.GetBytes(presented.Sha256());
        var sha512 = Encoding.ASCII.GetBytes(presented.Sha512());
        var matches = false;
        foreach (var secret in secrets)
        {
            if (secret.Type != IdentityServerConstants.SecretTypes.SharedSecret || secret.Expiration <= clock.GetUtcNow().UtcDateTime)
                continue;
            var expected = Encoding.ASCII.GetBytes(secret.Value);
            matches |= CryptographicOperations.FixedTimeEquals(expected, sha256) | CryptographicOperations.FixedTimeEquals(expected, sha512);
        }
        return matches && presented.Length > 0;
    }

    static Credentials? FromForm(RequestParameters form) =>
        form["client_id"] is { } id ? new Credentials(id, form["client_secret"]) : null;

    static Credentials? DecodeBasic(string value)
    {
        try
        {
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(value));
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            // Both halves are form-encoded first (RFC 6749, section 2.3.1).
            if (colon < 1)
                return null;
            var secret = WebUtility.UrlDecode(pair[(colon + 1)..]);
            return new Credentials(WebUtility.UrlDecode(pair[..colon]), secret.Length == 0 ? null : secret);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
