using Blog.Content.Media;

namespace Blog.Content.Links;

static class LinkRegistration
{
    /// <summary>Cards for addresses that stand alone in articles, and the check of links.</summary>
    public static IHostApplicationBuilder AddLinks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LinkClient>();
        builder.Services.AddScoped(services => new LinkFinder(services.GetRequiredService<LinkClient>(), ActivatorUtilities.CreateInstance<MediaService>(services)));
        builder.Services.AddScoped<LinkCards>();
        builder.Services.AddSingleton<LinkWorker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LinkWorker>());
        return builder;
    }
}
