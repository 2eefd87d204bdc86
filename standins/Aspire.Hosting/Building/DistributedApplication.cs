using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>The application: starts and stops every resource.</summary>
public sealed class DistributedApplication : IHost, IAsyncDisposable
{
    readonly IHost host;
    bool isStarted;
    Action? disposed;

    internal DistributedApplication(IHost host) => this.host = host;

    /// <inheritdoc />
    public IServiceProvider Services => host.Services;

    /// <summary>States of the resources, and waiting for them.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Stop, start and restart.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Starts the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs until SIGINT or SIGTERM; returns when every process is gone.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs until SIGINT, SIGTERM or <paramref name="cancellationToken"/>; returns when every process is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (AppHostInterception.Current is { } interception)
        {
            // A test starts, stops and disposes the application; the entry point just has to stay out of its way.
            await interception.Ended.ConfigureAwait(false);
            return;
        }

        try
        {
            await HostingAbstractionsHostExtensions.RunAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        isStarted = true;
        return host.StartAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        isStarted = false;
        return host.StopAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Stops what still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isStarted)
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await ((IAsyncDisposable)host).DisposeAsync().ConfigureAwait(false);
        disposed?.Invoke();
        disposed = null;
    }

    internal void OnDisposed(Action callback) => disposed = callback;
}

/// <summary>How Aspire.Hosting.Testing takes over an AppHost whose entry point it calls.</summary>
sealed class AppHostInterception
{
    static readonly AsyncLocal<AppHostInterception?> Ambient = new();

    public static AppHostInterception? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public required Assembly AppHost { get; init; }

    public required Action<DistributedApplicationOptions> Configure { get; init; }

    public required Action<IDistributedApplicationBuilder> BeforeBuild { get; init; }

    public required Action<DistributedApplication> Built { get; init; }

    public required Task Ended { get; init; }
}
