using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds grpc.health.v1.</summary>
    public static class GrpcHealthChecksServiceExtensions
    {
        /// <summary>Adds the health service, which reports the application's health checks. Returns their builder.</summary>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services)
        {
            services.TryAddSingleton(root =>
            {
                var statuses = new HealthServiceImpl();
                root.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(statuses.Stop);
                return statuses;
            });
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, GrpcHealthPublisher>());
            services.Configure<GrpcHealthChecksOptions>(options =>
            {
                if (!options.Services.Contains("")) options.Services.Map("", _ => true);
            });
            return services.AddHealthChecks();
        }

        /// <inheritdoc cref="AddGrpcHealthChecks(IServiceCollection)"/>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services, Action<GrpcHealthChecksOptions> configure)
        {
            var checks = services.AddGrpcHealthChecks();
            services.Configure(configure);
            return checks;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps grpc.health.v1.</summary>
    public static class GrpcHealthChecksEndpointRouteBuilderExtensions
    {
        /// <summary>Maps the health service.</summary>
        public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(this IEndpointRouteBuilder builder)
            => builder.MapGrpcService<GrpcHealthService>();
    }
}
