using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds parameters.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>A setting from configuration <c>Parameters:{name}</c>; starting without it fails.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(
            name,
            _ => builder.Configuration[$"Parameters:{name}"]
                ?? throw new DistributedApplicationException($"The parameter '{name}' has no value: set Parameters:{name} in the configuration of the AppHost."),
            secret));

    /// <summary>A setting with a value that configuration can replace.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        // Only a published deployment would show the default.
        _ = publishValueAsDefault;
        return builder.AddResource(new ParameterResource(name, _ => builder.Configuration[$"Parameters:{name}"] ?? value, secret));
    }

    /// <summary>A setting with a default that is made once; <paramref name="persist"/> keeps it for the next start.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(Generated(builder, name, value, secret, persist));

    /// <summary>A secret that belongs to a server, such as its password; not shown as a resource of its own.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(IDistributedApplicationBuilder builder, string name) =>
        Generated(builder, name, new GenerateParameterDefault { Special = false }, secret: true, persist: true);

    static ParameterResource Generated(IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret, bool persist) =>
        new(
            name,
            fallback => builder.Configuration[$"Parameters:{name}"]
                ?? (persist ? new ParameterStore(new AppHostFolder(builder.Configuration, builder.AppHostDirectory)).GetOrAdd(name, fallback!) : fallback!.GetDefaultValue()),
            secret) { Default = value };
}

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the AppHost references.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project that the AppHost references; launch profiles are not read.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, o => o.LaunchProfileName = launchProfileName);

    /// <summary>Adds a project that the AppHost references.</summary>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
    {
        configure(new ProjectResourceOptions());
        return builder.AddProject(name, new TProject());
    }

    /// <summary>Starts this many equal processes, each on ports of its own.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas));
    }

    internal static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, IProjectMetadata project) =>
        builder.AddResource(new ProjectResource(name))
            .WithAnnotation(project)
            .WithEnvironment(context => ProjectEnvironment.Add(context, builder))
            .WithAnnotation(new LocalProcessAnnotation((context, _) => Task.FromResult(ProjectEnvironment.Launch(project, context))));
}

/// <summary>Adds programs of this machine.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program; <paramref name="workingDirectory"/> is relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args)
    {
        var folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        return builder.AddResource(new ExecutableResource(name, command, folder))
            .WithArgs(args ?? [])
            .WithTelemetry()
            .WithAnnotation(new LocalProcessAnnotation((context, _) =>
                Task.FromResult(new LocalProcess(command, context.Arguments) { WorkingDirectory = folder })));
    }

    /// <summary>Tells the program where telemetry goes: <c>OTEL_*</c>.</summary>
    public static IResourceBuilder<T> WithTelemetry<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => ProjectEnvironment.AddTelemetry(context, builder.ApplicationBuilder.Configuration));

    /// <summary>Only matters when a deployment is published.</summary>
    public static IResourceBuilder<T> PublishAsDockerFile<T>(this IResourceBuilder<T> builder)
        where T : ExecutableResource => builder;
}

/// <summary>Adds containers, run as local programs.</summary>
public static class ContainerResourceBuilderExtensions
{
    /// <summary>Adds an image that <see cref="LocalContainers"/> knows.</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image) =>
        builder.AddContainer(name, image, "latest");

    /// <summary>Adds an image that <see cref="LocalContainers"/> knows.</summary>
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag) =>
        builder.AddResource(new ContainerResource(name))
            .WithAnnotation(new ContainerImageAnnotation { Image = image, Tag = tag })
            .WithAnnotation(new LocalProcessAnnotation((context, _) => Task.FromResult(LocalContainers.Launch(image, context))));

    /// <summary>Local programs always end with the AppHost.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime)
        where T : ContainerResource
    {
        _ = lifetime;
        return builder;
    }
}

/// <summary>Health checks over HTTP.</summary>
public static class HttpHealthCheckExtensions
{
    /// <summary>The resource is healthy when a GET of <paramref name="path"/> answers <paramref name="statusCode"/> (200).</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.GetEndpoint(endpointName ?? "http");
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path ?? "/"}_{statusCode ?? 200}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new HttpHealthCheck(services.GetRequiredService<IHttpClientFactory>(), endpoint, path ?? "/", statusCode ?? 200),
            HealthStatus.Unhealthy, tags: null, timeout: TimeSpan.FromSeconds(5)));
        return builder.WithHealthCheck(key);
    }

    sealed class HttpHealthCheck(IHttpClientFactory clients, EndpointReference endpoint, string path, int expected) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            using var client = clients.CreateClient("health");
            for (var replica = 0; replica < endpoint.Annotation.AllocatedPorts.Count; replica++)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(endpoint.UrlOf(replica)), path));

                    // A parent that is not recorded (flag 00, W3C Trace Context section 3.2): probes are not worth a trace.
                    request.Headers.Add("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00");
                    using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                    if ((int)response.StatusCode != expected)
                        return HealthCheckResult.Unhealthy($"{path} answered {(int)response.StatusCode} instead of {expected}");
                }
                catch (HttpRequestException exception)
                {
                    return HealthCheckResult.Unhealthy($"{path}: {exception.Message}");
                }
            }

            return HealthCheckResult.Healthy();
        }
    }
}
