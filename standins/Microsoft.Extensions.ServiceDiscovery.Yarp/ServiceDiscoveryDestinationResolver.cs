using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Microsoft.Extensions.ServiceDiscovery.Yarp;

/// <summary>Turns a destination whose address is a service name into one destination per replica.</summary>
sealed class ServiceDiscoveryDestinationResolver(ServiceEndpointResolver resolver) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.OrdinalIgnoreCase);
        var changes = new List<IChangeToken>();
        foreach (var (id, destination) in destinations)
        {
            var address = new Uri(destination.Address);
            var source = await resolver.GetEndpointsAsync(address.GetLeftPart(UriPartial.Authority), cancellationToken).ConfigureAwait(false);
            changes.Add(source.ChangeToken);
            for (var i = 0; i < source.Endpoints.Count; i++)
            {
                var endpoint = source.Endpoints[i].EndPoint;
                resolved[source.Endpoints.Count == 1 ? id : $"{id}[{i}]"] = destination with
                {
                    Address = At(address, endpoint),
                    Health = destination.Health is { } health ? At(new Uri(health), endpoint) : null,
                };
            }
        }
        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    static string At(Uri address, System.Net.EndPoint endPoint) => endPoint is UriEndPoint { Uri: var uri }
        ? new UriBuilder(address) { Scheme = uri.Scheme, Host = uri.Host, Port = uri.Port }.Uri.ToString()
        : throw new NotSupportedException($"An endpoint of type {endPoint.GetType()} cannot be a destination.");
}
