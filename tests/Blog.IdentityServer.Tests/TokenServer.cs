using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Blog.Testing;
using Duende.IdentityServer;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace Blog.IdentityServer.Tests;

/// <summary>A clock that only tests move.</summary>
sealed class ManualClock : TimeProvider
{
    DateTimeOffset _now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;
}

/// <summary>What a test may choose about its server.</summary>
sealed class TokenServerSetup
{
    public ManualClock Clock { get; init; } = new();
    public IDataProtectionProvider DataProtection { get; init; } = new EphemeralDataProtectionProvider();

    /// <summary>PostgreSQL for grants and keys; null: memory.</summary>
    public string? Database { get; init; }

    /// <summary>Makes keys of its own; otherwise the server starts with one that all tests share, because making one takes long.</summary>
    public bool OwnKeys { get; init; }
    public ISigningKeyStore? Keys { get; init; }
    public Action<IdentityServerOptions>? Options { get; init; }
    public Action<Client>? Client { get; init; }

    /// <summary>Replaces the profile service, whose claims are those of the session.</summary>
    public IProfileService? Profiles { get; init; }
}

/// <summary>A key store that starts with one key.</summary>
sealed class GivenKeys(SerializedKey given) : ISigningKeyStore
{
    readonly ConcurrentDictionary<string, SerializedKey> _keys = new() { [given.Id] = given };

    public Task<IEnumerable<SerializedKey>> LoadKeysAsync(CancellationToken ct) => Task.FromResult<IEnumerable<SerializedKey>>([.. _keys.Values]);

    public Task StoreKeyAsync(SerializedKey key, CancellationToken ct)
    {
        _keys[key.Id] = key;
        return Task.CompletedTask;
    }

    public Task DeleteKeyAsync(string id, CancellationToken ct)
    {
        _keys.TryRemove(id, out _);
        return Task.CompletedTask;
    }
}

/// <summary>The token server over an in-process host, with four clients and two APIs.</summary>
sealed class TokenServer : IAsyncDisposable
{
    public const string Issuer = "https://id.example";
    public const string Callback = "https://bff.example/callback";
    public const string SignedOut = "https://bff.example/signed-out";
    public const string Verifier = "a-verifier-of-at-least-forty-three-characters-0123456789";
    public static readonly string Challenge = ChallengeOf(Verifier);

    // Not protected, so that it can be read whatever data protection keys a test uses.
    static readonly Lazy<Task<SerializedKey>> _sharedKey = new(async () =>
    {
        await using var server = await StartAsync(new() { OwnKeys = true, Options = options => options.KeyManagement.DataProtectKeys = false });
        await server.Services.GetRequiredService<IKeyMaterialService>().GetSigningCredentialsAsync(null, CancellationToken.None);
        return (await server.Services.GetRequiredService<ISigningKeyStore>().LoadKeysAsync(CancellationToken.None)).Single();
    });

    readonly WebApplication _app;

    TokenServer(WebApplication app, ManualClock clock) => (_app, Clock) = (app, clock);

    public ManualClock Clock { get; }
    public IServiceProvider Services => _app.Services;

    public static string ChallengeOf(string verifier) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public static async Task<TokenServer> StartAsync(TokenServerSetup? setup = null)
    {
        setup ??= new TokenServerSetup();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer(options => options.BaseAddress = new Uri(Issuer));
        var services = builder.Services;
        services.AddRouting();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Critical));
        services.AddSingleton<TimeProvider>(setup.Clock);
        var server = services.AddIdentityServer(options =>
            {
                options.UserInteraction.LoginUrl = "/account/login";
                options.UserInteraction.LogoutUrl = "/account/logout";
                options.UserInteraction.ErrorUrl = "/account/error";
                options.UserInteraction.ConsentUrl = "/account/consent";
                setup.Options?.Invoke(options);
            })
            .AddInMemoryIdentityResources([new IdentityResources.OpenId(), new IdentityResources.Profile(), new IdentityResources.Email()])
            .AddInMemoryApiScopes([new("blog.api"), new("blog.internal"), new("foreign.read")])
            .AddInMemoryApiResources(
            [
                new("blog", ["role"]) { Scopes = { "blog.api", "blog.internal" }, ApiSecrets = { new("blog-api-secret".Sha256()) } },
                new("foreign") { Scopes = { "foreign.read" }, ApiSecrets = { new("foreign-api-secret".Sha256()) } },
            ])
            .AddInMemoryClients(Clients(setup.Client));
        services.AddSingleton(setup.DataProtection);
        if (setup.Profiles is { } profiles)
            services.AddSingleton(profiles);
        if (setup.Keys is { } keys)
            services.AddSingleton(keys);
        else if (!setup.OwnKeys && setup.Database is null)
            services.AddSingleton<ISigningKeyStore>(new GivenKeys(await _sharedKey.Value));
        if (setup.Database is { } database)
            server.AddOperationalStore(options => options.ConfigureDbContext = context => context.UseNpgsql(database));
        var app = builder.Build();
        app.UseStatusCodePages("text/plain", "a page of the host");
        app.UseRouting();
        app.UseIdentityServer();
        MapPages(app);
        await app.StartAsync();
        return new TokenServer(app, setup.Clock);
    }

    /// <summary>A browser with its own cookies, which follows no redirect by itself.</summary>
    public Browser NewBrowser() => new(new HttpClient(new CookieJar(_app.GetTestServer().CreateHandler())) { BaseAddress = new Uri(Issuer) });

    /// <summary>A client application or API: no cookies.</summary>
    public Caller Caller => new(_app.GetTestClient());

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    static Client[] Clients(Action<Client>? change)
    {
        Client[] clients =
        [
            new()
            {
                ClientId = "bff",
                ClientName = "The site",
                ClientSecrets = { new("bff-secret".Sha256()) },
                AllowedGrantTypes = GrantTypes.Code,
                RedirectUris = { Callback },
                PostLogoutRedirectUris = { SignedOut },
                AllowOfflineAccess = true,
                AllowedScopes = { "openid", "profile", "email", "blog.api" },
                RefreshTokenUsage = TokenUsage.OneTimeOnly,
                RefreshTokenExpiration = TokenExpiration.Sliding,
            },
            new()
            {
                ClientId = "other",
                ClientSecrets = { new("other-secret".Sha512()) },
                AllowedGrantTypes = GrantTypes.Code,
                RedirectUris = { "https://other.example/callback" },
                PostLogoutRedirectUris = { "https://other.example/" },
                AllowOfflineAccess = true,
                AllowedScopes = { "openid", "foreign.read" },
            },
            new()
            {
                ClientId = "phone",
                RequireClientSecret = false,
                AllowedGrantTypes = GrantTypes.Code,
                RedirectUris = { "app.blog:/callback" },
                AllowOfflineAccess = true,
                AllowedScopes = { "openid", "blog.api" },
            },
            new()
            {
                ClientId = "worker",
                ClientSecrets = { new("worker-secret".Sha256()) },
                AllowedGrantTypes = GrantTypes.ClientCredentials,
                AllowedScopes = { "blog.internal" },
                Claims = { new("shard", "7") },
            },
        ];
        foreach (var client in clients)
            change?.Invoke(client);
        return clients;
    }

    static void MapPages(WebApplication app)
    {
        app.MapGet("/account/login", (string? returnUrl) => Results.Text(returnUrl));
        app.MapGet("/account/logout", async (string? logoutId, IIdentityServerInteractionService interaction, CancellationToken ct) =>
            await interaction.GetLogoutContextAsync(logoutId, ct));
        app.MapPost("/account/logout", (HttpContext context) => context.SignOutAsync());
        app.MapGet("/account/error", async (string errorId, IIdentityServerInteractionService interaction, CancellationToken ct) =>
            await interaction.GetErrorContextAsync(errorId, ct));
        app.MapPost("/sign-in/{subject}", (string subject, HttpContext context) => context.SignInAsync(
            new IdentityServerUser(subject) { DisplayName = $"{subject} name", AuthenticationMethods = { "pwd" }, AdditionalClaims = { new("role", "author") } }));
        app.MapPost("/consent", async (string returnUrl, string? scopes, bool? remember, IIdentityServerInteractionService interaction, CancellationToken ct) =>
        {
            var request = await interaction.GetAuthorizationContextAsync(returnUrl, ct) ?? throw new InvalidOperationException("no request");
            if (scopes is null)
                await interaction.DenyAuthorizationAsync(request, AuthorizationError.AccessDenied, "Not today.", ct);
            else
                await interaction.GrantConsentAsync(request, new() { ScopesValuesConsented = scopes.Split(' '), RememberConsent = remember == true }, null, ct);
        });
        app.MapGet("/valid", (string? returnUrl, IIdentityServerInteractionService interaction) => interaction.IsValidReturnUrl(returnUrl));
        app.MapGet("/context", async (string returnUrl, IIdentityServerInteractionService interaction, CancellationToken ct) =>
            await interaction.GetAuthorizationContextAsync(returnUrl, ct) is { } request
                ? Results.Json(new { request.Client.ClientId, request.LoginHint, request.IdP, Prompts = request.PromptModes, Scopes = request.ValidatedResources.RawScopeValues })
                : Results.NotFound());
    }
}
