using System.Net.Http.Headers;
using System.Reflection;
using Blog.ServiceDefaults.Authentication;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.ServiceDefaults.Grpc;

/// <summary>As whom a call is made.</summary>
public enum CallAs
{
    /// <summary>The person of the current request, if there is one.</summary>
    Caller,

    /// <summary>This service, by its client credentials.</summary>
    Service,
}

/// <summary>How every service calls another by gRPC.</summary>
public static class GrpcClientDefaults
{
    /// <summary>The time a call may take when the caller sets no deadline.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A client of the service's <c>grpc</c> endpoint, found by service discovery. Calls carry the identity, a deadline (never
    /// later than that of the call being served) and its cancellation; reads (Get, List, Batch, Render) are retried while
    /// the service is UNAVAILABLE, writes are not.
    /// </summary>
    public static IHttpClientBuilder AddBlogGrpcClient<TClient>(this IServiceCollection services, string service, CallAs identity = CallAs.Caller)
        where TClient : ClientBase<TClient>
    {
        return services.AddGrpcClient<TClient>(client => client.Address = new Uri($"http://_grpc.{service}"))
            .ConfigureChannel(channel =>
            {
                channel.MaxReceiveMessageSize = 16 * 1024 * 1024;
                channel.MaxSendMessageSize = 8 * 1024 * 1024;
                channel.ServiceConfig = new ServiceConfig { MethodConfigs = { RetriesOfReads(typeof(TClient)) } };
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            })
            .AddInterceptor(provider => new Propagation(provider.GetRequiredService<IHttpContextAccessor>(), provider.GetRequiredService<TimeProvider>()))
            .AddHttpMessageHandler(provider => identity == CallAs.Service
                ? new BearerHandler(async cancel => await provider.GetRequiredService<ServiceTokens>().GetAsync(cancel))
                : new BearerHandler(provider.GetRequiredService<ICallerToken>().GetAccessTokenAsync));
    }

    static MethodConfig RetriesOfReads(Type client)
    {
        var config = new MethodConfig
        {
            RetryPolicy = new RetryPolicy
            {
                MaxAttempts = 4,
                InitialBackoff = TimeSpan.FromMilliseconds(50),
                MaxBackoff = TimeSpan.FromMilliseconds(500),
                BackoffMultiplier = 2,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        };
        var descriptor = (Google.Protobuf.Reflection.ServiceDescriptor)client.DeclaringType!.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        foreach (var method in descriptor.Methods.Where(m => !m.IsClientStreaming && IsRead(m.Name)))
            config.Names.Add(new MethodName { Service = descriptor.FullName, Method = method.Name });
        return config;
    }

    static bool IsRead(string method) => new[] { "Get", "List", "Batch", "Render" }.Any(prefix => method.StartsWith(prefix, StringComparison.Ordinal));

    sealed class BearerHandler(Func<CancellationToken, ValueTask<string?>> token) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
        {
            if (await token(cancel) is { } bearer) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            return await base.SendAsync(request, cancel);
        }
    }

    /// <summary>Deadline and cancellation of the call being served bound the calls it makes.</summary>
    sealed class Propagation(IHttpContextAccessor http, TimeProvider time) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, Bound(context));

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(Bound(context));

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
            continuation(request, Bound(context));

        ClientInterceptorContext<TRequest, TResponse> Bound<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class where TResponse : class
        {
            var serving = http.HttpContext?.Features.Get<IServerCallContextFeature>()?.ServerCallContext;
            var options = context.Options;
            var deadline = options.Deadline ?? time.GetUtcNow().UtcDateTime + DefaultDeadline;
            if (serving is not null && serving.Deadline < deadline) deadline = serving.Deadline;
            options = options.WithDeadline(deadline);
            if (!options.CancellationToken.CanBeCanceled)
                options = options.WithCancellationToken(serving?.CancellationToken ?? http.HttpContext?.RequestAborted ?? default);
            return new(context.Method, context.Host, options);
        }
    }
}
