using Duende.IdentityServer;
using Duende.IdentityServer.Configuration;
using Duende.IdentityServer.Endpoints;
using Duende.IdentityServer.Keys;
using Duende.IdentityServer.Models;
using Duende.IdentityServer.Protocol;
using Duende.IdentityServer.Services;
using Duende.IdentityServer.Sessions;
using Duende.IdentityServer.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Builder of the token server.</summary>
public interface IIdentityServerBuilder
{
    IServiceCollection Services { get; }
}

internal sealed record IdentityServerBuilder(IServiceCollection Services) : IIdentityServerBuilder;

/// <summary>Adds the token server.</summary>
public static class IdentityServerServiceCollectionExtensions
{
    /// <summary>Adds the token server. Authentication schemes of the host take precedence over the cookie that this adds.</summary>
    public static IIdentityServerBuilder AddIdentityServer(this IServiceCollection services, Action<IdentityServerOptions> setupAction)
    {
        services.Configure(setupAction);
        return services.AddIdentityServer();
    }

    /// <inheritdoc cref="AddIdentityServer(IServiceCollection, Action{IdentityServerOptions})"/>
    public static IIdentityServerBuilder AddIdentityServer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<IdentityServerOptions>()
            .Validate(options => options.KeyManagement.Enabled, "The stand-in has no keys but those that it manages: KeyManagement.Enabled must be true.")
            .Validate(options => options.KeyManagement.SigningAlgorithms.Count > 0, "KeyManagement.SigningAlgorithms is empty.")
            .Validate(options => options.KeyManagement.SigningAlgorithms.All(algorithm => !algorithm.UseX509Certificate),
                "The stand-in does not wrap keys in certificates.")
            .Validate(options => options.KeyManagement.PropagationTime < options.KeyManagement.RotationInterval,
                "KeyManagement.PropagationTime must be shorter than RotationInterval.");
        services.AddDataProtection();
        services.AddHttpContextAccessor();
        services.AddHttpClient(IdentityServerConstants.HttpClients.BackChannelLogoutHttpClient, client => client.Timeout = TimeSpan.FromSeconds(10));
        services.AddIdentityServerCookie();
        services.DecorateAuthenticationService();

        services.AddSingleton<KeyRing>();
        services.AddSingleton<IKeyMaterialService>(provider => provider.GetRequiredService<KeyRing>());
        services.TryAddSingleton<ISigningKeyStore, InMemorySigningKeyStore>();
        services.TryAddSingleton<IPersistedGrantStore, InMemoryPersistedGrantStore>();
        services.TryAddSingleton<IResourceStore, InMemoryResourcesStore>();
        services.TryAddTransient<IProfileService, DefaultProfileService>();
        services.TryAddTransient<IEventSink, LogEventSink>();
        services.TryAddTransient<IEventService, EventService>();
        services.TryAddTransient<IBackChannelLogoutService, BackChannelLogoutService>();
        services.TryAddTransient<IIdentityServerInteractionService, InteractionService>();
        services.TryAddTransient<IPersistedGrantService, PersistedGrantService>();
        services.TryAddTransient<IIssuerNameService, IssuerNameService>();
        services.TryAddScoped<IServerUrls, ServerUrls>();
        services.AddScoped<UserSession>();
        services.AddScoped<IUserSession>(provider => provider.GetRequiredService<UserSession>());

        services.AddTransient<SessionEnd>();
        services.AddTransient<Grants>();
        services.AddTransient<Consents>();
        services.AddTransient<Scopes>();
        services.AddTransient<Tokens>();
        services.AddTransient<TokenVerification>();
        services.AddTransient<ClientAuthentication>();
        services.AddTransient<AuthorizeRequestValidator>();
        services.AddTransient<AuthorizeResponses>();
        services.AddSingleton<ProtectedMessages>();
        foreach (var endpoint in new[]
                 {
                     typeof(DiscoveryEndpoint), typeof(JwksEndpoint), typeof(AuthorizeEndpoint), typeof(TokenEndpoint), typeof(UserInfoEndpoint),
                     typeof(EndSessionEndpoint), typeof(EndSessionCallbackEndpoint), typeof(RevocationEndpoint), typeof(IntrospectionEndpoint),
                 })
            services.AddTransient(endpoint);
        return new IdentityServerBuilder(services);
    }

    static void AddIdentityServerCookie(this IServiceCollection services)
    {
        services.AddAuthentication(options => options.DefaultScheme ??= IdentityServerConstants.DefaultCookieAuthenticationScheme)
            .AddCookie(IdentityServerConstants.DefaultCookieAuthenticationScheme)
            .AddCookie(IdentityServerConstants.ExternalCookieAuthenticationScheme, cookie => cookie.Cookie.IsEssential = true);
        services.AddOptions<CookieAuthenticationOptions>(IdentityServerConstants.DefaultCookieAuthenticationScheme)
            .Configure<IOptions<IdentityServerOptions>>((cookie, options) =>
            {
                cookie.ExpireTimeSpan = options.Value.Authentication.CookieLifetime;
                cookie.SlidingExpiration = options.Value.Authentication.CookieSlidingExpiration;
                cookie.LoginPath = options.Value.UserInteraction.LoginUrl is ['/', ..] login ? login : cookie.LoginPath;
                cookie.Cookie.IsEssential = true;
            });
    }

    static void DecorateAuthenticationService(this IServiceCollection services)
    {
        var inner = services.Last(service => service.ServiceType == typeof(IAuthenticationService));
        services.Remove(inner);
        services.Add(new ServiceDescriptor(typeof(IAuthenticationService), provider => new SessionAuthenticationService(
            (IAuthenticationService)(inner.ImplementationInstance
                ?? inner.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)),
            provider.GetRequiredService<IAuthenticationSchemeProvider>()), inner.Lifetime));
    }
}

/// <summary>Tells the token server about clients, resources and accounts.</summary>
public static class IdentityServerBuilderExtensions
{
    /// <exception cref="NotSupportedException">A client is configured in a way that the stand-in cannot honour.</exception>
    public static IIdentityServerBuilder AddInMemoryClients(this IIdentityServerBuilder builder, IEnumerable<Client> clients)
    {
        var all = clients.ToArray();
        foreach (var client in all)
            ClientConfiguration.Validate(client);
        builder.Services.AddSingleton<IClientStore>(new InMemoryClientStore(all));
        return builder;
    }

    public static IIdentityServerBuilder AddInMemoryIdentityResources(this IIdentityServerBuilder builder, IEnumerable<IdentityResource> identityResources)
    {
        builder.Services.AddSingleton(identityResources);
        return builder;
    }

    public static IIdentityServerBuilder AddInMemoryApiResources(this IIdentityServerBuilder builder, IEnumerable<ApiResource> apiResources)
    {
        builder.Services.AddSingleton(apiResources);
        return builder;
    }

    public static IIdentityServerBuilder AddInMemoryApiScopes(this IIdentityServerBuilder builder, IEnumerable<ApiScope> apiScopes)
    {
        builder.Services.AddSingleton(apiScopes);
        return builder;
    }

    /// <summary>Uses grants and keys that end with the process.</summary>
    public static IIdentityServerBuilder AddInMemoryPersistedGrants(this IIdentityServerBuilder builder)
    {
        builder.Services.Replace(ServiceDescriptor.Singleton<IPersistedGrantStore, InMemoryPersistedGrantStore>());
        return builder;
    }

    /// <summary>Looks clients up in a store of the host.</summary>
    public static IIdentityServerBuilder AddClientStore<T>(this IIdentityServerBuilder builder)
        where T : class, IClientStore
    {
        builder.Services.AddTransient<IClientStore, T>();
        return builder;
    }

    /// <summary>Looks resources up in a store of the host.</summary>
    public static IIdentityServerBuilder AddResourceStore<T>(this IIdentityServerBuilder builder)
        where T : class, IResourceStore
    {
        builder.Services.AddTransient<IResourceStore, T>();
        return builder;
    }

    /// <summary>Asks <typeparamref name="T"/> for claims and whether accounts are active.</summary>
    public static IIdentityServerBuilder AddProfileService<T>(this IIdentityServerBuilder builder)
        where T : class, IProfileService
    {
        builder.Services.AddTransient<IProfileService, T>();
        return builder;
    }
}
