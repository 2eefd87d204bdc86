using System.Collections.ObjectModel;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>How health checks become the statuses of gRPC services.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>The services and the checks that each depends on; at first "", the whole server, with all checks.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>Answers from the last published report instead of running the checks at each call.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>Leaves watches open when the application stops, instead of ending them.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

/// <summary>Services by name.</summary>
public sealed class ServiceMappingCollection : KeyedCollection<string, ServiceMapping>
{
    /// <summary>Maps a service to the checks that the predicate takes; replaces an earlier mapping of the name.</summary>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        Remove(name);
        Add(new ServiceMapping(name, predicate));
    }

    /// <inheritdoc/>
    protected override string GetKeyForItem(ServiceMapping item) => item.Name;
}

/// <summary>A service and its checks.</summary>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
{
    /// <summary>The name of the service.</summary>
    public string Name { get; } = name;

    /// <summary>Whether a check belongs to the service.</summary>
    public Func<HealthCheckMapContext, bool> HealthCheckPredicate { get; } = predicate;
}

/// <summary>A health check, for choosing.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    /// <summary>The name of the check.</summary>
    public string Name { get; } = name;

    /// <summary>The tags of the check.</summary>
    public IEnumerable<string> Tags { get; } = tags;
}
