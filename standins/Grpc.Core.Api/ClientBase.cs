using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    /// <summary>For mocks, which override every method.</summary>
    protected ClientBase() { }

    /// <summary>A client on a channel.</summary>
    protected ClientBase(ChannelBase channel) : base(channel) { }

    /// <summary>A client on a channel behind interceptors.</summary>
    protected ClientBase(CallInvoker callInvoker) : base(callInvoker) { }

    /// <summary>A client like another.</summary>
    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration) { }

    /// <summary>The same client, with another host named in its calls.</summary>
    public T WithHost(string host) => NewInstance(Configuration.WithHost(host));

    /// <summary>Makes a client like this one. Generated.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase
{
    readonly ClientBaseConfiguration? _configuration;
    readonly CallInvoker? _invoker;

    /// <summary>For mocks, which override every method.</summary>
    protected ClientBase() { }

    /// <summary>A client on a channel.</summary>
    protected ClientBase(ChannelBase channel) : this(channel.CreateCallInvoker()) { }

    /// <summary>A client on a channel behind interceptors.</summary>
    protected ClientBase(CallInvoker callInvoker) : this(new ClientBaseConfiguration(callInvoker, null)) { }

    /// <summary>A client like another.</summary>
    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _invoker = configuration.Host is { } host ? configuration.Invoker.Intercept(new HostInterceptor(host)) : configuration.Invoker;
    }

    /// <summary>What makes the calls.</summary>
    protected CallInvoker CallInvoker => _invoker ?? throw OnlyForMocks();

    internal ClientBaseConfiguration Configuration => _configuration ?? throw OnlyForMocks();

    static NotSupportedException OnlyForMocks() => new("This client was made without a channel, so only the methods that a mock overrides can be called.");

    /// <summary>What a client is made of.</summary>
    protected internal class ClientBaseConfiguration
    {
        internal ClientBaseConfiguration(CallInvoker invoker, string? host)
        {
            ArgumentNullException.ThrowIfNull(invoker);
            (Invoker, Host) = (invoker, host);
        }

        internal CallInvoker Invoker { get; }

        internal string? Host { get; }

        internal ClientBaseConfiguration WithHost(string host) => new(Invoker, host);
    }

    sealed class HostInterceptor(string host) : ContextInterceptor
    {
        protected override ClientInterceptorContext<TRequest, TResponse> Change<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
            => context.Host is null ? new(context.Method, host, context.Options) : context;
    }
}
