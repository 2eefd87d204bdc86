using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Running;

/// <summary>What every started .NET project gets.</summary>
public static class ProjectEnvironment
{
    internal static void Add(EnvironmentCallbackContext context, IDistributedApplicationBuilder builder)
    {
        var variables = context.EnvironmentVariables;
        variables["ASPNETCORE_ENVIRONMENT"] = builder.Environment.EnvironmentName;
        variables["DOTNET_ENVIRONMENT"] = builder.Environment.EnvironmentName;

        // Many services share one machine: small heaps that give memory back, rather than the last per cent of throughput.
        variables["DOTNET_gcServer"] = "0";
        variables["DOTNET_gcConcurrent"] = "0";
        variables["DOTNET_GCConserveMemory"] = "3";
        variables["Logging__Console__FormatterName"] = "simple";
        variables["Logging__Console__FormatterOptions__SingleLine"] = "true";
        AddTelemetry(context, builder.Configuration);
    }

    internal static void AddTelemetry(EnvironmentCallbackContext context, IConfiguration configuration)
    {
        if (configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is not { Length: > 0 } endpoint || DashboardServer.IsDisabled(configuration))
            return;
        var variables = context.EnvironmentVariables;
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
        if (configuration["AppHost:OtlpApiKey"] is { } key)
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={context.Resource.Name}";

        // Milliseconds. A developer looks at what just happened.
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "5000";
        variables["OTEL_TRACES_SAMPLER"] = "parentbased_always_on";
    }

    internal static LocalProcess Launch(IProjectMetadata project, LocalProcessContext context)
    {
        var assembly = project is IBuiltProjectMetadata built
            ? built.AssemblyPath
            : throw new NotSupportedException($"{project.ProjectPath} was not built with the AppHost: only projects that the AppHost references can be started here.");
        if (!File.Exists(assembly))
            throw new DistributedApplicationException($"{assembly} does not exist: build the AppHost first.");
        var own = new Dictionary<string, string>();
        if (!context.Environment.Keys.Any(k => k.StartsWith("Kestrel__Endpoints__", StringComparison.Ordinal)))
        {
            var urls = context.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https")
                .Select(e => new EndpointReference((IResourceWithEndpoints)context.Resource, e.Name).Url).ToList();
            if (urls.Count > 0)
                own["ASPNETCORE_URLS"] = string.Join(';', urls);
        }

        // The assembly itself, not "dotnet run": no build and no wrapper process between us and the service.
        return new LocalProcess(DotNet, [assembly, .. context.Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(project.ProjectPath),
            Environment = own,
        };
    }

    /// <summary>The dotnet that runs the AppHost, or else the one on PATH.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host) ? host : "dotnet";
}
