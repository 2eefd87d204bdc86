using System.Globalization;
using Blog.ServiceDefaults;
using Microsoft.AspNetCore.HttpOverrides;

namespace Blog.Identity.Pages;

/// <summary>What holds for every page of this service.</summary>
static class PageDefaults
{
    // Redirects after a form go to this site, or on to the phone's application.
    const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self' blog:; base-uri 'none'; frame-ancestors 'none'";

    public static void AddAccountPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorPages().AddMvcOptions(mvc =>
        {
            mvc.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
            mvc.Filters.Add<OutageFilter>();
        });
        builder.Services.Configure<RouteOptions>(route => route.LowercaseUrls = true);
        builder.Services.AddAntiforgery(antiforgery => antiforgery.Cookie.Name = "blog-form");
        builder.Services.Configure<Microsoft.AspNetCore.Mvc.CookieTempDataProviderOptions>(temp => temp.Cookie.Name = "blog-said");
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // Only the BFF can reach this service; its address is not known beforehand.
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
        });
    }

    /// <summary>
    /// Every request counts as one to the public origin: that is where browsers are, and a forged Host header gets nowhere. So links,
    /// redirects, discovery and the Secure flag of cookies are right on any network.
    /// </summary>
    public static void UsePublicOrigin(this WebApplication app)
    {
        var origin = new Uri(app.Configuration.PublicOrigin());
        var host = HostString.FromUriComponent(origin.Authority);
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            (context.Request.Scheme, context.Request.Host) = (origin.Scheme, host);
            return next(context);
        });
    }

    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true && !headers.ContainsKey("Content-Security-Policy"))
            {
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers["Referrer-Policy"] = "no-referrer";
                headers.CacheControl = "no-store";
            }
            return Task.CompletedTask;
        });
        return next(context);
    });

    public static void UseAccountFiles(this WebApplication app) => app.UseStaticFiles(new StaticFileOptions
    {
        // Pages name style and script with a hash (?v=) and fonts never change under their name.
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)TimeSpan.FromDays(30).TotalSeconds}, immutable"),
    });
}
