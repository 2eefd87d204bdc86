using Blog.Content.V1;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.Text;
using Grpc.Core;
using UsersClient = Blog.Users.V1.Users.UsersClient;

namespace Blog.Bff.Pages;

/// <summary>
/// Hosts of sites that were imported and whose name now leads here: <c>Blog:FormerSites:old.example=ada</c>. Old addresses of stories, the home page and the feeds answer
/// 301 to where they are now, so that links, search engines and subscribers come along. See docs/decisions/0022.
/// </summary>
sealed class FormerSites(IConfiguration configuration)
{
    readonly string origin = configuration.PublicOrigin();

    readonly Dictionary<string, string> handles = configuration.GetSection("Blog:FormerSites").GetChildren().Where(site => site.Value is { Length: > 0 })
        .ToDictionary(site => site.Key, site => site.Value!.TrimStart('@'), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a request's Host is one of them.</summary>
    public bool Has(string? host) => handles.Count > 0 && host is not null && HandleOf(host) is not null;

    string? HandleOf(string host)
    {
        var name = new HostString(host).Host;
        return handles.GetValueOrDefault(name) ?? (name.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? handles.GetValueOrDefault(name[4..]) : null);
    }

    /// <summary>Where an address of the former site is now; null when nothing is known of it.</summary>
    public async Task<string?> FindAsync(HttpRequest request, CancellationToken cancel)
    {
        var handle = HandleOf(request.Host.Value!)!;
        var person = $"{origin}/@{handle}";
        var path = FormerAddress.PathOf(request.Path.Value + request.QueryString);
        if (path.Length == 0) return person;
        if (path.TrimStart('/') is "feed" or "rss" or "rss.xml" or "feed.xml" or "index.xml" or "atom.xml" or "feed/atom" or "feed.json")
            return $"{person}/{(path.Contains("atom", StringComparison.Ordinal) ? "feed.atom" : path.EndsWith(".json", StringComparison.Ordinal) ? "feed.json" : "feed.xml")}";
        var services = request.HttpContext.RequestServices;
        try
        {
            var author = (await services.GetRequiredService<UsersClient>().GetProfileAsync(new() { Handle = handle }, cancellationToken: cancel)).Profile;
            var found = await services.GetRequiredService<Articles.ArticlesClient>().GetPublishedArticleAsync(new() { AuthorId = author.Id, Slug = path }, cancellationToken: cancel);
            return $"{origin}/@{author.Handle}/{Uri.EscapeDataString(found.MovedToSlug)}";
        }
        catch (RpcException unknown) when (unknown.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            return null;
        }
    }
}

static class FormerSitesMiddleware
{
    /// <summary>Answers every request to a former site; nothing else of this site is reachable by its name.</summary>
    public static void UseFormerSites(this WebApplication app)
    {
        var sites = app.Services.GetRequiredService<FormerSites>();
        app.UseWhen(http => sites.Has(http.Request.Host.Value), former => former.Run(async http =>
        {
            if ((HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && await sites.FindAsync(http.Request, http.RequestAborted) is { } address)
            {
                http.Response.Headers.CacheControl = "public, max-age=3600";
                http.Response.Redirect(address, permanent: true);
                return;
            }
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            await http.Response.WriteAsync("There is no such page here any more.\n", http.RequestAborted);
        }));
    }
}
