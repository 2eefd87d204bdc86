using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Blog.Bff.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Bff.Sessions;

/// <summary>What is remembered between leaving for Identity and coming back, sealed in a short-lived cookie.</summary>
sealed record SignInProgress(string State, string Nonce, string Verifier, string ReturnUrl, DateTimeOffset EndsAt);

/// <summary>GET /bff/login and /bff/callback: authorization code flow with PKCE, state, nonce and iss (RFC 9207).</summary>
static class SignInEndpoints
{
    const string Purpose = "blog sign-in";

    /// <summary>Marks, inside the state, a sign-in that was begun anew because its cookie was gone: it is not begun a third time.</summary>
    const string SecondTry = "~";

    /// <summary>Long enough to sign up, fetch the confirmation mail and come back.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>A session ends with its refresh token at the latest.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/bff").ExcludeFromDescription();
        group.MapGet("/login", Login);
        group.MapGet("/callback", Callback);
    }

    static async Task<Results<RedirectHttpResult, ErrorPageResult>> Login(
        HttpContext http, OpenIdClient identity, IConfiguration configuration, TimeProvider time, CancellationToken ct,
        string? returnUrl = null, string? screen = null, string? again = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        var progress = new SignInProgress(
            Random(24) + (again is null ? "" : SecondTry), Random(24), Random(32), ReturnUrl.Local(returnUrl), time.GetUtcNow() + Patience);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(progress.Verifier)));
        string address;
        try
        {
            address = await identity.AuthorizeUrlAsync(progress.State, progress.Nonce, challenge, screen == "signup", ct);
        }
        catch (Exception away) when (IsAway(away))
        {
            return ErrorPages.SignInAway(progress.ReturnUrl);
        }

        http.Response.Cookies.Set(SessionCookie.SignInName(progress.State), Sealed.SealText(progress, Secret(configuration), Purpose), Patience);
        return TypedResults.Redirect(address);
    }

    static async Task<Results<RedirectHttpResult, ErrorPageResult>> Callback(
        HttpContext http, OpenIdClient identity, SessionStore sessions, IConfiguration configuration, TimeProvider time,
        ILogger<SignInProgress> logger, CancellationToken ct, string? state = null, string? code = null, string? iss = null, string? error = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (state is null or { Length: < 16 or > 100 }) return ErrorPages.SignInFailed();
        var cookie = SessionCookie.SignInName(state);
        var progress = Sealed.OpenText<SignInProgress>(http.Request.Cookies[cookie], Secret(configuration), Purpose);
        http.Response.Cookies.Clear(cookie);

        if (progress is null || progress.EndsAt < time.GetUtcNow() || progress.State != state)
            // Another browser, or too late (the mail took a day): the person is known to Identity by now, so begin anew, once.
            return state.EndsWith(SecondTry, StringComparison.Ordinal) ? ErrorPages.SignInFailed() : TypedResults.Redirect("/bff/login?again=1");
        if (iss != identity.Issuer) return Refused("iss is not our Identity");
        if (error is not null) return error == "access_denied" ? TypedResults.Redirect(progress.ReturnUrl) : Refused(error);
        if (string.IsNullOrEmpty(code)) return Refused("no code");

        try
        {
            var tokens = await identity.RedeemAsync(code, progress.Verifier, ct);
            var id = await identity.ValidateIdTokenAsync(tokens.IdToken ?? "", tokens.AccessToken, progress.Nonce, ct);
            await EndFormerAsync(http, identity, sessions, ct);
            var live = await sessions.CreateAsync(NewSession(tokens, id, time.GetUtcNow()));
            http.Response.Cookies.Set(SessionCookie.Name, live.Secret.CookieValue, Longest);
            http.Response.Cookies.SetHint(signedIn: true);
            return TypedResults.Redirect(progress.ReturnUrl);
        }
        catch (Exception refused) when (refused is TokenRefusedException or SecurityTokenException or ArgumentException)
        {
            return Refused(refused.Message);
        }
        catch (Exception away) when (IsAway(away))
        {
            return ErrorPages.SignInAway(progress.ReturnUrl);
        }

        ErrorPageResult Refused(string reason)
        {
            logger.LogWarning("Sign-in refused: {Reason}", reason);
            return ErrorPages.SignInFailed();
        }
    }

    static Session NewSession(TokenSet tokens, JsonWebToken id, DateTimeOffset now) => new(
        id.Subject, id.TryGetPayloadValue<string>("sid", out var sid) ? sid : null, SessionTokens.RolesOf(tokens.AccessToken), tokens.IdToken!,
        tokens.AccessToken, now.AddSeconds(tokens.ExpiresIn), tokens.RefreshToken, now + Longest, Renewals: 0);

    /// <summary>Signing in over a session replaces it (RFC 6265bis has no fixation to fear then).</summary>
    static async Task EndFormerAsync(HttpContext http, OpenIdClient identity, SessionStore sessions, CancellationToken ct)
    {
        if (http.Request.SessionSecret() is not { } former || await sessions.FindAsync(former) is not { Session: { } live }) return;
        await sessions.EndAsync(live.Id);
        await SignOutEndpoints.RevokeQuietlyAsync(identity, live.Session, ct);
    }

    public static bool IsAway(Exception exception) =>
        exception is HttpRequestException or TimeoutException or TaskCanceledException { InnerException: TimeoutException }
        || exception is InvalidOperationException { InnerException: not null }; // no discovery document, by ConfigurationManager

    static byte[] Secret(IConfiguration configuration) => Encoding.UTF8.GetBytes(
        configuration["Blog:ClientSecret"] ?? throw new InvalidOperationException("Blog:ClientSecret is not configured."));

    static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));
}
