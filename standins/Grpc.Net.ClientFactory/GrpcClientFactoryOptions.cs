using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Grpc.Net.ClientFactory;

/// <summary>How the clients of one name are made.</summary>
public class GrpcClientFactoryOptions
{
    /// <summary>The address of the service; its host may be a service name.</summary>
    public Uri? Address { get; set; }

    /// <summary>Changes to the options of the channel, which is made once.</summary>
    public IList<Action<GrpcChannelOptions>> ChannelOptionsActions { get; } = [];

    /// <summary>Changes to the options of each call. Applied outside the interceptors.</summary>
    public IList<Action<CallOptionsContext>> CallOptionsActions { get; } = [];

    /// <summary>Interceptors, the outermost first.</summary>
    public IList<InterceptorRegistration> InterceptorRegistrations { get; } = [];

    /// <summary>Makes the client; without it, its constructor that takes a <see cref="CallInvoker"/> does.</summary>
    public Func<CallInvoker, object>? Creator { get; set; }

    internal IList<Action<IServiceProvider, GrpcChannelOptions>> ServiceChannelOptionsActions { get; } = [];

    internal Func<IServiceProvider, CallInvoker, object>? ServiceCreator { get; set; }
}

/// <summary>The options of a call, for change.</summary>
public class CallOptionsContext
{
    /// <summary>Made for each call.</summary>
    public CallOptionsContext(CallOptions callOptions, IServiceProvider serviceProvider) => (CallOptions, ServiceProvider) = (callOptions, serviceProvider);

    /// <summary>The options.</summary>
    public CallOptions CallOptions { get; set; }

    /// <summary>The services of the scope that the client was resolved from.</summary>
    public IServiceProvider ServiceProvider { get; }
}

/// <summary>How long an interceptor lives.</summary>
public enum InterceptorScope
{
    /// <summary>As long as the channel: it is made once and shared by all clients of the name.</summary>
    Channel,

    /// <summary>As long as the client: it is made for each, with the services of its scope.</summary>
    Client,
}

/// <summary>An interceptor to be made.</summary>
public class InterceptorRegistration
{
    /// <summary>Says how it is made and how long it lives.</summary>
    public InterceptorRegistration(InterceptorScope scope, Func<IServiceProvider, Interceptor> creator)
    {
        ArgumentNullException.ThrowIfNull(creator);
        (Scope, Creator) = (scope, creator);
    }

    /// <summary>How long it lives.</summary>
    public InterceptorScope Scope { get; }

    internal Func<IServiceProvider, Interceptor> Creator { get; }
}
