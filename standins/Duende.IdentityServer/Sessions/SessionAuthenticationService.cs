using System.Security.Claims;
using Duende.IdentityServer.Models;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Duende.IdentityServer.Sessions;

/// <summary>
/// Stands before the authentication service of ASP.NET Core, so that sign-in and sign-out by any page of the host, for example
/// through SignInManager, start and end a session of the token server.
/// </summary>
internal sealed class SessionAuthenticationService(IAuthenticationService inner, IAuthenticationSchemeProvider schemes) : IAuthenticationService
{
    public async Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        // A cookie that turns out invalid, for example by its security stamp, is signed out while it is being read.
        var session = context.RequestServices.GetRequiredService<UserSession>();
        session.Readers++;
        try
        {
            return await inner.AuthenticateAsync(context, scheme);
        }
        finally
        {
            session.Readers--;
        }
    }

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        inner.ChallengeAsync(context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        inner.ForbidAsync(context, scheme, properties);

    public async Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties)
    {
        var session = context.RequestServices.GetRequiredService<UserSession>();
        if ((scheme ?? (await schemes.GetDefaultSignInSchemeAsync())?.Name) == await session.SchemeAsync())
            (principal, properties) = await session.PrepareAsync(principal, properties);
        await inner.SignInAsync(context, scheme, principal, properties);
    }

    public async Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties)
    {
        var session = context.RequestServices.GetRequiredService<UserSession>();
        var ending = (scheme ?? (await schemes.GetDefaultSignOutSchemeAsync())?.Name) == await session.SchemeAsync()
            ? await session.GetAsync()
            : null;
        await inner.SignOutAsync(context, scheme, properties);
        if (ending is null || !context.Items.TryAdd(typeof(SessionAuthenticationService), ending.Id))
            return;
        // Clients must hear of it even if the browser does not wait.
        await context.RequestServices.GetRequiredService<SessionEnd>().ProcessAsync(
            new LogoutNotificationContext
            {
                SubjectId = ending.User.FindFirst("sub")!.Value,
                SessionId = ending.Id,
                ClientIds = ending.ClientIds,
            },
            CancellationToken.None);
    }
}
