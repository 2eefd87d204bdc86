using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Environment, references, arguments, endpoints, waiting and health of resources.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Sets a variable; null removes it.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            if (value is null)
                context.EnvironmentVariables.Remove(name);
            else
                context.EnvironmentVariables[name] = value;
        });

    /// <summary>Sets a variable to text with references in it.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, in ReferenceExpression.ExpressionInterpolatedStringHandler value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(name, ReferenceExpression.Create(value));

    /// <summary>Sets a variable to text with references in it.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, ReferenceExpression value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = value);

    /// <summary>Sets a variable to the address of an endpoint.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = endpointReference);

    /// <summary>Sets a variable to the value of a parameter.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = parameter.Resource);

    /// <summary>Sets a variable to a value worked out when the resource starts.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.EnvironmentVariables[name] = callback());

    /// <summary>Sets variables when the resource starts.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment => builder.WithAnnotation(new EnvironmentCallbackAnnotation(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }));

    /// <summary>Adds arguments.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.WithArgs([.. args.Cast<object>()]);

    /// <summary>Adds arguments; each a string or an <see cref="IValueProvider"/>.</summary>
    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params object[] args)
        where T : IResourceWithArgs => builder.WithAnnotation(new CommandLineArgsCallbackAnnotation(context =>
        {
            foreach (var arg in args)
                context.Args.Add(arg);
            return Task.CompletedTask;
        }));

    /// <summary>Gives the resource <c>ConnectionStrings__{name}</c>.</summary>
    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            var variable = source.Resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName ?? source.Resource.Name}";
            context.EnvironmentVariables[variable] = new ConnectionStringReference(source.Resource, optional);
        });

    /// <summary>Gives the resource the addresses of another one, by name.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
                AddServiceDiscovery(context, new EndpointReference(source.Resource, endpoint.Name));
        });

    /// <summary>Gives the resource the address of one endpoint.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => AddServiceDiscovery(context, endpointReference));

    /// <summary>Gives the resource the address of something outside the application.</summary>
    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, string name, Uri uri)
        where T : IResourceWithEnvironment => builder.WithEnvironment($"services__{name}__default__0", uri.ToString());

    /// <summary>Starts the resource once the other one is running and every health check of it is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy));

    /// <summary>Starts the resource once the other one is running and every health check of it is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport =>
        builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitUntilHealthy) { WaitBehavior = waitBehavior });

    /// <summary>Starts the resource once the other one has ended with <paramref name="exitCode"/>.</summary>
    public static IResourceBuilder<T> WaitForCompletion<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.WithAnnotation(new WaitAnnotation(dependency.Resource, WaitType.WaitForCompletion, exitCode));

    /// <summary>Adds an HTTP endpoint.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Adds an endpoint.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? scheme = null, string? name = null, string? env = null,
        bool? isProxied = null, bool? isExternal = null)
        where T : IResourceWithEndpoints
    {
        // There is no proxy here, so isProxied has nothing to change.
        _ = isProxied;
        var endpoint = new EndpointAnnotation(name ?? scheme ?? "tcp", scheme ?? "tcp", port, targetPort, isExternal ?? false) { EnvironmentVariable = env };
        if (new EndpointReference(builder.Resource, endpoint.Name).Exists)
            throw new DistributedApplicationException($"The resource '{builder.Resource.Name}' already has an endpoint '{endpoint.Name}'.");
        return builder.WithAnnotation(endpoint);
    }

    /// <summary>Says that people use the HTTP endpoints, and not only other resources.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(e => e.UriScheme is "http" or "https"))
            endpoint.IsExternal = true;
        return builder;
    }

    /// <summary>An endpoint by name; it may be declared later.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Adds a registered health check to the resource.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource => builder.WithAnnotation(new HealthCheckAnnotation(key));

    static void AddServiceDiscovery(EnvironmentCallbackContext context, EndpointReference endpoint)
    {
        var replicas = endpoint.Annotation.AllocatedPorts.Count;
        for (var i = 0; i < replicas; i++)
            context.EnvironmentVariables[$"services__{endpoint.Resource.Name}__{endpoint.EndpointName}__{i}"] = endpoint.UrlOf(i);
        var upper = $"{endpoint.Resource.Name}_{endpoint.EndpointName}".ToUpperInvariant().Replace('-', '_');
        context.EnvironmentVariables[upper] = endpoint.UrlOf(0);
    }
}

/// <summary>A connection string that is resolved when the resource that uses it starts.</summary>
public sealed class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IValueProvider, IManifestExpressionProvider
{
    /// <summary>Whose connection string.</summary>
    public IResourceWithConnectionString Resource { get; } = resource;

    /// <summary>True when it may be absent.</summary>
    public bool Optional { get; } = optional;

    /// <inheritdoc />
    public string ValueExpression => Resource.ValueExpression;

    /// <inheritdoc />
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var value = await Resource.GetConnectionStringAsync(cancellationToken).ConfigureAwait(false);
        return string.IsNullOrEmpty(value) && !Optional
            ? throw new DistributedApplicationException($"The resource '{Resource.Name}' has no connection string.")
            : value;
    }
}
