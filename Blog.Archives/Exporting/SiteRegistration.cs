using Blog.Content.V1;
using Blog.Interactions.V1;
using Blog.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Archives.Exporting;

/// <summary>What an export needs beside the clients of the services, which each caller adds with its own credentials.</summary>
public static class SiteRegistration
{
    /// <summary>Adds <see cref="Site"/>: one for each export, since it remembers whom it met.</summary>
    public static IServiceCollection AddExportedSite(this IServiceCollection services)
    {
        services.AddHttpClient<StoredPictures>(client => client.BaseAddress = new Uri("http://content"));
        return services.AddTransient(provider => new Site(
            provider.GetRequiredService<Exports.ExportsClient>(), provider.GetRequiredService<Articles.ArticlesClient>(), provider.GetRequiredService<Portability.PortabilityClient>(), provider.GetRequiredService<UsersClient>(),
            provider.GetRequiredService<StoredPictures>().ReadAsync, new Uri(provider.GetRequiredService<IConfiguration>().PublicOrigin())));
    }
}
