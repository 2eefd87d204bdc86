using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of the states of a resource.</summary>
public static class KnownResourceStates
{
    /// <summary>Waits for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Is being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Ended unexpectedly and starts again after a pause.</summary>
    public static readonly string Restarting = nameof(Restarting);

    /// <summary>Is being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Was stopped.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>Ended by itself, successfully.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Could not be started; the log says why.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>Was never started.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>States in which no process runs and none will without a command.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Exited, Finished, FailedToStart];
}

/// <summary>State of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Container, Executable, …</summary>
    public required string ResourceType { get; init; }

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>Exit code of the last process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Process id while it runs.</summary>
    public int? ProcessId { get; init; }

    /// <summary>When the process started.</summary>
    public DateTimeOffset? StartTimeStamp { get; init; }

    /// <summary>Health while it runs: healthy without checks, null until the first report of every check.</summary>
    public HealthStatus? HealthStatus { get; init; }

    /// <summary>Last result of each health check.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    /// <summary>Environment of the process, with secrets.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>How often it was started again after a crash.</summary>
    public int Restarts { get; init; }
}

/// <summary>Text of a state.</summary>
public sealed record ResourceStateSnapshot(string Text)
{
    /// <summary>A state by its text.</summary>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text);

    /// <summary>A state by its text.</summary>
    public static ResourceStateSnapshot? FromString(string? text) => text;
}

/// <summary>Result of a health check.</summary>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description);

/// <summary>An environment variable; a secret one is never shown.</summary>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsSecret);

/// <summary>A change of a resource. <paramref name="resourceId"/> is the name, with the number of the replica when there are several.</summary>
public sealed class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Name of the instance.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>State now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
