using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Endpoints;

/// <summary>
/// Tells an API about access tokens meant for it, and a confidential client about its own tokens (RFC 7662). Every other token is
/// just not active, so that the endpoint cannot be used to try out tokens (section 2.2).
/// </summary>
internal sealed class IntrospectionEndpoint(
    ClientAuthentication authentication,
    TokenVerification verification,
    Grants grants,
    IIssuerNameService issuer,
    IOptions<IdentityServerOptions> options) : IEndpoint
{
    static readonly Dictionary<string, object> _inactive = new() { ["active"] = false };

    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.MethodNotAllowed("POST");
            return;
        }
        if (await RequestParameters.ReadFormAsync(context.Request, ct) is not { } form || form.Repeated.Any())
        {
            await context.ErrorAsync(new(OAuthError.InvalidRequest, "The body is not a form, or has a parameter twice."));
            return;
        }
        var (credentials, unreadable) = authentication.Read(context.Request, form);
        if (unreadable is not null)
        {
            await context.ErrorAsync(unreadable);
            return;
        }
        var api = await authentication.AuthenticateApiAsync(credentials!, ct);
        var client = api is null ? await authentication.AuthenticateClientAsync(credentials!, ct) : null;
        // Section 2.1: the caller must be authenticated, which a public client never is.
        if (api is null && client is not { RequireClientSecret: true })
        {
            await context.ErrorAsync(new(OAuthError.InvalidClient, "The caller is not authenticated."));
            return;
        }
        if (form["token"] is not { } token)
        {
            await context.ErrorAsync(new(OAuthError.InvalidRequest, "The token is missing."));
            return;
        }
        context.NoStore();
        await context.JsonAsync((client is null ? null : await RefreshTokenAsync(client, token, ct)) ?? await AccessTokenAsync(api, client, token, ct) ?? _inactive);
    }

    async Task<Dictionary<string, object>?> RefreshTokenAsync(Client client, string value, CancellationToken ct)
    {
        if (value.Length > options.Value.InputLengthRestrictions.RefreshToken
            || await grants.FindRefreshTokenAsync(value, ct) is not { Consumed: false } stored
            || stored.Value.Authorization.ClientId != client.ClientId
            || grants.IsExpired(stored.Expiration)
            || !await grants.IsAliveAsync(stored.Value.Authorization.GrantId, ct))
            return null;
        var body = new Dictionary<string, object>
        {
            ["active"] = true,
            ["iss"] = await issuer.GetCurrentAsync(ct),
            ["client_id"] = client.ClientId,
            ["sub"] = stored.Value.Authorization.SubjectId,
            ["scope"] = string.Join(' ', stored.Value.Authorization.Scopes),
        };
        if (stored.Expiration is { } expires)
            body["exp"] = expires.ToUnixTimeSeconds();
        return body;
    }

    async Task<Dictionary<string, object>?> AccessTokenAsync(ApiResource? api, Client? client, string value, CancellationToken ct)
    {
        if (await verification.VerifyAccessTokenAsync(value, ct) is not { } token)
            return null;
        var meant = api is not null ? token.Token.Audiences.Contains(api.Name) : token.ClientId == client!.ClientId;
        if (!meant)
            return null;
        // An API is not told about scopes of others.
        var visible = api is null ? token.Scopes : [.. token.Scopes.Where(api.Scopes.Contains)];
        var body = new Dictionary<string, object> { ["active"] = true, ["scope"] = string.Join(' ', visible), ["token_type"] = "Bearer" };
        foreach (var group in token.Token.Claims.Where(claim => claim.Type is not ("scope" or "grant_id")).GroupBy(claim => claim.Type))
        {
            var values = group.Select(claim => claim.ValueType is System.Security.Claims.ClaimValueTypes.Integer or
                System.Security.Claims.ClaimValueTypes.Integer32 or System.Security.Claims.ClaimValueTypes.Integer64
                ? (object)long.Parse(claim.Value, System.Globalization.CultureInfo.InvariantCulture)
                : claim.Value).ToArray();
            body[group.Key] = values.Length == 1 ? values[0] : values;
        }
        return body;
    }
}
