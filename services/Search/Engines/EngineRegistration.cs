using Blog.Search.Elasticsearch;
using Blog.Search.Engines.PostgreSql;

namespace Blog.Search.Engines;

/// <summary>Which engine finds.</summary>
static class EngineRegistration
{
    /// <summary>The engine that <c>Blog:Search:Engine</c> names.</summary>
    /// <exception cref="InvalidOperationException">There is no such engine.</exception>
    public static IHostApplicationBuilder AddSearchEngine(this IHostApplicationBuilder builder)
    {
        switch (builder.Configuration["Blog:Search:Engine"] ?? "postgresql")
        {
            case "postgresql":
                return Add<PostgreSqlEngine>(builder);
            case "elasticsearch":
                builder.Services.Configure<ElasticsearchOptions>(builder.Configuration.GetSection("Blog:Search:Elasticsearch"));
                builder.Services.AddSingleton<ElasticsearchClient>();
                return Add<ElasticsearchEngine>(builder);
            case var unknown:
                throw new InvalidOperationException($"Blog:Search:Engine is '{unknown}'; it can be postgresql or elasticsearch.");
        }
    }

    static IHostApplicationBuilder Add<TEngine>(IHostApplicationBuilder builder) where TEngine : class, ISearchEngine, IHostedService
    {
        builder.Services.AddSingleton<TEngine>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TEngine>());
        builder.Services.AddSingleton<ISearchEngine>(services => services.GetRequiredService<TEngine>());
        return builder;
    }
}
