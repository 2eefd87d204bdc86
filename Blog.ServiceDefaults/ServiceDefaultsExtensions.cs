using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Blog.ServiceDefaults;

/// <summary>What every service does the same way: telemetry, health, service discovery, resilience.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>The activity source and meter of the platform's own spans and business counters.</summary>
    public const string TelemetryName = "Blog";

    const string AliveTag = "live";

    /// <summary>Telemetry, health checks, service discovery, resilient HTTP clients and the clock.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddServiceTokens();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        return builder;
    }

    /// <summary>
    /// Traces, metrics and structured logs, exported by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Subscribes to the
    /// built-in sources of ASP.NET Core, HttpClient, Npgsql and the runtime.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(
                builder.Environment.ApplicationName, TelemetryName, "Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "Npgsql", "Yarp.ReverseProxy"))
            .WithMetrics(metrics => metrics.AddMeter(
                TelemetryName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql"));
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
        return builder;
    }

    /// <summary>A process that answers at all is alive; what it needs to be ready is added by each client integration.</summary>
    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [AliveTag]);
        return builder;
    }

    /// <summary>
    /// <c>/health</c> (ready: every check) and <c>/alive</c> (the process answers), in every environment, for probes. Where there is an outbox, also what an
    /// operator needs to know and do about events: the page <c>/events</c> and the gRPC service <c>blog.events.v1.Operations</c>.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks("/health").AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(AliveTag) }).AllowAnonymous();
        if (app.Services.GetService<OutboxSettings>() is not null)
        {
            EventsPage.Map(app);
            app.MapGrpcService<OperationsService>();
        }
        return app;
    }

    /// <summary>
    /// The address people type, without a trailing slash; also the issuer of tokens. From <c>Blog:PublicOrigin</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not configured.</exception>
    public static string PublicOrigin(this IConfiguration configuration) =>
        configuration["Blog:PublicOrigin"]?.TrimEnd('/')
        ?? throw new InvalidOperationException("Blog:PublicOrigin is not configured. The AppHost sets it; set Blog__PublicOrigin when a service runs alone.");
}
