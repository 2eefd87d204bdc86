using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.Http;

namespace Duende.IdentityServer.Endpoints;

/// <summary>Claims about the person behind an access token (OpenID Connect Core 1.0, section 5.3; RFC 6750).</summary>
internal sealed class UserInfoEndpoint(TokenVerification verification, IClientStore clients, IProfileService profiles, Tokens tokens) : IEndpoint
{
    public async Task HandleAsync(HttpContext context)
    {
        var ct = context.RequestAborted;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            context.MethodNotAllowed("GET, POST");
            return;
        }
        var header = context.Request.Headers.Authorization.ToString();
        var fromHeader = header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : null;
        // Never from the query: addresses end up in logs (RFC 9700, section 4.3.2).
        var fromForm = (await RequestParameters.ReadFormAsync(context.Request, ct))?["access_token"];
        if (fromHeader is not null && fromForm is not null)
        {
            context.Challenge(StatusCodes.Status400BadRequest, OAuthError.InvalidRequest, "Send the token in one way only.");
            return;
        }
        if ((fromHeader ?? fromForm) is not { Length: > 0 } value)
        {
            context.Challenge(StatusCodes.Status401Unauthorized);
            return;
        }
        if (await verification.VerifyAccessTokenAsync(value, ct) is not { } token
            || await clients.FindClientByIdAsync(token.ClientId, ct) is not { Enabled: true } client)
        {
            context.Challenge(StatusCodes.Status401Unauthorized, OAuthError.InvalidToken);
            return;
        }
        if (token.SubjectId is null || !token.Scopes.Contains(IdentityServerConstants.StandardScopes.OpenId))
        {
            context.Challenge(StatusCodes.Status403Forbidden, OAuthError.InsufficientScope, scope: IdentityServerConstants.StandardScopes.OpenId);
            return;
        }
        var active = new IsActiveContext(token.Subject(), client, IdentityServerConstants.ProfileIsActiveCallers.UserInfoRequestValidation);
        await profiles.IsActiveAsync(active, ct);
        if (!active.IsActive)
        {
            context.Challenge(StatusCodes.Status401Unauthorized, OAuthError.InvalidToken);
            return;
        }
        context.NoStore();
        await context.JsonAsync(await tokens.CreateUserInfoAsync(client, token.Subject(), token.Scopes, ct));
    }
}
