using Grpc.AspNetCore.Server.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds server reflection.</summary>
    public static class GrpcReflectionServiceExtensions
    {
        /// <summary>Adds what server reflection needs.</summary>
        public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
        {
            services.TryAddSingleton<ReflectedServices>();
            return services;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Maps server reflection.</summary>
    public static class GrpcReflectionEndpointRouteBuilderExtensions
    {
        /// <summary>Lets tools such as grpcurl list and describe the services that are mapped.</summary>
        public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
            => new Both(builder.MapGrpcService<ReflectionService>(), builder.MapGrpcService<ReflectionAlphaService>());

        sealed class Both(IEndpointConventionBuilder first, IEndpointConventionBuilder second) : IEndpointConventionBuilder
        {
            public void Add(Action<EndpointBuilder> convention)
            {
                first.Add(convention);
                second.Add(convention);
            }

            public void Finally(Action<EndpointBuilder> finallyConvention)
            {
                first.Finally(finallyConvention);
                second.Finally(finallyConvention);
            }
        }
    }
}
