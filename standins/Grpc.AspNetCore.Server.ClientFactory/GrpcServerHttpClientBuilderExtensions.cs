using Grpc.AspNetCore.ClientFactory;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.ClientFactory
{
    /// <summary>Options of context propagation.</summary>
    public class GrpcContextPropagationOptions
    {
        /// <summary>Lets calls be made outside the serving of a gRPC call; there is nothing to hand on then.</summary>
        public bool SuppressContextNotFoundErrors { get; set; }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Configures gRPC clients of a gRPC service.</summary>
    public static class GrpcServerHttpClientBuilderExtensions
    {
        /// <summary>Hands deadline and cancellation of the served call on. A call made outside the serving of one fails.</summary>
        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder) => builder.EnableCallContextPropagation(_ => { });

        /// <summary>Hands deadline and cancellation of the served call on.</summary>
        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder, Action<GrpcContextPropagationOptions> configureOptions)
        {
            ArgumentNullException.ThrowIfNull(builder);
            var options = new GrpcContextPropagationOptions();
            configureOptions(options);
            builder.Services.AddHttpContextAccessor();
            return builder.AddInterceptor(services =>
                new ContextPropagationInterceptor(services.GetRequiredService<IHttpContextAccessor>(), options.SuppressContextNotFoundErrors));
        }
    }
}
