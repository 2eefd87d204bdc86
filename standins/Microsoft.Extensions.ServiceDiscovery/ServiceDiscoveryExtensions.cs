using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.ServiceDiscovery;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds service discovery.</summary>
public static class ServiceDiscoveryServiceCollectionExtensions
{
    /// <summary>Adds service discovery that reads endpoints from configuration and passes other names through.</summary>
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services) => services.AddServiceDiscoveryCore();

    /// <inheritdoc cref="AddServiceDiscovery(IServiceCollection)"/>
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services, Action<ServiceDiscoveryOptions> configureOptions)
        => services.AddServiceDiscoveryCore(configureOptions);

    /// <summary>Adds the resolver. Here it always reads configuration and passes other names through.</summary>
    public static IServiceCollection AddServiceDiscoveryCore(this IServiceCollection services)
    {
        services.AddOptions();
        services.TryAddSingleton<ServiceEndpointResolver>();
        services.TryAddSingleton<EndpointTurns>();
        return services;
    }

    /// <inheritdoc cref="AddServiceDiscoveryCore(IServiceCollection)"/>
    public static IServiceCollection AddServiceDiscoveryCore(this IServiceCollection services, Action<ServiceDiscoveryOptions> configureOptions)
        => services.Configure(configureOptions).AddServiceDiscoveryCore();

    /// <summary>Says where in configuration the endpoints are.</summary>
    public static IServiceCollection AddConfigurationServiceEndpointProvider(this IServiceCollection services) => services.AddServiceDiscoveryCore();

    /// <inheritdoc cref="AddConfigurationServiceEndpointProvider(IServiceCollection)"/>
    public static IServiceCollection AddConfigurationServiceEndpointProvider(
        this IServiceCollection services, Action<ConfigurationServiceEndpointProviderOptions> configureOptions)
        => services.Configure(configureOptions).AddServiceDiscoveryCore();

    /// <summary>Lets names that are not in configuration pass through.</summary>
    public static IServiceCollection AddPassThroughServiceEndpointProvider(this IServiceCollection services) => services.AddServiceDiscoveryCore();
}

/// <summary>Adds service discovery to HTTP clients, and so to gRPC clients.</summary>
public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    /// <summary>Resolves the host of each request's address as a service name.</summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        httpClientBuilder.Services.AddServiceDiscoveryCore();
        httpClientBuilder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, GrpcLoadBalancingFilter>());
        return httpClientBuilder.AddHttpMessageHandler(services =>
            new ResolvingHttpDelegatingHandler(services.GetRequiredService<ServiceEndpointResolver>(), services.GetRequiredService<EndpointTurns>()));
    }
}
