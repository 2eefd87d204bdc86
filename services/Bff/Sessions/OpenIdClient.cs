using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Bff.Sessions;

sealed record TokenSet(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("id_token")] string? IdToken);

/// <summary>Identity refused (as opposed to: could not be reached). <paramref name="error"/> is the code of RFC 6749 §5.2.</summary>
sealed class TokenRefusedException(string error) : Exception($"Identity refused: {error}")
{
    public string Error => error;
}

/// <summary>
/// The BFF as an OpenID Connect client of Identity: authorization code flow with PKCE (RFC 7636). Browsers are sent to the public
/// origin; the BFF itself talks to Identity inside the cluster.
/// </summary>
sealed class OpenIdClient
{
    public const string ClientId = "bff";

    /// <summary>What a person's session needs: who it is, the API, and tokens that can be renewed.</summary>
    const string Scope = "openid profile offline_access blog.api";

    static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    readonly IHttpClientFactory clients;
    readonly IConfiguration configuration;
    readonly TimeProvider time;
    readonly ConfigurationManager<OpenIdConnectConfiguration> metadata;
    readonly JsonWebTokenHandler tokens = new() { MapInboundClaims = false };

    public OpenIdClient(IHttpClientFactory clients, IConfiguration configuration, TimeProvider time)
    {
        this.clients = clients;
        this.configuration = configuration;
        this.time = time;
        Issuer = configuration.PublicOrigin();
        metadata = new(Issuer + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new Documents(this))
        {
            RefreshInterval = TimeSpan.FromSeconds(30),
        };
    }

    public string Issuer { get; }

    public string CallbackUri => Issuer + "/bff/callback";

    public async Task<string> AuthorizeUrlAsync(string state, string nonce, string codeChallenge, bool createAccount, CancellationToken ct)
    {
        var server = await metadata.GetConfigurationAsync(ct);
        var query = QueryString.Create(new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["response_type"] = "code",
            ["scope"] = Scope,
            ["redirect_uri"] = CallbackUri,
            ["state"] = state,
            ["nonce"] = nonce,
            ["code_challenge"] = codeChallenge,
            ["code_challenge_method"] = "S256",
        });
        // OpenID Connect Initiating User Registration 1.0; a server that does not know it shows its sign-in page, with a link to sign up.
        if (createAccount && server.PromptValuesSupported.Contains("create")) query = query.Add("prompt", "create");
        return PublicAddress(server.AuthorizationEndpoint) + query;
    }

    public async Task<string?> EndSessionUrlAsync(string idToken, CancellationToken ct)
    {
        var server = await metadata.GetConfigurationAsync(ct);
        return string.IsNullOrEmpty(server.EndSessionEndpoint) ? null : PublicAddress(server.EndSessionEndpoint) + QueryString.Create(new Dictionary<string, string?>
        {
            ["id_token_hint"] = idToken,
            ["client_id"] = ClientId,
            ["post_logout_redirect_uri"] = Issuer + "/",
        });
    }

    public Task<TokenSet> RedeemAsync(string code, string verifier, CancellationToken ct) => TokenAsync(new()
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["redirect_uri"] = CallbackUri,
        ["code_verifier"] = verifier,
    }, ct);

    public Task<TokenSet> RenewAsync(string refreshToken, CancellationToken ct) => TokenAsync(new()
    {
        ["grant_type"] = "refresh_token",
        ["refresh_token"] = refreshToken,
    }, ct);

    /// <summary>RFC 7009. Best effort: the session ends here whether or not Identity can be told.</summary>
    public async Task RevokeAsync(string refreshToken, CancellationToken ct)
    {
        var server = await metadata.GetConfigurationAsync(ct);
        if (!string.IsNullOrEmpty(server.RevocationEndpoint))
            using (await PostAsync(server.RevocationEndpoint, new() { ["token"] = refreshToken, ["token_type_hint"] = "refresh_token" }, ct)) { }
    }

    async Task<TokenSet> TokenAsync(Dictionary<string, string> form, CancellationToken ct)
    {
        var server = await metadata.GetConfigurationAsync(ct);
        using var response = await PostAsync(server.TokenEndpoint, form, ct);
        if (response.IsSuccessStatusCode)
            return await response.Content.ReadFromJsonAsync<TokenSet>(ct) ?? throw new HttpRequestException("Identity answered without tokens.");
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized)
            throw new TokenRefusedException((await response.Content.ReadFromJsonAsync<Refusal>(ct))?.Error ?? "invalid_request");
        throw new HttpRequestException($"Identity answered {(int)response.StatusCode}.", null, response.StatusCode);
    }

    sealed record Refusal([property: JsonPropertyName("error")] string? Error);

    async Task<HttpResponseMessage> PostAsync(string endpoint, Dictionary<string, string> form, CancellationToken ct)
    {
        form["client_id"] = ClientId;
        form["client_secret"] = configuration["Blog:ClientSecret"] ?? throw new InvalidOperationException("Blog:ClientSecret is not configured.");
        using var client = clients.CreateClient(nameof(OpenIdClient));
        return await client.PostAsync(InsideAddress(endpoint), new FormUrlEncodedContent(form), ct);
    }

    /// <summary>OpenID Connect Core §3.1.3.7, and at_hash by §3.1.3.8.</summary>
    /// <exception cref="SecurityTokenException">It is not for us, not theirs, too old, or belongs to another sign-in.</exception>
    public async Task<JsonWebToken> ValidateIdTokenAsync(string idToken, string accessToken, string nonce, CancellationToken ct)
    {
        var token = await ValidateAsync(idToken, null, ct);
        if (!token.TryGetPayloadValue<string>("nonce", out var seen) || seen != nonce) throw new SecurityTokenException("The token belongs to another sign-in.");
        if (token.Audiences.Count() > 1 && token.Azp != ClientId) throw new SecurityTokenException("The token was issued to another client.");
        if (token.TryGetPayloadValue<string>("at_hash", out var hash)
            && hash != Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)))
            throw new SecurityTokenException("The access token is not the one the id token came with.");
        return token;
    }

    /// <summary>OpenID Connect Back-Channel Logout 1.0 §2.6.</summary>
    /// <exception cref="SecurityTokenException">It is not a valid logout token.</exception>
    public async Task<JsonWebToken> ValidateLogoutTokenAsync(string logoutToken, CancellationToken ct)
    {
        const string logoutEvent = "http://schemas.openid.net/event/backchannel-logout";
        var token = await ValidateAsync(logoutToken, "logout+jwt", ct);
        if (!token.TryGetPayloadValue<JsonElement>("events", out var events)
            || events.ValueKind != JsonValueKind.Object || !events.TryGetProperty(logoutEvent, out _))
            throw new SecurityTokenException("The token has no logout event.");
        if (token.TryGetClaim("nonce", out _)) throw new SecurityTokenException("A logout token has no nonce.");
        if (!token.TryGetClaim("sid", out _) && string.IsNullOrEmpty(token.Subject)) throw new SecurityTokenException("The token names nobody.");
        if (string.IsNullOrEmpty(token.Id)) throw new SecurityTokenException("The token has no jti.");
        if (time.GetUtcNow().UtcDateTime - token.IssuedAt > TimeSpan.FromMinutes(5)) throw new SecurityTokenException("The token is too old.");
        return token;
    }

    async Task<JsonWebToken> ValidateAsync(string jwt, string? type, CancellationToken ct)
    {
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = ClientId,
            ValidAlgorithms = Algorithms,
            ValidTypes = type is null ? null : [type, "JWT"],
            ClockSkew = TimeSpan.FromMinutes(1),
            LifetimeValidator = (notBefore, expires, _, with) =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return (notBefore is null || notBefore - with.ClockSkew <= now) && (expires is null ? type is not null : expires + with.ClockSkew > now);
            },
            IssuerSigningKeys = (await metadata.GetConfigurationAsync(ct)).SigningKeys,
        };
        var result = await tokens.ValidateTokenAsync(jwt, parameters);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // Keys rotate: ask once more.
            metadata.RequestRefresh();
            parameters.IssuerSigningKeys = (await metadata.GetConfigurationAsync(ct)).SigningKeys;
            result = await tokens.ValidateTokenAsync(jwt, parameters);
        }

        return result.IsValid ? (JsonWebToken)result.SecurityToken : throw new SecurityTokenException("The token is not valid.", result.Exception);
    }

    string PublicAddress(string endpoint) => Issuer + new Uri(endpoint).AbsolutePath;

    static Uri InsideAddress(string endpoint) => new(ServiceTokens.IdentityAddress + new Uri(endpoint).PathAndQuery);

    sealed class Documents(OpenIdClient client) : IDocumentRetriever
    {
        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            using var http = client.clients.CreateClient(nameof(OpenIdClient));
            return await http.GetStringAsync(InsideAddress(address), cancel);
        }
    }
}
