using System.Collections.Concurrent;
using System.Net;

namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>
/// Sends each request to one of the endpoints behind the service name in its address, in turn. It stands inside a retry, so that
/// the next attempt reaches the next replica.
/// </summary>
sealed class ResolvingHttpDelegatingHandler(ServiceEndpointResolver resolver, EndpointTurns turns) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri ?? throw new InvalidOperationException("The request has no address.");
        var source = await resolver.GetEndpointsAsync(original.GetLeftPart(UriPartial.Authority), cancellationToken).ConfigureAwait(false);
        var endpoint = source.Endpoints[turns.Next(original.Authority, source.Endpoints.Count)];

        request.RequestUri = Address(original, endpoint.EndPoint);
        // HTTP/1.1 and 2 name the host in the request: what the service sees is the address it listens on.
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A retry, and whoever reads response.RequestMessage, sees the logical address again.
            request.RequestUri = original;
        }
    }

    internal static Uri Address(Uri original, EndPoint endPoint)
    {
        var address = new UriBuilder(original);
        switch (endPoint)
        {
            case UriEndPoint { Uri: var uri }:
                (address.Scheme, address.Host, address.Port) = (uri.Scheme, uri.Host, uri.Port);
                if (uri.AbsolutePath.Length > 1) address.Path = uri.AbsolutePath.TrimEnd('/') + original.AbsolutePath;
                break;
            case DnsEndPoint dns:
                (address.Host, address.Port) = (dns.Host, dns.Port == 0 ? -1 : dns.Port);
                break;
            case IPEndPoint ip:
                (address.Host, address.Port) = (ip.Address.ToString(), ip.Port);
                break;
            default:
                throw new NotSupportedException($"An endpoint of type {endPoint.GetType()} has no HTTP address.");
        }
        return address.Uri;
    }
}

/// <summary>Whose turn it is, for each service; shared by all clients of the process, so that short-lived handlers do not start at the first replica again.</summary>
sealed class EndpointTurns
{
    readonly ConcurrentDictionary<string, Counter> _turns = new(StringComparer.OrdinalIgnoreCase);

    public int Next(string service, int endpoints)
        => endpoints == 1 ? 0 : (int)((uint)Interlocked.Increment(ref _turns.GetOrAdd(service, _ => new Counter()).Value) % (uint)endpoints);

    sealed class Counter
    {
        public int Value = -1;
    }
}
