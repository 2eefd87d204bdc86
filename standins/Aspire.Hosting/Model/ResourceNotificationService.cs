using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows the state of every resource, and tells those who wait for one.</summary>
public sealed class ResourceNotificationService
{
    readonly ConcurrentDictionary<string, ResourceEvent> current = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<Channel<ResourceEvent>, bool> watchers = new();
    readonly Lock gate = new();

    /// <summary>Latest state of every instance.</summary>
    public IReadOnlyCollection<ResourceEvent> Current => [.. current.Values];

    /// <summary>Every state now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new UnboundedChannelOptions { SingleReader = true });
        lock (gate)
        {
            watchers[channel] = true;
            foreach (var state in current.Values)
                channel.Writer.TryWrite(state);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return change;
        }
        finally
        {
            watchers.TryRemove(channel, out _);
        }
    }

    /// <summary>Waits until every instance is in the state.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default)
    {
        var target = targetState ?? KnownResourceStates.Running;
        return WaitAsync(resourceName, e => e.Snapshot.State?.Text == target, cancellationToken);
    }

    /// <summary>Waits until an instance is in one of the states, and returns it.</summary>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var targets = targetStates.ToList();
        var found = await WaitForResourceAsync(resourceName, e => targets.Contains(e.Snapshot.State?.Text ?? ""), cancellationToken).ConfigureAwait(false);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until an instance fits.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IsNamed(change, resourceName) && predicate(change))
                return change;
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Waits until every instance runs and is healthy.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        await WaitAsync(resourceName, IsHealthy, cancellationToken).ConfigureAwait(false);
        return current.Values.First(e => IsNamed(e, resourceName));
    }

    internal static bool IsHealthy(ResourceEvent change) =>
        change.Snapshot.State?.Text == KnownResourceStates.Running && change.Snapshot.HealthStatus == HealthStatus.Healthy;

    internal IEnumerable<ResourceEvent> InstancesOf(IResource resource) => current.Values.Where(e => e.Resource == resource);

    /// <summary>Changes the state of an instance; changes of the same instance never overlap.</summary>
    internal void Publish(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (gate)
        {
            var before = current.TryGetValue(resourceId, out var state) ? state.Snapshot : new CustomResourceSnapshot { ResourceType = TypeOf(resource) };
            var after = change(before);
            if (state is not null && after == before)
                return;
            var published = current[resourceId] = new ResourceEvent(resource, resourceId, after);
            foreach (var watcher in watchers.Keys)
                watcher.Writer.TryWrite(published);
        }
    }

    internal async Task WaitAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken)
    {
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var instances = current.Values.Where(e => IsNamed(e, resourceName)).ToList();
            if (IsNamed(change, resourceName) && instances.Count > 0 && instances.All(predicate))
                return;
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    static bool IsNamed(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };
}
