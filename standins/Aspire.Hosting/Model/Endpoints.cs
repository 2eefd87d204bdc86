using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address on which a resource listens.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port, int? targetPort, bool isExternal = false) : IResourceAnnotation
{
    /// <summary>Name within the resource.</summary>
    public string Name { get; } = name;

    /// <summary>http, https, tcp, …</summary>
    public string UriScheme { get; set; } = uriScheme;

    /// <summary>Wanted port on this machine; null for any free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>Port the program itself names, when it cannot be told one (the port inside a container).</summary>
    public int? TargetPort { get; set; } = targetPort;

    /// <summary>True when people, and not only other resources, use it.</summary>
    public bool IsExternal { get; set; } = isExternal;

    /// <summary>Variable in which the program expects its port.</summary>
    public string? EnvironmentVariable { get; set; }

    /// <summary>Ports in use, one per replica; empty until the application starts.</summary>
    public IReadOnlyList<int> AllocatedPorts { get; internal set; } = [];

    // Tools that treat localhost as two addresses (::1 first) lose time on plain TCP servers, which listen on IPv4 only.
    internal string Host => UriScheme is "http" or "https" ? "localhost" : "127.0.0.1";
}

/// <summary>Part of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>scheme://host:port</summary>
    Url,

    /// <summary>Host name.</summary>
    Host,

    /// <summary>127.0.0.1</summary>
    IPV4Host,

    /// <summary>Port that clients use.</summary>
    Port,

    /// <summary>URI scheme.</summary>
    Scheme,

    /// <summary>Port on which the program listens; the same as <see cref="Port"/> here, as there is no proxy between.</summary>
    TargetPort,

    /// <summary>host:port</summary>
    HostAndPort,
}

/// <summary>An endpoint of a resource, resolved when the application runs.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>Name of the endpoint.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>True when the resource declares this endpoint.</summary>
    public bool Exists => Resource.Annotations.OfType<EndpointAnnotation>().Any(e => e.Name == EndpointName);

    /// <summary>True once the port is known.</summary>
    public bool IsAllocated => Exists && Annotation.AllocatedPorts.Count > 0;

    /// <summary>Port of the endpoint.</summary>
    public int Port => Allocated(ReplicaScope.IndexFor(Resource));

    /// <summary>Host name of the endpoint.</summary>
    public string Host => Annotation.Host;

    /// <summary>scheme://host:port</summary>
    public string Url => UrlOf(ReplicaScope.IndexFor(Resource));

    /// <inheritdoc />
    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    internal EndpointAnnotation Annotation =>
        Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(e => e.Name == EndpointName)
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint '{EndpointName}'.");

    /// <summary>A part of the address, to be used in a <see cref="ReferenceExpression"/>.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    internal string UrlOf(int replica) => $"{Annotation.UriScheme}://{Annotation.Host}:{Allocated(replica).ToString(CultureInfo.InvariantCulture)}";

    int Allocated(int replica) => Annotation.AllocatedPorts is { Count: > 0 } ports
        ? ports[Math.Min(replica, ports.Count - 1)]
        : throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port before the application starts.");
}

/// <summary>A part of an endpoint's address, resolved when the application runs.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpoint, EndpointProperty property) : IValueProvider, IManifestExpressionProvider
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpoint;

    /// <summary>Which part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property.ToString().ToLowerInvariant()}}}";

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Scheme => Endpoint.Annotation.UriScheme,
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port.ToString(CultureInfo.InvariantCulture)}",
        _ => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
    });
}

/// <summary>While the settings of one replica are being worked out, references to its own endpoints mean its own ports.</summary>
static class ReplicaScope
{
    static readonly AsyncLocal<(IResource Resource, int Index)?> Current = new();

    public static void Enter(IResource resource, int index) => Current.Value = (resource, index);

    public static int IndexFor(IResource resource) => Current.Value is { } scope && scope.Resource == resource ? scope.Index : 0;
}
