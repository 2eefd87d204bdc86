using Microsoft.Extensions.Http;

namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>
/// Tells Grpc.Net.Client, by the property that it looks for, to leave connecting to the handler: it would else look the service name up in
/// DNS itself before any request comes to the resolving handler. Runs for every client; other clients do not know the property.
/// </summary>
sealed class GrpcLoadBalancingFilter : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder); // the primary handler is chosen there
        if (builder.AdditionalHandlers.Any(handler => handler is ResolvingHttpDelegatingHandler) && builder.PrimaryHandler is SocketsHttpHandler sockets)
            sockets.Properties["__GrpcLoadBalancingDisabled"] = true;
    };
}
