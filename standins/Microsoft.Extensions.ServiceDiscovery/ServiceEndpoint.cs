using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>One address at which a service answers.</summary>
public abstract class ServiceEndpoint
{
    /// <summary>The address: a <see cref="UriEndPoint"/>, a <see cref="DnsEndPoint"/> or an <see cref="IPEndPoint"/>.</summary>
    public abstract EndPoint EndPoint { get; }

    /// <summary>What else is known of the endpoint.</summary>
    public abstract IFeatureCollection Features { get; }

    /// <summary>Makes an endpoint of an address.</summary>
    public static ServiceEndpoint Create(EndPoint endPoint, IFeatureCollection? features = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new Plain(endPoint, features ?? new FeatureCollection());
    }

    sealed class Plain(EndPoint endPoint, IFeatureCollection features) : ServiceEndpoint
    {
        public override EndPoint EndPoint => endPoint;
        public override IFeatureCollection Features => features;
        public override string? ToString() => endPoint.ToString();
    }
}

/// <summary>An address that says its scheme too.</summary>
public class UriEndPoint : EndPoint
{
    /// <summary>Makes an endpoint of a URI; path and query do not count.</summary>
    public UriEndPoint(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Uri = uri;
    }

    /// <summary>The address.</summary>
    public Uri Uri { get; }

    /// <inheritdoc/>
    public override string ToString() => Uri.ToString();
}

/// <summary>The endpoints of a service at one moment.</summary>
public sealed class ServiceEndpointSource(List<ServiceEndpoint>? endpoints, IChangeToken changeToken, IFeatureCollection features)
{
    /// <summary>The endpoints, one per replica.</summary>
    public IReadOnlyList<ServiceEndpoint> Endpoints { get; } = endpoints ?? [];

    /// <summary>Fires when the endpoints should be asked for again.</summary>
    public IChangeToken ChangeToken { get; } = changeToken;

    /// <summary>What else is known.</summary>
    public IFeatureCollection Features { get; } = features;
}
