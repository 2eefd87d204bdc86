using System.Diagnostics.CodeAnalysis;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// What an address asks for: <c>http://content</c> (a service), <c>https+http://content</c> (https where there is one, else http),
/// <c>http://_grpc.content</c> (the endpoint named grpc of a service).
/// </summary>
public sealed class ServiceEndpointQuery
{
    ServiceEndpointQuery(string original, string[] schemes, string service, string? endpoint, int port)
        => (_original, IncludedSchemes, ServiceName, EndpointName, Port) = (original, schemes, service, endpoint, port);

    readonly string _original;

    /// <summary>The schemes that will do, best first; empty if the input named none.</summary>
    public IReadOnlyList<string> IncludedSchemes { get; }

    /// <summary>The service.</summary>
    public string ServiceName { get; }

    /// <summary>The endpoint of the service, if one is named.</summary>
    public string? EndpointName { get; }

    /// <summary>The port that the input names, or 0.</summary>
    internal int Port { get; }

    /// <summary>Reads a query from a service name or an address.</summary>
    public static bool TryParse(string input, [NotNullWhen(true)] out ServiceEndpointQuery? query)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        query = null;
        var hasScheme = input.Contains("://", StringComparison.Ordinal);
        // A bare name gets a scheme of our own to be readable as a URI; it is dropped again.
        if (!Uri.TryCreate(hasScheme ? input : $"name://{input}", UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            return false;

        var (service, endpoint) = (uri.Host, (string?)null);
        if (service.StartsWith('_') && service.IndexOf('.', StringComparison.Ordinal) is > 1 and var dot && dot < service.Length - 1)
            (endpoint, service) = (service[1..dot], service[(dot + 1)..]);

        var port = uri.IsDefaultPort || uri.Port < 0 ? 0 : uri.Port;
        query = new ServiceEndpointQuery(input, hasScheme ? uri.Scheme.Split('+') : [], service, endpoint, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _original;
}
