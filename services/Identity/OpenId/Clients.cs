using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Authentication;
using Duende.IdentityServer.Models;

namespace Blog.Identity.OpenId;

/// <summary>What can be asked for, and the claims that come with it.</summary>
static class Scopes
{
    public const string Api = "blog.api", Internal = "blog.internal";

    public static readonly IdentityResource[] Identity = [new IdentityResources.OpenId(), new IdentityResources.Profile(), new IdentityResources.Email()];

    public static readonly ApiScope[] ApiScopes =
    [
        new(Api, "Read and write as you", ["role"]),
        new(Internal, "Calls between services"),
    ];

    public static readonly ApiResource[] ApiResources = [new(BlogAuthentication.Audience, "Blog") { Scopes = { Api, Internal } }];
}

/// <summary>
/// Who may ask. A person never gets <c>blog.internal</c>: no client has both a sign-in and that scope, since whoever
/// sits at the browser could add the scope to the address.
/// </summary>
static class Clients
{
    const int Minutes = 60, Days = 86_400;

    /// <summary>Services, and the command line tool of the operator, which call others as themselves.</summary>
    static readonly string[] Services = ["identity", "users", "content", "interactions", "feed", "search", "notifications", "recommendations", "cli"];

    /// <summary>All clients. One without a secret at <c>Blog:Clients:{id}:Secret</c> is left out.</summary>
    public static IEnumerable<Client> From(IConfiguration configuration)
    {
        string? Secret(string id) => configuration[$"Blog:Clients:{id}:Secret"] ?? (id == configuration["Blog:ClientId"] ? configuration["Blog:ClientSecret"] : null);

        if (Secret("bff") is { } bffSecret)
            yield return Bff(configuration.PublicOrigin(), configuration["Blog:BffOrigin"] ?? configuration.PublicOrigin(), bffSecret);
        yield return Phone();
        foreach (var id in Services)
            if (Secret(id) is { } secret)
                yield return new Client
                {
                    ClientId = id,
                    ClientSecrets = { new Secret(secret.Sha256()) },
                    AllowedGrantTypes = GrantTypes.ClientCredentials,
                    AllowedScopes = { Scopes.Internal },
                    AccessTokenLifetime = 60 * Minutes,
                };
    }

    static Client Bff(string publicOrigin, string bffOrigin, string secret) => new()
    {
        ClientId = "bff",
        ClientName = "Blog",
        ClientSecrets = { new Secret(secret.Sha256()) },
        AllowedGrantTypes = GrantTypes.Code,
        RedirectUris = { publicOrigin + "/bff/callback" },
        PostLogoutRedirectUris = { publicOrigin + "/" },
        BackChannelLogoutUri = bffOrigin.TrimEnd('/') + "/bff/backchannel",
        AllowOfflineAccess = true,
        AllowedScopes = { "openid", "profile", "email", Scopes.Api },
        IdentityTokenLifetime = 5 * Minutes,
        AuthorizationCodeLifetime = 5 * Minutes,
        AccessTokenLifetime = 60 * Minutes,
        RefreshTokenUsage = TokenUsage.OneTimeOnly,
        RefreshTokenExpiration = TokenExpiration.Sliding,
        SlidingRefreshTokenLifetime = 15 * Days,
        AbsoluteRefreshTokenLifetime = 30 * Days,
        UpdateAccessTokenClaimsOnRefresh = true,
        CoordinateLifetimeWithUserSession = true,
    };

    /// <summary>A public client: the application on a phone cannot keep a secret; PKCE and one-time refresh tokens protect it (RFC 8252, RFC 9700).</summary>
    static Client Phone() => new()
    {
        ClientId = "phone",
        ClientName = "Blog on your phone",
        RequireClientSecret = false,
        AllowedGrantTypes = GrantTypes.Code,
        RedirectUris = { "blog://callback" },
        PostLogoutRedirectUris = { "blog://signed-out" },
        AllowOfflineAccess = true,
        AllowedScopes = { "openid", "profile", "email", Scopes.Api },
        RefreshTokenUsage = TokenUsage.OneTimeOnly,
        RefreshTokenExpiration = TokenExpiration.Sliding,
        SlidingRefreshTokenLifetime = 15 * Days,
        AbsoluteRefreshTokenLifetime = 30 * Days,
        UpdateAccessTokenClaimsOnRefresh = true,
    };
}
