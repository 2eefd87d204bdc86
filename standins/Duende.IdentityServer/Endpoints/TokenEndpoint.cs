using System.Security.Cryptography;
using System.Text;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Events;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Duende.IdentityServer.Endpoints;

/// <summary>Exchanges codes, refresh tokens and client credentials for tokens (RFC 6749, sections 4.1.3, 4.4.2 and 6).</summary>
internal sealed class TokenEndpoint(
    ClientAuthentication authentication,
    Grants grants,
    Tokens tokens,
    Scopes scopes,
    IProfileService profiles,
    IEventService events,
    IOptions<IdentityServerOptions> options,
    TimeProvider clock,
    ILogger<TokenEndpoint> logger) : IEndpoint
{
    const string RefreshTokenGrant = "refresh_token";

    // One answer for whatever is wrong with a code or refresh token: the reason is in the log, not for whoever presents it.
    static readonly OAuthError _invalidGrant = new(OAuthError.InvalidGrant, "The grant is invalid, expired, revoked or was issued to another client.");

    sealed record Response(Dictionary<string, object>? Body, OAuthError? Error, string? SubjectId = null)
    {
        public static implicit operator Response(OAuthError error) => new(null, error);
    }

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
        if (await authentication.AuthenticateClientAsync(credentials!, ct) is not { } client)
        {
            await events.RaiseAsync(new TokenIssuedFailureEvent(credentials!.Id, form["grant_type"], OAuthError.InvalidClient, null), ct);
            await context.ErrorAsync(new(OAuthError.InvalidClient, "The client is not authenticated."));
            return;
        }

        var response = await ExchangeAsync(client, form, ct);
        if (response.Error is { } error)
        {
            await events.RaiseAsync(new TokenIssuedFailureEvent(client.ClientId, form["grant_type"], error.Code, error.Description), ct);
            await context.ErrorAsync(error);
            return;
        }
        await events.RaiseAsync(
            new TokenIssuedSuccessEvent(client.ClientId, response.SubjectId, form["grant_type"], (string)response.Body!["scope"]), ct);
        context.NoStore();
        await context.JsonAsync(response.Body);
    }

    async Task<Response> ExchangeAsync(Client client, RequestParameters form, CancellationToken ct)
    {
        var grantType = form["grant_type"];
        if (grantType is null)
            return new OAuthError(OAuthError.InvalidRequest, "The grant_type is missing.");
        if (grantType is not (GrantType.AuthorizationCode or GrantType.ClientCredentials or RefreshTokenGrant))
            return new OAuthError(OAuthError.UnsupportedGrantType, "The grant_type is not supported.");
        var allowed = grantType == RefreshTokenGrant ? client.AllowOfflineAccess : client.AllowedGrantTypes.Contains(grantType);
        if (!allowed)
            return new OAuthError(OAuthError.UnauthorizedClient, "The client may not use this grant_type.");
        return grantType switch
        {
            GrantType.AuthorizationCode => await RedeemCodeAsync(client, form, ct),
            GrantType.ClientCredentials => await IssueToClientAsync(client, form, ct),
            _ => await RefreshAsync(client, form, ct),
        };
    }

    async Task<Response> RedeemCodeAsync(Client client, RequestParameters form, CancellationToken ct)
    {
        if (form["code"] is not { } handle)
            return new OAuthError(OAuthError.InvalidRequest, "The code is missing.");
        if (handle.Length > options.Value.InputLengthRestrictions.AuthorizationCode || await grants.FindCodeAsync(handle, ct) is not { } stored)
            return Refuse(client, "unknown code");
        var code = stored.Value;
        // A foreign client neither learns anything nor burns the code of the rightful one.
        if (code.Authorization.ClientId != client.ClientId)
            return Refuse(client, "code of another client");
        // Whatever happens next, the code is used up: nobody gets a second guess at its verifier.
        if (!await grants.TryConsumeAsync(stored, ct))
        {
            // RFC 6749, section 4.1.2: a code that comes twice has leaked, so what it gave out is worth nothing any more.
            await grants.RevokeAsync(code.Authorization.GrantId, ct);
            return Refuse(client, "code used twice, its grant is revoked");
        }
        if (grants.IsExpired(stored.Expiration))
            return Refuse(client, "expired code");
        if (form["redirect_uri"] != code.RedirectUri)
            return Refuse(client, "other redirect_uri than that of the request");
        if (!VerifierMatches(code.CodeChallenge, form["code_verifier"]))
            return Refuse(client, "wrong code_verifier");
        if (!await IsActiveAsync(client, code.Authorization, IdentityServerConstants.ProfileIsActiveCallers.AuthorizationCodeValidation, ct))
            return Refuse(client, "inactive person");

        var authorization = code.Authorization;
        var accessToken = await tokens.CreateAccessTokenAsync(client, authorization, authorization.Scopes, ct);
        var body = Body(accessToken, client, authorization.Scopes);
        if (authorization.Scopes.Contains(IdentityServerConstants.StandardScopes.OpenId))
            body["id_token"] = await tokens.CreateIdentityTokenAsync(client, authorization, code.Nonce, accessToken, ct);
        if (authorization.Scopes.Contains(IdentityServerConstants.StandardScopes.OfflineAccess))
        {
            var token = new RefreshToken(authorization, clock.GetUtcNow());
            body["refresh_token"] = await grants.IssueRefreshTokenAsync(token, Lifetime(client, token) ?? TimeSpan.Zero, ct);
        }
        return new Response(body, null, authorization.SubjectId);
    }

    async Task<Response> RefreshAsync(Client client, RequestParameters form, CancellationToken ct)
    {
        if (form["refresh_token"] is not { } handle)
            return new OAuthError(OAuthError.InvalidRequest, "The refresh_token is missing.");
        if (handle.Length > options.Value.InputLengthRestrictions.RefreshToken || await grants.FindRefreshTokenAsync(handle, ct) is not { } stored)
            return Refuse(client, "unknown refresh token");
        var token = stored.Value;
        var authorization = token.Authorization;
        if (authorization.ClientId != client.ClientId)
            return Refuse(client, "refresh token of another client");
        if (stored.Consumed)
            return await ReusedAsync(client, authorization, ct);
        if (grants.IsExpired(stored.Expiration) || Lifetime(client, token) is null || !await grants.IsAliveAsync(authorization.GrantId, ct))
            return Refuse(client, "expired or revoked refresh token");

        // RFC 6749, section 6: the scope may be narrowed for this access token, never widened.
        var requested = form["scope"] is { } scope ? Scopes.Parse(scope) : authorization.Scopes;
        if (requested.Count == 0 || requested.Except(authorization.Scopes).Any())
            return new OAuthError(OAuthError.InvalidScope, "The scope is wider than what was granted.");
        if ((await scopes.ValidateAsync(client, requested, ct)).Error is { } scopeError)
            return scopeError;
        if (!await IsActiveAsync(client, authorization, IdentityServerConstants.ProfileIsActiveCallers.RefreshTokenValidation, ct))
            return Refuse(client, "inactive person");

        var oneTime = client.RefreshTokenUsage == TokenUsage.OneTimeOnly || !client.RequireClientSecret;
        if (oneTime && !await grants.TryConsumeAsync(stored, ct))
            return await ReusedAsync(client, authorization, ct);

        var accessToken = await tokens.CreateAccessTokenAsync(client, authorization, requested, ct);
        var body = Body(accessToken, client, requested);
        if (requested.Contains(IdentityServerConstants.StandardScopes.OpenId))
            body["id_token"] = await tokens.CreateIdentityTokenAsync(client, authorization, null, accessToken, ct);
        if (oneTime)
            handle = await grants.IssueRefreshTokenAsync(token, Lifetime(client, token) ?? TimeSpan.Zero, ct);
        else if (client.RefreshTokenExpiration == TokenExpiration.Sliding)
            await grants.StoreRefreshTokenAsync(handle, token, Lifetime(client, token), ct);
        body["refresh_token"] = handle;
        return new Response(body, null, authorization.SubjectId);
    }

    // RFC 9700, section 4.14.2: thief and owner cannot be told apart, so the whole family ends.
    async Task<Response> ReusedAsync(Client client, Authorization authorization, CancellationToken ct)
    {
        await grants.RevokeAsync(authorization.GrantId, ct);
        return Refuse(client, "refresh token used twice, its family is revoked");
    }

    async Task<Response> IssueToClientAsync(Client client, RequestParameters form, CancellationToken ct)
    {
        // RFC 6749, section 4.4: confidential clients only.
        if (!client.RequireClientSecret)
            return new OAuthError(OAuthError.UnauthorizedClient, "A public client may not use client credentials.");
        var all = await scopes.ResolveAsync([.. client.AllowedScopes], ct);
        var requested = form["scope"] is { } scope ? Scopes.Parse(scope) : [.. all.Resources.ApiScopes.Select(api => api.Name)];
        var (resources, error) = await scopes.ValidateAsync(client, requested, ct);
        if (error is not null)
            return error;
        // There is no person: nothing to identify, nobody who could be offline.
        if (requested.Count == 0 || resources!.Resources.IdentityResources.Count > 0 || resources.Resources.OfflineAccess)
            return new OAuthError(OAuthError.InvalidScope, "Client credentials are for API scopes only.");
        return new Response(Body(await tokens.CreateClientTokenAsync(client, requested, ct), client, requested), null);
    }

    async Task<bool> IsActiveAsync(Client client, Authorization authorization, string caller, CancellationToken ct)
    {
        var context = new IsActiveContext(authorization.Subject(), client, caller);
        await profiles.IsActiveAsync(context, ct);
        return context.IsActive;
    }

    Response Refuse(Client client, string reason)
    {
        logger.LogWarning("Token request of {ClientId} refused: {Reason}", client.ClientId, reason);
        return _invalidGrant;
    }

    /// <summary>How long a refresh token issued now lives; null when its family is too old.</summary>
    TimeSpan? Lifetime(Client client, RefreshToken token)
    {
        var absolute = TimeSpan.FromSeconds(client.AbsoluteRefreshTokenLifetime) - (clock.GetUtcNow() - token.FamilyCreated);
        if (client.RefreshTokenExpiration == TokenExpiration.Absolute)
            return absolute > TimeSpan.Zero ? absolute : null;
        var sliding = TimeSpan.FromSeconds(client.SlidingRefreshTokenLifetime);
        if (client.AbsoluteRefreshTokenLifetime == 0)
            return sliding;
        return absolute <= TimeSpan.Zero ? null : absolute < sliding ? absolute : sliding;
    }

    static Dictionary<string, object> Body(string accessToken, Client client, IEnumerable<string> scopes) => new()
    {
        ["access_token"] = accessToken,
        ["token_type"] = "Bearer",
        ["expires_in"] = client.AccessTokenLifetime,
        ["scope"] = string.Join(' ', scopes),
    };

    // RFC 7636, section 4.6. A verifier without a challenge is a downgrade attack (RFC 9700, section 2.1.1).
    bool VerifierMatches(string? challenge, string? verifier)
    {
        if (challenge is null)
            return verifier is null;
        var limits = options.Value.InputLengthRestrictions;
        return verifier is not null
            && verifier.Length >= limits.CodeVerifierMinLength && verifier.Length <= limits.CodeVerifierMaxLength
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
                Encoding.ASCII.GetBytes(challenge));
    }
}
