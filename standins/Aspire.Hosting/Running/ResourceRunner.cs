using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Keeps one instance of a resource running: waits, starts, restarts after a crash, stops.</summary>
sealed class ResourceRunner(
    IResource resource, string id, int replica, AppHostFolder folder, ResourceNotificationService notifications, ResourceLog log, IServiceProvider services, TimeProvider time)
    : IDisposable
{
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30), Settled = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim commands = new(1, 1);
    readonly Lock starting = new();
    bool isClosed;
    CancellationTokenSource? stopping;
    Task running = Task.CompletedTask;
    ProcessSession? session;

    public IResource Resource => resource;

    public string Id => id;

    /// <summary>Pause before start number <paramref name="restarts"/> + 1 after a crash: half a second, doubled each time, at most 30 seconds.</summary>
    public static TimeSpan Pause(int restarts) =>
        TimeSpan.FromSeconds(Math.Min(0.5 * Math.Pow(2, Math.Min(restarts, 10)), LongestPause.TotalSeconds));

    /// <summary>Begins to start it, unless it already runs or the AppHost ends.</summary>
    public void Start()
    {
        lock (starting)
        {
            if (!running.IsCompleted || isClosed)
                return;
            stopping?.Dispose();
            stopping = new CancellationTokenSource();
            var token = stopping.Token;
            running = Task.Run(() => RunAsync(token), CancellationToken.None);
        }
    }

    /// <summary>Starts it by command, after a stop that is still under way.</summary>
    public async Task StartAsync()
    {
        await commands.WaitAsync().ConfigureAwait(false);
        try
        {
            Start();
        }
        finally
        {
            commands.Release();
        }
    }

    /// <summary>Stops it for good: no command starts it again.</summary>
    public Task CloseAsync(TimeSpan patience)
    {
        lock (starting)
            isClosed = true;
        return StopAsync(patience);
    }

    /// <summary>Stops it; after <paramref name="patience"/> by force. Returns when its last process is gone.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        await commands.WaitAsync().ConfigureAwait(false);
        try
        {
            if (running.IsCompleted)
                return;
            await stopping!.CancelAsync().ConfigureAwait(false);
            if (session is { } live)
            {
                Publish(s => s with { State = KnownResourceStates.Stopping });
                await live.StopAsync(patience).ConfigureAwait(false);
            }

            await running.ConfigureAwait(false);
        }
        finally
        {
            commands.Release();
        }
    }

    public void Dispose()
    {
        commands.Dispose();
        stopping?.Dispose();
    }

    public void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) => notifications.Publish(resource, id, change);

    async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await RunUntilStoppedAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Publish(s => s with { State = KnownResourceStates.Exited, ProcessId = null, HealthStatus = null, HealthReports = [] });
        }
        catch (Exception exception)
        {
            // Whatever prevents a start (a missing program, a taken port, a folder that cannot be written) concerns this resource alone.
            log.LogError(exception, "{Resource} could not be started", id);
            Publish(s => s with { State = KnownResourceStates.FailedToStart, ProcessId = null, HealthStatus = null, HealthReports = [] });
        }
    }

    async Task RunUntilStoppedAsync(CancellationToken stop)
    {
        for (var restarts = 0; ;)
        {
            await WaitForDependenciesAsync(stop).ConfigureAwait(false);
            Publish(s => s with { State = KnownResourceStates.Starting, HealthStatus = null, HealthReports = [], ExitCode = null });
            var context = await ContextAsync(stop).ConfigureAwait(false);
            if (resource.Annotations.OfType<LocalProcessAnnotation>().LastOrDefault() is not { } process)
            {
                await SetUpAsync(context, stop).ConfigureAwait(false);
                continue;
            }

            var program = await process.Launch(context, stop).ConfigureAwait(false);
            foreach (var port in resource.Annotations.OfType<EndpointAnnotation>().SelectMany(e => e.AllocatedPorts.Skip(replica).Take(1)))
                Ports.MustBeFree(port, id);
            stop.ThrowIfCancellationRequested();
            var started = time.GetTimestamp();
            session = await ProcessSession.StartAsync(id, program, context.Environment, folder.Sub("run"), log.Write).ConfigureAwait(false);
            Publish(s => s with { State = KnownResourceStates.Running, ProcessId = session.Pid, StartTimeStamp = time.GetUtcNow(), HealthStatus = Unchecked() });

            // A stop that came while the process was being started found no session to stop.
            if (stop.IsCancellationRequested)
                await session.StopAsync(Orchestrator.StopPatience).ConfigureAwait(false);
            var code = await session.Exited.ConfigureAwait(false);
            if (!stop.IsCancellationRequested)
                await session.CleanUpAsync().ConfigureAwait(false);
            session = null;
            Publish(s => s with { ExitCode = code, ProcessId = null, HealthStatus = null, HealthReports = [] });
            stop.ThrowIfCancellationRequested();
            if (code == 0)
            {
                Publish(s => s with { State = KnownResourceStates.Finished });
                return;
            }

            if (time.GetElapsedTime(started) > Settled)
                restarts = 0;
            var pause = Pause(restarts++);
            log.LogError("{Resource} ended unexpectedly with exit code {Code}; it starts again in {Pause} s", id, code, pause.TotalSeconds);
            Publish(s => s with { State = KnownResourceStates.Restarting, Restarts = s.Restarts + 1 });
            await Task.Delay(pause, time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>A resource without a process is there once it is set up, and is set up again when what it stands on was restarted.</summary>
    async Task SetUpAsync(LocalProcessContext context, CancellationToken stop)
    {
        if (resource.Annotations.OfType<LocalSetupAnnotation>().LastOrDefault() is { } setup)
            await setup.Setup(context, stop).ConfigureAwait(false);
        Publish(s => s with { State = KnownResourceStates.Running, StartTimeStamp = time.GetUtcNow(), HealthStatus = Unchecked() });
        if (resource is not IResourceWithParent { Parent: var parent })
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(false);
            return;
        }

        await notifications.WaitAsync(parent.Name, e => e.Snapshot.State?.Text != KnownResourceStates.Running, stop).ConfigureAwait(false);
    }

    async Task WaitForDependenciesAsync(CancellationToken stop)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (resource is IResourceWithParent { Parent: var parent })
            waits.Add(new WaitAnnotation(parent, WaitType.WaitUntilHealthy));
        foreach (var wait in waits)
        {
            if (IsSatisfied(wait))
                continue;
            Publish(s => s with { State = KnownResourceStates.Waiting, HealthStatus = null, HealthReports = [] });
            log.LogInformation("waiting for {Resource}", wait.Resource.Name);
            await notifications.WaitAsync(wait.Resource.Name, _ => IsSatisfied(wait) || CannotBe(wait), stop).ConfigureAwait(false);
            if (!IsSatisfied(wait))
                throw new DistributedApplicationException($"'{wait.Resource.Name}', which '{id}' waits for, did not get ready.");
        }
    }

    bool IsSatisfied(WaitAnnotation wait)
    {
        var instances = notifications.InstancesOf(wait.Resource).ToList();
        return instances.Count > 0 && (wait.WaitType == WaitType.WaitForCompletion
            ? instances.All(e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text ?? "") && e.Snapshot.ExitCode == wait.ExitCode)
            : instances.All(ResourceNotificationService.IsHealthy));
    }

    bool CannotBe(WaitAnnotation wait)
    {
        var states = notifications.InstancesOf(wait.Resource).Select(e => e.Snapshot.State?.Text ?? "").ToList();
        return wait.WaitType == WaitType.WaitForCompletion
            ? states.Any(KnownResourceStates.TerminalStates.Contains)
            : wait.WaitBehavior == WaitBehavior.StopOnResourceUnavailable && states.Any(KnownResourceStates.TerminalStates.Contains);
    }

    async Task<LocalProcessContext> ContextAsync(CancellationToken stop)
    {
        ReplicaScope.Enter(resource, replica);
        var variables = new EnvironmentCallbackContext(new(DistributedApplicationOperation.Run), resource, stop);
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.EnvironmentVariable is not null))
            variables.EnvironmentVariables[endpoint.EnvironmentVariable!] = new EndpointReference((IResourceWithEndpoints)resource, endpoint.Name).Property(EndpointProperty.TargetPort);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToList())
            await annotation.Callback(variables).ConfigureAwait(false);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var shown = ImmutableArray.CreateBuilder<EnvironmentVariableSnapshot>();
        foreach (var (name, value) in variables.EnvironmentVariables.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            if (await TextAsync(value, stop).ConfigureAwait(false) is not { } text)
                continue;
            environment[name] = text;
            shown.Add(new EnvironmentVariableSnapshot(name, text, Secrets.IsSecret(name, value)));
        }

        var arguments = new CommandLineArgsCallbackContext([], stop);
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToList())
            await annotation.Callback(arguments).ConfigureAwait(false);
        var texts = new List<string>();
        foreach (var argument in arguments.Args)
            texts.Add(await TextAsync(argument, stop).ConfigureAwait(false) ?? "");
        Publish(s => s with { EnvironmentVariables = shown.ToImmutable() });
        return new LocalProcessContext
        {
            Resource = resource,
            Arguments = texts,
            Environment = environment,
            Logger = log,
            Services = services,
            DataFolder = resource.Annotations.OfType<DataVolumeAnnotation>().LastOrDefault() is { } volume
                ? folder.Sub("volumes", volume.Name)
                : folder.Sub("temp", id),
        };
    }

    static async ValueTask<string?> TextAsync(object value, CancellationToken stop) => value is IValueProvider provider
        ? await provider.GetValueAsync(stop).ConfigureAwait(false)
        : value.ToString();

    HealthStatus? Unchecked() => resource.Annotations.OfType<HealthCheckAnnotation>().Any() ? null : HealthStatus.Healthy;
}
