using System.Security.Cryptography;
using System.Text;
using Blog.Bff.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Bff.Sessions;

/// <summary>GET /bff/logout, and POST /bff/backchannel by which Identity ends sessions (OpenID Connect Back-Channel Logout 1.0).</summary>
static class SignOutEndpoints
{
    static readonly TimeSpan RevocationPatience = TimeSpan.FromSeconds(2);

    public static void MapSignOut(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/bff").ExcludeFromDescription();
        group.MapGet("/logout", Logout);
        group.MapPost("/backchannel", BackChannel).DisableAntiforgery();
    }

    /// <summary>Proves that the link came from our own page: another site cannot know it, so it cannot sign people out.</summary>
    public static string LogoutKey(LiveSession live) => live.Session.Sid ?? live.Id[..16];

    static async Task<Results<RedirectHttpResult, ErrorPageResult>> Logout(
        HttpContext http, SessionStore sessions, OpenIdClient identity, CancellationToken ct, string? sid = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.SessionSecret() is not { } secret) return TypedResults.Redirect("/");
        var (known, live) = await sessions.FindAsync(secret);
        if (live is null)
        {
            if (!known) return ErrorPages.SignInAway("/");
            http.Response.Cookies.Clear(SessionCookie.Name);
            return TypedResults.Redirect("/");
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sid ?? ""), Encoding.UTF8.GetBytes(LogoutKey(live))))
            return ErrorPages.SignOutUnproven($"/bff/logout?sid={Uri.EscapeDataString(LogoutKey(live))}");

        await sessions.EndAsync(live.Id);
        http.Response.Cookies.Clear(SessionCookie.Name);
        http.Response.Cookies.SetHint(signedIn: false);
        await RevokeQuietlyAsync(identity, live.Session, ct);
        try
        {
            return TypedResults.Redirect(await identity.EndSessionUrlAsync(live.Session.IdToken, ct) ?? "/");
        }
        catch (Exception away) when (SignInEndpoints.IsAway(away))
        {
            return TypedResults.Redirect("/");
        }
    }

    public static async Task RevokeQuietlyAsync(OpenIdClient identity, Session session, CancellationToken ct)
    {
        if (session.RefreshToken is not { } refreshToken) return;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(RevocationPatience);
            await identity.RevokeAsync(refreshToken, patience.Token);
        }
        catch (Exception exception) when (SignInEndpoints.IsAway(exception) || exception is OperationCanceledException)
        {
            // It ends by itself; the session that could use it is gone.
        }
    }

    static async Task<Results<Ok, BadRequest>> BackChannel(
        HttpContext http, OpenIdClient identity, SessionStore sessions, SeenLogoutTokens seen, ILogger<SeenLogoutTokens> logger, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType) return TypedResults.BadRequest();
        var form = await http.Request.ReadFormAsync(ct);
        try
        {
            var token = await identity.ValidateLogoutTokenAsync(form["logout_token"].ToString(), ct);
            if (!seen.FirstTime(token.Id)) return TypedResults.BadRequest();
            await sessions.EndAllAsync(token.TryGetPayloadValue<string>("sid", out var sid) ? sid : null, token.Subject);
            return TypedResults.Ok();
        }
        catch (Exception refused) when (refused is SecurityTokenException or ArgumentException)
        {
            logger.LogWarning("Logout token refused: {Reason}", refused.Message);
            return TypedResults.BadRequest();
        }
    }
}

/// <summary>A logout token counts once (§2.6, step 8); it is good for minutes only, so that is how long it is remembered.</summary>
sealed class SeenLogoutTokens : IDisposable
{
    readonly MemoryCache seen = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public bool FirstTime(string jti)
    {
        lock (seen)
        {
            if (seen.TryGetValue(jti, out _)) return false;
            seen.Set(jti, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromMinutes(10) });
            return true;
        }
    }

    public void Dispose() => seen.Dispose();
}
