using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Starts every resource when the AppHost starts, watches their health, and stops them in the opposite order.</summary>
sealed class Orchestrator(
    DistributedApplicationModel model,
    AppHostFolder folder,
    IConfiguration configuration,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    HealthCheckService healthChecks,
    DashboardServer dashboard,
    IServiceProvider services,
    TimeProvider time,
    ILogger<Orchestrator> logger) : IHostedService, IDisposable
{
    /// <summary>How long a resource may take to stop before it is ended by force. Stopping everything takes at most twice as long.</summary>
    public static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(4);

    readonly Ports ports = new();
    readonly List<ResourceRunner> runners = [];
    readonly CancellationTokenSource watching = new();
    FileStream? folderLock;
    Task health = Task.CompletedTask;

    public IReadOnlyList<ResourceRunner> Runners => runners;

    public IReadOnlyList<ResourceRunner> RunnersOf(string name) =>
        [.. runners.Where(r => string.Equals(r.Id, name, StringComparison.OrdinalIgnoreCase) || string.Equals(r.Resource.Name, name, StringComparison.OrdinalIgnoreCase))];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        MustHaveNoCycle();
        folderLock = folder.Lock();
        foreach (var left in await ProcessSession.EndLeftoversAsync(folder.Sub("run")).ConfigureAwait(false))
            logger.LogWarning("Ended {Process}, left behind by an AppHost that was killed", left);
        if (Directory.Exists(Path.Combine(folder.Path, "temp")))
            Directory.Delete(Path.Combine(folder.Path, "temp"), recursive: true);
        AllocatePorts();
        foreach (var resource in model.Resources)
        {
            var replicas = Replicas(resource);
            for (var i = 0; i < replicas; i++)
            {
                var id = replicas == 1 ? resource.Name : $"{resource.Name}-{i}";
                if (resource is ParameterResource)
                    notifications.Publish(resource, id, s => s with { State = KnownResourceStates.Running, HealthStatus = HealthStatus.Healthy });
                else
                    runners.Add(new ResourceRunner(resource, id, i, folder, notifications, logs.LogOf(id), services, time));
            }
        }

        foreach (var runner in runners)
            runner.Publish(s => s with { State = KnownResourceStates.NotStarted });
        await dashboard.StartAsync(ports, cancellationToken).ConfigureAwait(false);
        foreach (var runner in runners)
            runner.Start();
        if (!DashboardServer.IsDisabled(configuration))
            logger.LogInformation("What runs: {Address}", configuration["ASPNETCORE_URLS"]);
        health = Task.WhenAll(runners.Select(r => r.Resource).Distinct().Select(r => WatchHealthAsync(r, watching.Token)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await watching.CancelAsync().ConfigureAwait(false);
        var began = time.GetTimestamp();
        var stops = new Dictionary<ResourceRunner, Task>();

        // Whoever waited for a resource at the start uses it until the end, so it stops first.
        Task StopOf(ResourceRunner runner)
        {
            if (!stops.TryGetValue(runner, out var stop))
            {
                var users = runners.Where(r => r != runner && DependenciesOf(r.Resource).Contains(runner.Resource)).Select(StopOf).ToList();
                stops[runner] = stop = StopAfterAsync(users, runner);
            }

            return stop;
        }

        async Task StopAfterAsync(List<Task> users, ResourceRunner runner)
        {
            // Half of the time for users; what has not ended then must share the other half with what it uses.
            await Task.WhenAny(Task.WhenAll(users), Task.Delay(Left(StopPatience), time, CancellationToken.None)).ConfigureAwait(false);
            await runner.CloseAsync(users.Count == 0 ? Left(StopPatience) : Left(2 * StopPatience)).ConfigureAwait(false);
        }

        TimeSpan Left(TimeSpan budget)
        {
            var left = budget - time.GetElapsedTime(began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        await Task.WhenAll(runners.Select(StopOf).ToList()).ConfigureAwait(false);
        await health.ConfigureAwait(false);
        await dashboard.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var runner in runners)
            runner.Dispose();
        ports.Dispose();
        watching.Dispose();
        folderLock?.Dispose();
    }

    static int Replicas(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    static IEnumerable<IResource> DependenciesOf(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource);
        return resource is IResourceWithParent { Parent: var parent } ? waits.Append(parent) : waits;
    }

    void MustHaveNoCycle()
    {
        var done = new HashSet<IResource>();

        void Visit(IResource resource, List<IResource> path)
        {
            if (path.Contains(resource))
                throw new DistributedApplicationException($"Resources wait for each other: {string.Join(" → ", path.Append(resource).Select(r => r.Name))}.");
            if (done.Contains(resource))
                return;
            path.Add(resource);
            foreach (var dependency in DependenciesOf(resource))
                Visit(dependency, path);
            path.RemoveAt(path.Count - 1);
            done.Add(resource);
        }

        foreach (var resource in model.Resources)
            Visit(resource, []);
    }

    /// <summary>Ports stay the same for as long as the AppHost runs, so that a restarted resource is found where it was.</summary>
    void AllocatePorts()
    {
        var random = configuration.GetValue("DcpPublisher:RandomizePorts", false);
        foreach (var resource in model.Resources)
        {
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                var port = random ? null : endpoint.Port;

                // What is in a container says where it listens there; a program of this machine says where it listens here.
                if (resource is ProjectResource or ExecutableResource)
                    port ??= endpoint.TargetPort;
                if (port is { } wanted)
                    Ports.MustBeFree(wanted, $"'{resource.Name}' ({endpoint.Name})");
                endpoint.AllocatedPorts = [.. Enumerable.Range(0, Replicas(resource)).Select(i => i == 0 && port is { } fix ? fix : ports.Take())];
            }
        }
    }

    /// <summary>Often until healthy, so that others need not wait; seldom after that, so that idling costs nothing.</summary>
    async Task WatchHealthAsync(IResource resource, CancellationToken stop)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).ToHashSet();
        if (keys.Count == 0)
            return;
        try
        {
            while (true)
            {
                await notifications.WaitForResourceAsync(resource.Name, KnownResourceStates.Running, stop).ConfigureAwait(false);
                var report = await healthChecks.CheckHealthAsync(r => keys.Contains(r.Name), stop).ConfigureAwait(false);
                var reports = report.Entries.Select(e => new HealthReportSnapshot(e.Key, e.Value.Status, e.Value.Description ?? e.Value.Exception?.Message)).ToList();
                foreach (var runner in runners.Where(r => r.Resource == resource))
                {
                    runner.Publish(s => s.State?.Text != KnownResourceStates.Running || (s.HealthStatus == report.Status && s.HealthReports.SequenceEqual(reports))
                        ? s
                        : s with { HealthStatus = report.Status, HealthReports = [.. reports] });
                }

                await PauseAsync(resource, TimeSpan.FromSeconds(report.Status == HealthStatus.Healthy ? 5 : 0.2), stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The AppHost stops.
        }
    }

    /// <summary>Waits, but not longer than the resource stays as it is.</summary>
    async Task PauseAsync(IResource resource, TimeSpan pause, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(pause);
        try
        {
            await notifications.WaitForResourceAsync(resource.Name, e => e.Snapshot.State?.Text != KnownResourceStates.Running, over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The pause is over.
        }
    }
}
