using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Adds environment variables just before a resource starts.</summary>
public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Fills <see cref="EnvironmentCallbackContext.EnvironmentVariables"/>.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The environment variables of a resource that is about to start; values are strings or <see cref="IValueProvider"/>.</summary>
public sealed class EnvironmentCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource, CancellationToken cancellationToken)
{
    /// <summary>Run or publish.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; } = executionContext;

    /// <summary>The resource that starts.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Variables by name.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = new(StringComparer.Ordinal);

    /// <summary>Ends when the start is abandoned.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Adds command line arguments just before a resource starts.</summary>
public sealed class CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Fills <see cref="CommandLineArgsCallbackContext.Args"/>.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>The arguments of a resource that is about to start; values are strings or <see cref="IValueProvider"/>.</summary>
public sealed class CommandLineArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
{
    /// <summary>Arguments in order.</summary>
    public IList<object> Args { get; } = args;

    /// <summary>Ends when the start is abandoned.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>What to wait for.</summary>
public enum WaitType
{
    /// <summary>Running, and every health check healthy.</summary>
    WaitUntilHealthy,

    /// <summary>Ended, with the expected exit code.</summary>
    WaitForCompletion,
}

/// <summary>What to do when the awaited resource cannot start.</summary>
public enum WaitBehavior
{
    /// <summary>Keep waiting: somebody may start it again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Fail as well.</summary>
    StopOnResourceUnavailable,
}

/// <summary>The resource starts after another one.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The other one.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Which state of it.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>Expected exit code.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do when it cannot start.</summary>
    public WaitBehavior? WaitBehavior { get; set; }
}

/// <summary>A registered health check that must be healthy for the resource to be.</summary>
public sealed class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>Name of the registration.</summary>
    public string Key { get; } = key;
}

/// <summary>How many equal processes run.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>At least one.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>Image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>Name without registry and tag.</summary>
    public required string Image { get; set; }

    /// <summary>Version.</summary>
    public string? Tag { get; set; }
}

/// <summary>Data of the resource outlives the application.</summary>
public sealed class DataVolumeAnnotation(string name) : IResourceAnnotation
{
    /// <summary>Folder under <c>volumes</c> in the data folder.</summary>
    public string Name { get; } = name;
}

/// <summary>Whether a container ends with the application. Local programs always do.</summary>
public enum ContainerLifetime
{
    /// <summary>Ends with the application.</summary>
    Session,

    /// <summary>Goes on running.</summary>
    Persistent,
}

/// <summary>Says how this stand-in starts a resource as a process of this machine.</summary>
public sealed class LocalProcessAnnotation(Func<LocalProcessContext, CancellationToken, Task<LocalProcess>> launch) : IResourceAnnotation
{
    /// <summary>Prepares what the process needs (folders, files) and says how to start it. Called before every start.</summary>
    public Func<LocalProcessContext, CancellationToken, Task<LocalProcess>> Launch { get; } = launch;
}

/// <summary>Says what makes a resource without a process of its own ready, such as a database on a server.</summary>
public sealed class LocalSetupAnnotation(Func<LocalProcessContext, CancellationToken, Task> setup) : IResourceAnnotation
{
    /// <summary>Runs after everything the resource waits for; may run again after a restart.</summary>
    public Func<LocalProcessContext, CancellationToken, Task> Setup { get; } = setup;
}

/// <summary>What a start knows.</summary>
public sealed class LocalProcessContext
{
    /// <summary>The resource that starts.</summary>
    public required IResource Resource { get; init; }

    /// <summary>Arguments from the application model.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Environment from the application model.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Folder of the resource for data: kept when it has a volume, emptied at the start of the application otherwise.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Log of the resource.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Services of the AppHost.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Port of one of the resource's endpoints, for the replica that starts.</summary>
    public int Port(string endpointName) => new EndpointReference((IResourceWithEndpoints)Resource, endpointName).Port;
}

/// <summary>A program to start.</summary>
public sealed record LocalProcess(string FileName, params IReadOnlyList<string> Arguments)
{
    /// <summary>Folder in which it starts.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>More variables; those of the application model win.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Signal that asks it to end: TERM or INT.</summary>
    public string StopSignal { get; init; } = "TERM";

    /// <summary>Account to use when the AppHost runs as root, for servers that refuse to be root.</summary>
    public string? UnprivilegedUser { get; init; }
}
