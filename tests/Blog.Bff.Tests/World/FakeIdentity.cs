using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Bff.Tests.World;

/// <summary>An OpenID provider that signs everybody in as the person a test names. Verifies PKCE; refresh tokens count once.</summary>
sealed class FakeIdentity
{
    public const string Origin = "http://blog.test";
    static readonly RsaSecurityKey Key = new(RSA.Create(2048)) { KeyId = "k1" };

    readonly ConcurrentDictionary<string, (string Challenge, string Nonce)> codes = new();
    readonly ConcurrentDictionary<string, bool> refreshTokens = new();

    public string Subject { get; set; } = Guid.CreateVersion7().ToString();
    public string Sid { get; set; } = Guid.NewGuid().ToString("N");
    public int AccessTokenSeconds { get; set; } = 3600;
    public bool Away { get; set; }
    public bool RefusesRefresh { get; set; }
    public string? NonceInstead { get; set; }
    public string? AudienceInstead { get; set; }
    public TimeSpan RefreshTakes { get; set; }
    public TimeProvider Time { get; set; } = TimeProvider.System;
    int refreshes;
    public int Refreshes => refreshes;
    public ConcurrentBag<string> Revoked { get; } = [];

    public static string SubjectOf(string accessToken) => new JsonWebToken(accessToken).Subject;

    public void Map(WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (!Away) return next();
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        app.MapGet("/.well-known/openid-configuration", () => new Dictionary<string, object>
        {
            ["issuer"] = Origin,
            ["authorization_endpoint"] = Origin + "/connect/authorize",
            ["token_endpoint"] = Origin + "/connect/token",
            ["jwks_uri"] = Origin + "/.well-known/openid-configuration/jwks",
            ["end_session_endpoint"] = Origin + "/connect/endsession",
            ["revocation_endpoint"] = Origin + "/connect/revocation",
            ["prompt_values_supported"] = new[] { "login", "create" },
        });
        app.MapGet("/.well-known/openid-configuration/jwks", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Key.Rsa.ExportParameters(false)) { KeyId = Key.KeyId });
            return new { keys = new[] { new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, alg = "RS256", use = "sig" } } };
        });
        app.MapPost("/connect/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            if (form["client_id"] != "bff" || form["client_secret"] != "secret") return Refuse("invalid_client");
            return form["grant_type"] == "authorization_code" ? Redeem(form) : await RefreshAsync(form);
        });
        app.MapPost("/connect/revocation", async (HttpRequest request) =>
        {
            Revoked.Add((await request.ReadFormAsync())["token"].ToString());
        });
        app.Map("/account/{**rest}", (HttpRequest request) => new
        {
            cookie = request.Headers.Cookie.ToString(),
            host = request.Headers["X-Forwarded-Host"].ToString(),
            proto = request.Headers["X-Forwarded-Proto"].ToString(),
        });
    }

    /// <summary>What the authorization endpoint does when the person consents: the address the browser is sent back to.</summary>
    public string Authorize(Uri address)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query);
        query["code_challenge_method"].ToString().ShouldBe("S256");
        var code = Guid.NewGuid().ToString("N");
        codes[code] = (query["code_challenge"].ToString(), query["nonce"].ToString());
        return $"/bff/callback?code={code}&state={Uri.EscapeDataString(query["state"].ToString())}&iss={Uri.EscapeDataString(Origin)}";
    }

    /// <summary>Somebody else was quicker with the code.</summary>
    public async Task<bool> UseCodeAsync(string callback)
    {
        await Task.Yield();
        return codes.TryRemove(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(callback[callback.IndexOf('?', StringComparison.Ordinal)..])["code"].ToString(), out _);
    }

    IResult Redeem(IFormCollection form)
    {
        if (!codes.TryRemove(form["code"].ToString(), out var issued)) return Refuse("invalid_grant");
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return challenge == issued.Challenge ? Answer(NonceInstead ?? issued.Nonce) : Refuse("invalid_grant");
    }

    async Task<IResult> RefreshAsync(IFormCollection form)
    {
        await Task.Delay(RefreshTakes);
        if (RefusesRefresh || !refreshTokens.TryRemove(form["refresh_token"].ToString(), out _)) return Refuse("invalid_grant");
        Interlocked.Increment(ref refreshes);
        return Answer(null);
    }

    static IResult Refuse(string error) => Results.Json(new { error }, statusCode: 400);

    IResult Answer(string? nonce)
    {
        var refresh = Guid.NewGuid().ToString("N");
        refreshTokens[refresh] = true;
        var access = Sign(new() { ["sub"] = Subject, ["scope"] = "blog.api", ["client_id"] = "bff", ["role"] = new[] { "reader", "author" } }, "blog", "at+jwt", AccessTokenSeconds);
        var claims = new Dictionary<string, object>
        {
            ["sub"] = Subject,
            ["sid"] = Sid,
            ["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(access)).AsSpan(0, 16)),
        };
        if (nonce is not null) claims["nonce"] = nonce;
        return Results.Json(new { access_token = access, expires_in = AccessTokenSeconds, refresh_token = refresh, id_token = Sign(claims, AudienceInstead ?? "bff", "JWT", 300), token_type = "Bearer" });
    }

    public string LogoutToken(string? sid, string? subject = null, bool withEvent = true, string? nonce = null, string audience = "bff", RsaSecurityKey? key = null)
    {
        var claims = new Dictionary<string, object> { ["jti"] = Guid.NewGuid().ToString() };
        if (sid is not null) claims["sid"] = sid;
        if (subject is not null) claims["sub"] = subject;
        if (withEvent) claims["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() };
        if (nonce is not null) claims["nonce"] = nonce;
        return Sign(claims, audience, "logout+jwt", 120, key);
    }

    string Sign(Dictionary<string, object> claims, string audience, string type, int seconds, RsaSecurityKey? key = null)
    {
        var now = Time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Origin,
            Audience = audience,
            Claims = claims,
            IssuedAt = now,
            Expires = now.AddSeconds(seconds),
            TokenType = type,
            SigningCredentials = new(key ?? Key, SecurityAlgorithms.RsaSha256),
        });
    }
}
