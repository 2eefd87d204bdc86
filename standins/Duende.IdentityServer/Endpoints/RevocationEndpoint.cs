using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Events;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Duende.IdentityServer.Endpoints;

/// <summary>Revokes a token of the calling client (RFC 7009).</summary>
internal sealed class RevocationEndpoint(
    ClientAuthentication authentication,
    TokenVerification verification,
    Grants grants,
    IEventService events,
    IOptions<IdentityServerOptions> options) : IEndpoint
{
    static readonly OAuthError _foreign = new(OAuthError.InvalidGrant, "The token was issued to another client.");

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
            await context.ErrorAsync(new(OAuthError.InvalidClient, "The client is not authenticated."));
            return;
        }
        if (form["token"] is not { } token)
        {
            await context.ErrorAsync(new(OAuthError.InvalidRequest, "The token is missing."));
            return;
        }
        // The hint only says where to look first (section 2.1); the two kinds cannot be mistaken for each other, so it is not needed.
        if (await RevokeAsync(client, token, ct) is { } error)
        {
            await context.ErrorAsync(error);
            return;
        }
        context.NoStore();
    }

    async Task<OAuthError?> RevokeAsync(Client client, string value, CancellationToken ct)
    {
        if (value.Length <= options.Value.InputLengthRestrictions.RefreshToken && await grants.FindRefreshTokenAsync(value, ct) is { } stored)
        {
            if (stored.Value.Authorization.ClientId != client.ClientId)
                return _foreign;
            // Section 2.1: with a refresh token goes everything that came from the same grant.
            await grants.RevokeAsync(stored.Value.Authorization.GrantId, ct);
            await events.RaiseAsync(new TokenRevokedSuccessEvent(client.ClientId, "refresh_token"), ct);
            return null;
        }
        // An unknown, expired or already revoked token is no error (section 2.2): the client has what it wants.
        if (await verification.VerifyAccessTokenAsync(value, ct) is not { } token)
            return null;
        if (token.ClientId != client.ClientId)
            return _foreign;
        await grants.RevokeAccessTokenAsync(token.Id, client.ClientId, token.SubjectId, token.Token.ValidTo, ct);
        await events.RaiseAsync(new TokenRevokedSuccessEvent(client.ClientId, "access_token"), ct);
        return null;
    }
}
