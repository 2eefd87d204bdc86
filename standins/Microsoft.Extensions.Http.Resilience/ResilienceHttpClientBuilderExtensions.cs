using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The resilience pipeline of an HTTP client.</summary>
public interface IHttpResiliencePipelineBuilder
{
    /// <summary>The name of the pipeline.</summary>
    string PipelineName { get; }

    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}

/// <summary>The standard resilience pipeline of an HTTP client.</summary>
public interface IHttpStandardResiliencePipelineBuilder
{
    /// <summary>The name of the pipeline, and of its options.</summary>
    string PipelineName { get; }

    /// <summary>The services of the application.</summary>
    IServiceCollection Services { get; }
}

/// <summary>Adds resilience to HTTP clients.</summary>
public static class ResilienceHttpClientBuilderExtensions
{
    /// <summary>Adds the standard pipeline: rate limiter, total timeout, retry, circuit breaker, attempt timeout.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        var name = PipelineName(builder.Name, "standard");
        builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan); // the pipeline's timeouts rule
        builder.AddPipeline(name, (pipeline, context) =>
        {
            var options = context.GetOptions<HttpStandardResilienceOptions>(name);
            pipeline
                .AddRateLimiter(options.RateLimiter)
                .AddTimeout(options.TotalRequestTimeout)
                .AddRetry(options.Retry)
                .AddCircuitBreaker(options.CircuitBreaker)
                .AddTimeout(options.AttemptTimeout);
        });
        return new StandardPipelineBuilder(name, builder.Services);
    }

    /// <summary>Adds the standard pipeline, configured from a section.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder, IConfigurationSection section)
        => builder.AddStandardResilienceHandler().Configure(section);

    /// <summary>Adds the standard pipeline, configured in code.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure)
        => builder.AddStandardResilienceHandler().Configure(configure);

    /// <summary>Adds a pipeline of one's own.</summary>
    public static IHttpResiliencePipelineBuilder AddResilienceHandler(
        this IHttpClientBuilder builder, string pipelineName, Action<ResiliencePipelineBuilder<HttpResponseMessage>> configure)
        => builder.AddResilienceHandler(pipelineName, (pipeline, _) => configure(pipeline));

    /// <summary>Adds a pipeline of one's own.</summary>
    public static IHttpResiliencePipelineBuilder AddResilienceHandler(
        this IHttpClientBuilder builder, string pipelineName, Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(pipelineName);
        var name = PipelineName(builder.Name, pipelineName);
        builder.AddPipeline(name, configure);
        return new PipelineBuilder(name, builder.Services);
    }

    /// <summary>Removes the pipelines added so far, for a client that wants none or another than the default one.</summary>
    public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder)
        => builder.ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToArray()) handlers.Remove(handler);
        });

    /// <summary>Configures the standard pipeline from a section.</summary>
    public static IHttpStandardResiliencePipelineBuilder Configure(this IHttpStandardResiliencePipelineBuilder builder, IConfigurationSection section)
    {
        builder.Services.Configure<HttpStandardResilienceOptions>(builder.PipelineName, section);
        return builder;
    }

    /// <summary>Configures the standard pipeline in code.</summary>
    public static IHttpStandardResiliencePipelineBuilder Configure(
        this IHttpStandardResiliencePipelineBuilder builder, Action<HttpStandardResilienceOptions> configure)
    {
        builder.Services.Configure(builder.PipelineName, configure);
        return builder;
    }

    /// <summary>Configures the standard pipeline in code that needs services.</summary>
    public static IHttpStandardResiliencePipelineBuilder Configure(
        this IHttpStandardResiliencePipelineBuilder builder, Action<HttpStandardResilienceOptions, IServiceProvider> configure)
    {
        builder.Services.AddOptions<HttpStandardResilienceOptions>(builder.PipelineName).Configure(configure);
        return builder;
    }

    /// <summary>Gives each authority (host and port) its own instance of the pipeline.</summary>
    public static IHttpStandardResiliencePipelineBuilder SelectPipelineByAuthority(this IHttpStandardResiliencePipelineBuilder builder)
    {
        builder.Services.Configure<PipelineSelection>(builder.PipelineName, selection => selection.ByAuthority = true);
        return builder;
    }

    /// <summary>Gives each authority (host and port) its own instance of the pipeline.</summary>
    public static IHttpResiliencePipelineBuilder SelectPipelineByAuthority(this IHttpResiliencePipelineBuilder builder)
    {
        builder.Services.Configure<PipelineSelection>(builder.PipelineName, selection => selection.ByAuthority = true);
        return builder;
    }

    static string PipelineName(string? client, string pipeline) => string.IsNullOrEmpty(client) ? pipeline : $"{client}-{pipeline}";

    static void AddPipeline(
        this IHttpClientBuilder builder, string name, Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext> configure)
    {
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<HttpResiliencePipelines>();
        // Not AddHttpMessageHandler: in ConfigureHttpClientDefaults only the handler builder knows the name of the client, and each
        // client must have a circuit of its own.
        builder.Services.Configure<HttpClientFactoryOptions>(builder.Name, options => options.HttpMessageHandlerBuilderActions.Add(handlers =>
        {
            var pipelines = handlers.Services.GetRequiredService<HttpResiliencePipelines>();
            var selection = handlers.Services.GetRequiredService<IOptionsMonitor<PipelineSelection>>().Get(name);
            var (client, services) = (handlers.Name ?? "", handlers.Services);
            handlers.AdditionalHandlers.Add(new ResilienceHandler(request => pipelines.Get(
                client, name, selection.ByAuthority ? request.RequestUri?.Authority : null,
                pipeline => configure(pipeline, new ResilienceHandlerContext(services, name)))));
        }));
    }

    sealed class PipelineSelection
    {
        public bool ByAuthority { get; set; }
    }

    sealed record PipelineBuilder(string PipelineName, IServiceCollection Services) : IHttpResiliencePipelineBuilder;

    sealed record StandardPipelineBuilder(string PipelineName, IServiceCollection Services) : IHttpStandardResiliencePipelineBuilder;
}
