using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Resolves a service name, or an address with a service name for its host, to endpoints: from configuration
/// (<c>services:{name}:{endpoint}:{i}</c>, re-read when it changes); a name that is not there passes through as a host name.
/// </summary>
public sealed class ServiceEndpointResolver(
    IConfiguration configuration,
    IOptions<ServiceDiscoveryOptions> discovery,
    IOptions<ConfigurationServiceEndpointProviderOptions> provider) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, ServiceEndpointSource> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The endpoints for a name or an address, at least one.</summary>
    /// <exception cref="InvalidOperationException">The address cannot be understood, or its scheme is not allowed.</exception>
    public ValueTask<ServiceEndpointSource> GetEndpointsAsync(string serviceName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(serviceName);
        cancellationToken.ThrowIfCancellationRequested();
        // A source is as good as its token; several threads may re-read a changed one, with the same result.
        if (!_known.TryGetValue(serviceName, out var source) || source.ChangeToken.HasChanged)
            _known[serviceName] = source = Resolve(serviceName);
        return ValueTask.FromResult(source);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    ServiceEndpointSource Resolve(string serviceName)
    {
        if (!ServiceEndpointQuery.TryParse(serviceName, out var query))
            throw new InvalidOperationException($"'{serviceName}' is neither the name nor the address of a service.");

        // The token first: a change between the two reads is then seen by the next call.
        var changed = configuration.GetReloadToken();
        var endpoints = FromConfiguration(query);
        if (endpoints.Count == 0) endpoints.Add(PassThrough(query));
        return new ServiceEndpointSource(endpoints, changed, new FeatureCollection());
    }

    List<ServiceEndpoint> FromConfiguration(ServiceEndpointQuery query)
    {
        var service = configuration.GetSection(provider.Value.SectionName).GetSection(query.ServiceName);
        if (!service.Exists()) return [];
        var schemes = Allowed(query);

        IConfigurationSection? section = null;
        if (query.EndpointName is { } endpoint) section = service.GetSection(endpoint);
        // Without a name, the scheme is the name of the endpoint; "default" is the old way to say the same.
        else section = schemes.Append("default").Select(service.GetSection).FirstOrDefault(candidate => candidate.Exists());
        section ??= service;

        var addresses = section.Value is { Length: > 0 } single
            ? [single]
            : section.GetChildren().Select(child => child.Value).OfType<string>().ToArray();

        var found = new List<(int Rank, ServiceEndpoint Endpoint)>();
        foreach (var address in addresses)
            if (Parse(address, schemes) is { } parsed) found.Add(parsed);
        // "https+http" wants https alone where there is one.
        return found.Count == 0 ? [] : [.. found.Where(item => item.Rank == found.Min(other => other.Rank)).Select(item => item.Endpoint)];
    }

    static (int Rank, ServiceEndpoint Endpoint)? Parse(string address, string[] schemes)
    {
        var hasScheme = address.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(hasScheme ? address : $"{schemes.FirstOrDefault() ?? "http"}://{address}", UriKind.Absolute, out var uri))
            throw new InvalidOperationException($"'{address}' is not the address of an endpoint.");
        var rank = schemes.Length == 0 ? 0 : Array.FindIndex(schemes, scheme => scheme.Equals(uri.Scheme, StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? null : (rank, ServiceEndpoint.Create(new UriEndPoint(uri)));
    }

    ServiceEndpoint PassThrough(ServiceEndpointQuery query)
    {
        var scheme = Allowed(query).FirstOrDefault();
        if (scheme is null) return ServiceEndpoint.Create(new DnsEndPoint(query.ServiceName, query.Port));
        var host = query.ServiceName.Contains(':', StringComparison.Ordinal) ? $"[{query.ServiceName.Trim('[', ']')}]" : query.ServiceName;
        return ServiceEndpoint.Create(new UriEndPoint(new Uri(query.Port == 0 ? $"{scheme}://{host}" : $"{scheme}://{host}:{query.Port}")));
    }

    string[] Allowed(ServiceEndpointQuery query)
    {
        if (discovery.Value.AllowAllSchemes || query.IncludedSchemes.Count == 0) return [.. query.IncludedSchemes];
        var allowed = query.IncludedSchemes.Where(scheme => discovery.Value.AllowedSchemes.Contains(scheme, StringComparer.OrdinalIgnoreCase)).ToArray();
        return allowed.Length > 0
            ? allowed
            : throw new InvalidOperationException($"None of the schemes of '{query}' is allowed by {nameof(ServiceDiscoveryOptions)}.");
    }
}
