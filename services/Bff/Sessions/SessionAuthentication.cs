using System.Security.Claims;
using System.Text.Encodings.Web;
using Blog.Bff.Api;
using Blog.ServiceDefaults.Authentication;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Blog.Bff.Sessions;

/// <summary>
/// Makes the cookie's session the user of the request. Failures are status codes with a problem, never redirects: 401 when there is no
/// session, 503 when it cannot be known for the moment (a page must not take that for "signed out").
/// </summary>
sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, SessionStore sessions, SessionTokens tokens,
    IProblemDetailsService problems)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "session";

    bool away;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.SessionSecret() is not { } secret || (AntiForgery.IsNeeded(Request) && !AntiForgery.IsPresent(Request))) return AuthenticateResult.NoResult();
        var (known, live) = await sessions.FindAsync(secret);
        if (live is null)
        {
            away = !known;
            return AuthenticateResult.NoResult();
        }

        var outcome = await tokens.EnsureAsync(live, Context.RequestAborted);
        away = outcome == SessionTokens.Outcome.Away;
        if (outcome != SessionTokens.Outcome.Ready) return AuthenticateResult.NoResult();

        Context.Features.Set(live);
        Claim[] claims = [new("sub", live.Session.Subject), .. live.Session.Roles.Select(role => new Claim("role", role))];
        return AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, SchemeName, "sub", "role")), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!away && !Request.Path.StartsWithSegments("/api")) Response.Cookies.SetHint(signedIn: false);
        if (!away) return Write(StatusCodes.Status401Unauthorized, "NOT_SIGNED_IN", "Please sign in.");
        Response.Headers.RetryAfter = "2";
        return Write(StatusCodes.Status503ServiceUnavailable, "SESSIONS_AWAY", "Sign-in state cannot be read for the moment. You have not been signed out; please try again.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Write(StatusCodes.Status403Forbidden, "FORBIDDEN", "Your account may not do this.");

    async Task Write(int status, string reason, string detail)
    {
        Response.Headers.CacheControl = "no-store";
        Response.StatusCode = status;
        await problems.WriteAsync(new() { HttpContext = Context, ProblemDetails = { Status = status, Detail = detail, Extensions = { ["reason"] = reason } } });
    }
}

/// <summary>Calls to other services carry the person's access token, if somebody is signed in.</summary>
sealed class TokenOfSession(IHttpContextAccessor http) : ICallerToken
{
    public ValueTask<string?> GetAccessTokenAsync(CancellationToken cancel) => new(http.HttpContext?.Features.Get<LiveSession>()?.Session.AccessToken);
}
