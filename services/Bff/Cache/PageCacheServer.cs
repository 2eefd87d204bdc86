using Blog.Bff.Pages;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Blog.Bff.Cache;

/// <summary>
/// Stands between the server and the application: a known public page is answered before a request context, a span, a log scope or a
/// middleware exists, because together they cost more than the answer. Everything else goes on to the application untouched.
/// </summary>
sealed class PageCacheServer(IServer server, PageCache cache, FormerSites former) : IServer
{
    public IFeatureCollection Features => server.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull =>
        server.StartAsync(new Front<TContext>(application, cache, former), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    public void Dispose() => server.Dispose();

    sealed class Exchange<TContext>
    {
        public IFeatureCollection? Features;
        public TContext? Passed;
        public bool WasPassed;
    }

    sealed class Front<TContext>(IHttpApplication<TContext> application, PageCache cache, FormerSites former) : IHttpApplication<Exchange<TContext>> where TContext : notnull
    {
        public Exchange<TContext> CreateContext(IFeatureCollection contextFeatures)
        {
            // The server keeps one per connection.
            var container = contextFeatures as IHostContextContainer<Exchange<TContext>>;
            var exchange = container?.HostContext ?? new();
            if (container is not null) container.HostContext = exchange;
            exchange.Features = contextFeatures;
            return exchange;
        }

        public Task ProcessRequestAsync(Exchange<TContext> context)
        {
            var features = context.Features!;
            var request = features.GetRequiredFeature<IHttpRequestFeature>();
            if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !former.Has(request.Headers.Host) && cache.TryGetFresh(request.RawTarget, out var answer))
            {
                CacheServed.Hit();
                return answer.WriteAsync(features, CacheServed.HitStatus);
            }

            context.Passed = application.CreateContext(features);
            context.WasPassed = true;
            return application.ProcessRequestAsync(context.Passed);
        }

        public void DisposeContext(Exchange<TContext> context, Exception? exception)
        {
            if (context.WasPassed) application.DisposeContext(context.Passed!, exception);
            context.Passed = default;
            context.WasPassed = false;
            context.Features = null;
        }
    }
}

static class PageCacheServerRegistration
{
    /// <summary>Puts the cache before the server that is registered by now.</summary>
    public static void AddPageCacheServer(this IServiceCollection services)
    {
        var server = services.Last(service => service.ServiceType == typeof(IServer)).ImplementationType
            ?? throw new InvalidOperationException("The server is not registered by its type.");
        services.Replace(ServiceDescriptor.Singleton<IServer>(provider => new PageCacheServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, server), provider.GetRequiredService<PageCache>(), provider.GetRequiredService<FormerSites>())));
    }
}
