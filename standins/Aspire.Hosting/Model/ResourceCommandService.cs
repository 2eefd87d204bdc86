using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names of the commands every resource with a process understands.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts a stopped resource.</summary>
    public static readonly string StartCommand = "resource-start";

    /// <summary>Stops the resource; it stays stopped.</summary>
    public static readonly string StopCommand = "resource-stop";

    /// <summary>Stops the resource and starts it again.</summary>
    public static readonly string RestartCommand = "resource-restart";
}

/// <summary>What became of a command.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>True when it was done.</summary>
    public required bool Success { get; init; }

    /// <summary>Why it was not.</summary>
    public string? ErrorMessage { get; init; }
}

/// <summary>Stops, starts and restarts resources while the application runs.</summary>
public sealed class ResourceCommandService(IServiceProvider services)
{
    /// <summary>Executes a command of <see cref="KnownResourceCommands"/>; a stop has ended when this returns, a start has begun.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Executes a command of <see cref="KnownResourceCommands"/>; a stop has ended when this returns, a start has begun.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var runners = services.GetRequiredService<Orchestrator>().RunnersOf(resourceId);
        if (runners.Count == 0)
            return new() { Success = false, ErrorMessage = $"There is no resource '{resourceId}' that can be started or stopped." };
        if (commandName != KnownResourceCommands.StartCommand && commandName != KnownResourceCommands.StopCommand && commandName != KnownResourceCommands.RestartCommand)
            return new() { Success = false, ErrorMessage = $"There is no command '{commandName}'." };
        foreach (var runner in runners)
        {
            if (commandName != KnownResourceCommands.StartCommand)
                await runner.StopAsync(Orchestrator.StopPatience).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (commandName != KnownResourceCommands.StopCommand)
                await runner.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return new() { Success = true };
    }
}
