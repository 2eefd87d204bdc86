using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The page about the running application, on the address that <c>ASPNETCORE_URLS</c> of the AppHost names, and the receivers of its
/// telemetry (<c>ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL</c>, <c>ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL</c>). For this machine only.
/// </summary>
sealed class DashboardServer(IServiceProvider services, IConfiguration configuration, IHostEnvironment environment) : IAsyncDisposable
{
    const string OtlpKey = "AppHost:OtlpApiKey";

    WebApplication? web;

    public static bool IsDisabled(IConfiguration configuration) =>
        configuration.GetValue("Aspire:Dashboard:Disabled", false) || string.IsNullOrEmpty(configuration["ASPNETCORE_URLS"]);

    /// <summary>Settles the addresses, so that resources can be told where their telemetry goes, and listens.</summary>
    public async Task StartAsync(Ports ports, CancellationToken cancellationToken)
    {
        if (IsDisabled(configuration))
            return;
        var page = Address("ASPNETCORE_URLS", "the resource page", ports);
        var grpc = Address("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "telemetry (OTLP over gRPC)", ports);
        var http = Address("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "telemetry (OTLP over HTTP)", ports);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = environment.ApplicationName });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
            if (page is { } p)
                kestrel.ListenLocalhost(p.Port, o => o.Protocols = HttpProtocols.Http1);
            if (grpc is { } g)
                kestrel.ListenLocalhost(g.Port, o => o.Protocols = HttpProtocols.Http2);
            if (http is { } h)
                kestrel.ListenLocalhost(h.Port, o => o.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        builder.Services.AddLogging();
        builder.Services.AddSingleton(services.GetRequiredService<ILoggerFactory>());
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton(services.GetRequiredService<DistributedApplicationModel>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceNotificationService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceLoggerService>());
        builder.Services.AddSingleton(services.GetRequiredService<ResourceCommandService>());
        builder.Services.AddSingleton(services.GetRequiredService<TimeProvider>());
        builder.Services.AddSingleton(services.GetRequiredService<TelemetryStore>());
        builder.Services.AddSingleton(new OtlpReceiver.ApiKey(configuration[OtlpKey] ??= RandomNumberGenerator.GetHexString(32, lowercase: true)));
        builder.Services.AddSingleton(new DashboardName(environment.ApplicationName.Replace(".AppHost", "", StringComparison.Ordinal)));
        web = builder.Build();
        web.Use(OnlyThisMachineAsync);
        ResourcePages.Map(web);
        TracePages.Map(web);
        TelemetryPages.Map(web);
        OtlpReceiver.Map(web);
        Assets.Map(web);
        await web.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (web is not null)
            await web.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// A page of another site could name this one (DNS rebinding) or post a form to it: so the host must be this machine by name,
    /// and what changes something must come from this page.
    /// </summary>
    static Task OnlyThisMachineAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        var isHere = host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        var origin = context.Request.Headers.Origin.ToString();
        var isOurs = origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (isHere && (isOurs || HttpMethods.IsGet(context.Request.Method)))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("This page answers on localhost only.");
    }

    Uri? Address(string key, string purpose, Ports ports)
    {
        if (configuration[key]?.Split(';')[0] is not { Length: > 0 } text)
            return null;
        var address = new UriBuilder(text);
        if (configuration.GetValue("DcpPublisher:RandomizePorts", false))
            address.Port = ports.Take();
        else
            Ports.MustBeFree(address.Port, purpose);
        configuration[key] = address.Uri.GetLeftPart(UriPartial.Authority);
        return address.Uri;
    }
}

/// <summary>Name of the application, in the title.</summary>
sealed record DashboardName(string Text);

/// <summary>The style sheet and the script, compiled into the assembly.</summary>
static class Assets
{
    public static void Map(WebApplication web)
    {
        foreach (var (file, type) in new[] { ("dashboard.css", "text/css"), ("dashboard.js", "text/javascript") })
        {
            web.MapGet("/" + file, async context =>
            {
                context.Response.ContentType = type + "; charset=utf-8";
                context.Response.Headers.CacheControl = "no-cache";
                using var stream = typeof(Assets).Assembly.GetManifestResourceStream(file)!;
                await stream.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
            });
        }
    }

    public static Task WriteHtmlAsync(this HttpContext context, Html html)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(html.ToString(), context.RequestAborted);
    }

    /// <summary>Server-sent events (HTML Living Standard, section 9.2) until the browser leaves.</summary>
    public static async Task WriteEventsAsync(this HttpContext context, IAsyncEnumerable<Html> events)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (var html in events.WithCancellation(context.RequestAborted).ConfigureAwait(false))
            {
                await context.Response.WriteAsync($"data: {JsonSerializer.Serialize(html.ToString())}\n\n", context.RequestAborted).ConfigureAwait(false);
                await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser left, or the AppHost stops.
        }
    }
}
