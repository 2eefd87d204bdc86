using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Running;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Run or publish; this stand-in only runs.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>Start everything on this machine.</summary>
    Run,

    /// <summary>Write a deployment.</summary>
    Publish,
}

/// <summary>Says what the AppHost was started for.</summary>
public sealed class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>Run or publish.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>Everything is started on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>A deployment is written.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
}

/// <summary>Options of <see cref="DistributedApplication.CreateBuilder(DistributedApplicationOptions)"/>.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>Command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>Name of the assembly that holds the AppHost; the entry assembly when null.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>Leaves the resource page out.</summary>
    public bool DisableDashboard { get; set; }
}

/// <summary>Collects resources and builds the application.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Configuration of the AppHost.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>Folder of the AppHost project; relative paths start here.</summary>
    string AppHostDirectory { get; }

    /// <summary>Assembly of the AppHost.</summary>
    Assembly? AppHostAssembly { get; }

    /// <summary>Environment of the AppHost.</summary>
    IHostEnvironment Environment { get; }

    /// <summary>Services of the AppHost.</summary>
    IServiceCollection Services { get; }

    /// <summary>Run or publish.</summary>
    DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>All resources.</summary>
    IList<IResource> Resources { get; }

    /// <summary>Adds a resource; its name must be new.</summary>
    IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource;

    /// <summary>A builder for a resource that may not be part of the application.</summary>
    IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource;

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}

/// <summary>Describes one resource.</summary>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The builder of the application.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }

    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>Adds a fact to the resource.</summary>
    IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation)
        where TAnnotation : IResourceAnnotation;
}

sealed class ResourceBuilder<T>(IDistributedApplicationBuilder builder, T resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => builder;

    public T Resource => resource;

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation)
        where TAnnotation : IResourceAnnotation
    {
        resource.Annotations.Add(annotation);
        return this;
    }
}

sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    readonly HostApplicationBuilder host;
    readonly Action<DistributedApplicationBuilder>? beforeBuild;
    readonly Action<DistributedApplication>? built;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var interception = AppHostInterception.Current;
        interception?.Configure?.Invoke(options);
        AppHostAssembly = interception?.AppHost
            ?? (options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly());
        AppHostDirectory = AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value is { } path && Directory.Exists(path) ? path : AppContext.BaseDirectory;
        host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
            // Running the AppHost is development; a deployment does not run it.
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
        });
        if (options.DisableDashboard)
            host.Configuration["Aspire:Dashboard:Disabled"] = "true";
        beforeBuild = interception is null ? null : interception.BeforeBuild;
        built = interception is null ? null : interception.Built;

        // The stop order has its own deadlines, which end sooner than this.
        host.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(15));
        host.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        host.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        host.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);

        // Why a start failed is for RunAsync to say, in a sentence and without a stack.
        host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        host.Services.AddSingleton(TimeProvider.System);
        host.Services.AddHealthChecks();
        host.Services.AddHttpClient();
        host.Services.AddSingleton(ExecutionContext);
        host.Services.AddSingleton(new DistributedApplicationModel(Resources));
        host.Services.AddSingleton(new AppHostFolder(host.Configuration, AppHostDirectory));
        host.Services.AddSingleton<ParameterStore>();
        host.Services.AddSingleton<ResourceLoggerService>();
        host.Services.AddSingleton<ResourceNotificationService>();
        host.Services.AddSingleton<ResourceCommandService>();
        host.Services.AddSingleton<TelemetryStore>();
        host.Services.AddSingleton<DashboardServer>();
        host.Services.AddSingleton<Orchestrator>();
        host.Services.AddHostedService(s => s.GetRequiredService<Orchestrator>());
    }

    public ConfigurationManager Configuration => host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => host.Environment;

    public IServiceCollection Services => host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IList<IResource> Resources { get; } = [];

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There is already a resource named '{resource.Name}'.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        beforeBuild?.Invoke(this);
        var application = new DistributedApplication(host.Build());
        built?.Invoke(application);
        return application;
    }
}

/// <summary>All resources of the application.</summary>
public sealed class DistributedApplicationModel(IList<IResource> resources)
{
    /// <summary>In the order in which they were added.</summary>
    public IList<IResource> Resources { get; } = resources;
}

/// <summary>The application cannot be built or started; the message says why and what to do.</summary>
public sealed class DistributedApplicationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
