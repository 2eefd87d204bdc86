using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Answers with the health checks of the application.</summary>
sealed class GrpcHealthService(
    HealthServiceImpl statuses, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options, IHostApplicationLifetime lifetime)
    : Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (options.Value.UseHealthChecksCache || statuses.IsStopped) return await statuses.Check(request, context).ConfigureAwait(false);
        if (!options.Value.Services.Contains(request.Service))
            throw new RpcException(new Status(StatusCode.NotFound, $"Unknown service '{request.Service}'."));

        var mapping = options.Value.Services[request.Service];
        var report = await checks.CheckHealthAsync(
            check => mapping.HealthCheckPredicate(new HealthCheckMapContext(check.Name, check.Tags)), context.CancellationToken).ConfigureAwait(false);
        return new HealthCheckResponse { Status = GrpcHealthPublisher.StatusOf(report.Status) };
    }

    public override async Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        await KnowStatuses(context.CancellationToken).ConfigureAwait(false);
        return await statuses.List(request, context).ConfigureAwait(false);
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        await KnowStatuses(context.CancellationToken).ConfigureAwait(false);
        if (options.Value.SuppressCompletionOnShutdown)
        {
            await statuses.Watch(request, responseStream, context).ConfigureAwait(false);
            return;
        }

        // An open watch must not hold up the end of the server.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await statuses.Watch(request, responseStream, end.Token).ConfigureAwait(false);
        if (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
            throw new RpcException(new Status(StatusCode.Unavailable, "The server is stopping."));
    }

    /// <summary>The first report is published some seconds after the start; nobody should have to wait for it.</summary>
    async Task KnowStatuses(CancellationToken cancellationToken)
    {
        if (options.Value.UseHealthChecksCache || statuses.IsStopped) return;
        GrpcHealthPublisher.Set(statuses, options.Value, await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false));
    }
}

/// <summary>Carries each published report over to the statuses.</summary>
sealed class GrpcHealthPublisher(HealthServiceImpl statuses, IOptions<GrpcHealthChecksOptions> options) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        Set(statuses, options.Value, report);
        return Task.CompletedTask;
    }

    public static void Set(HealthServiceImpl statuses, GrpcHealthChecksOptions options, HealthReport report)
    {
        foreach (var service in options.Services)
        {
            var own = report.Entries.Where(check => service.HealthCheckPredicate(new HealthCheckMapContext(check.Key, check.Value.Tags))).Select(check => check.Value.Status);
            statuses.SetStatus(service.Name, StatusOf(own.Append(HealthStatus.Healthy).Min()));
        }
    }

    // Unhealthy is the lowest value. A degraded service still serves.
    public static ServingStatus StatusOf(HealthStatus status) => status == HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
}
