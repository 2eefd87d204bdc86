using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures gRPC clients.</summary>
public static class GrpcHttpClientBuilderExtensions
{
    /// <summary>Adds an interceptor that lives as long as the channel.</summary>
    public static IHttpClientBuilder AddInterceptor(this IHttpClientBuilder builder, Func<IServiceProvider, Interceptor> configureInvoker)
        => builder.AddInterceptor(InterceptorScope.Channel, configureInvoker);

    /// <summary>Adds an interceptor.</summary>
    public static IHttpClientBuilder AddInterceptor(this IHttpClientBuilder builder, InterceptorScope scope, Func<IServiceProvider, Interceptor> configureInvoker)
        => builder.Options(options => options.InterceptorRegistrations.Add(new InterceptorRegistration(scope, configureInvoker)));

    /// <summary>Adds an interceptor that lives as long as the channel.</summary>
    public static IHttpClientBuilder AddInterceptor(this IHttpClientBuilder builder, Func<Interceptor> configureInvoker)
        => builder.AddInterceptor(_ => configureInvoker());

    /// <summary>Adds a registered interceptor that lives as long as the channel.</summary>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(this IHttpClientBuilder builder) where TInterceptor : Interceptor
        => builder.AddInterceptor<TInterceptor>(InterceptorScope.Channel);

    /// <summary>Adds a registered interceptor.</summary>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(this IHttpClientBuilder builder, InterceptorScope scope) where TInterceptor : Interceptor
        => builder.AddInterceptor(scope, services => services.GetRequiredService<TInterceptor>());

    /// <summary>Changes the options of the channel.</summary>
    public static IHttpClientBuilder ConfigureChannel(this IHttpClientBuilder builder, Action<GrpcChannelOptions> configureChannel)
        => builder.Options(options => options.ChannelOptionsActions.Add(configureChannel));

    /// <summary>Changes the options of the channel.</summary>
    public static IHttpClientBuilder ConfigureChannel(this IHttpClientBuilder builder, Action<IServiceProvider, GrpcChannelOptions> configureChannel)
        => builder.Options(options => options.ServiceChannelOptionsActions.Add(configureChannel));

    /// <summary>Makes clients in another way than by their constructor.</summary>
    public static IHttpClientBuilder ConfigureGrpcClientCreator(this IHttpClientBuilder builder, Func<CallInvoker, object> configureCreator)
        => builder.Options(options => options.Creator = configureCreator);

    /// <summary>Makes clients in another way than by their constructor.</summary>
    public static IHttpClientBuilder ConfigureGrpcClientCreator(this IHttpClientBuilder builder, Func<IServiceProvider, CallInvoker, object> configureCreator)
        => builder.Options(options => options.ServiceCreator = configureCreator);

    /// <summary>Adds credentials to each call. Over a connection without TLS the channel must allow it (UnsafeUseInsecureChannelCallCredentials).</summary>
    public static IHttpClientBuilder AddCallCredentials(this IHttpClientBuilder builder, Func<AuthInterceptorContext, Metadata, Task> authInterceptor)
        => builder.AddCallCredentials((context, metadata, _) => authInterceptor(context, metadata));

    /// <inheritdoc cref="AddCallCredentials(IHttpClientBuilder, Func{AuthInterceptorContext, Metadata, Task})"/>
    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder, Func<AuthInterceptorContext, Metadata, IServiceProvider, Task> authInterceptor)
        => builder.AddCallOptions((options, services) => Add(options,
            CallCredentials.FromInterceptor((context, metadata) => authInterceptor(context, metadata, services))));

    /// <inheritdoc cref="AddCallCredentials(IHttpClientBuilder, Func{AuthInterceptorContext, Metadata, Task})"/>
    public static IHttpClientBuilder AddCallCredentials(this IHttpClientBuilder builder, CallCredentials credentials)
        => builder.AddCallOptions((options, _) => Add(options, credentials));

    static CallOptions Add(CallOptions options, CallCredentials credentials)
        => options.WithCredentials(options.Credentials is { } own ? CallCredentials.Compose(own, credentials) : credentials);

    static IHttpClientBuilder AddCallOptions(this IHttpClientBuilder builder, Func<CallOptions, IServiceProvider, CallOptions> change)
        => builder.Options(options => options.CallOptionsActions.Add(context => context.CallOptions = change(context.CallOptions, context.ServiceProvider)));

    static IHttpClientBuilder Options(this IHttpClientBuilder builder, Action<GrpcClientFactoryOptions> configure)
    {
        builder.Services.Configure(builder.Name, configure);
        return builder;
    }
}
