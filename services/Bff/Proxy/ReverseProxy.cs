using System.Globalization;
using Blog.Bff.Api;
using Blog.Bff.Pages;
using Blog.Bff.Security;
using Blog.Bff.Sessions;
using Blog.ServiceDefaults;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Blog.Bff.Proxy;

/// <summary>Whatever is not an endpoint here goes to Identity, to Content's pictures, or to the site.</summary>
static class ReverseProxy
{
    const string Identity = "identity";
    const string Content = "content";
    const string Site = "site";
    const string Images = "images";

    /// <summary>Widths at which pictures are served; the site's optimiser knows the same list.</summary>
    static readonly HashSet<int> Widths = [384, 640, 828, 1200, 1920];

    /// <summary>The only headers of a reader that reach the site and Content. Everything else (cookies, forged identity, framework internals) stays here.</summary>
    static readonly string[] Forwarded =
    [
        HeaderNames.Accept, HeaderNames.AcceptEncoding, HeaderNames.AcceptLanguage, HeaderNames.UserAgent,
        HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfRange, HeaderNames.Range,
        "RSC", "Next-Router-State-Tree", "Next-Router-Prefetch", "Next-Router-Segment-Prefetch", "Next-Url",
    ];

    static readonly string[] ReadMethods = [HttpMethods.Get, HttpMethods.Head];

    public static void AddBlogReverseProxy(this WebApplicationBuilder builder) => builder.Services.AddSingleton<SiteBuild>().AddReverseProxy()
        .LoadFromMemory(
        [
            Route("account", Identity, "/account/{**rest}"),
            Route("connect", Identity, "/connect/{**rest}"),
            Route("well-known", Identity, "/.well-known/openid-configuration/{**rest}"),
            Route("media", Content, "/media/{id:guid}", ReadMethods),
            Route(Images, Site, "/images/{id:guid}/{width:int}", ReadMethods),
            Route("site", Site, "/{**path}", ReadMethods, order: int.MaxValue),
        ],
        [
            Cluster(Identity, TimeSpan.FromSeconds(30)),
            Cluster(Content, TimeSpan.FromSeconds(30)),
            Cluster(Site, TimeSpan.FromSeconds(15)),
        ])
        .AddTransforms(Transform)
        .AddServiceDiscoveryDestinationResolver();

    public static void MapBlogReverseProxy(this WebApplication app)
    {
        // Neither pictures under other names nor the optimiser with other people's parameters.
        app.Map("/media/{**rest}", NotFound).ExcludeFromDescription();
        app.Map("/images/{**rest}", NotFound).ExcludeFromDescription();
        app.Map("/_next/image/{**rest}", NotFound).ExcludeFromDescription();
        app.Map("/api/{**rest}", NotFound).ExcludeFromDescription();
        app.Map("/bff/{**rest}", NotFound).ExcludeFromDescription();
        app.MapReverseProxy(proxy => proxy.Use(async (context, next) =>
        {
            if (context.Request.RouteValues.TryGetValue("width", out var width) && !Widths.Contains(int.Parse((string)width!, CultureInfo.InvariantCulture)))
                throw new ProblemException(StatusCodes.Status404NotFound, "NOT_FOUND", "Pictures have the widths " + string.Join(", ", Widths) + ".");
            await next(context);
            if (context.GetForwarderErrorFeature() is not null && !context.Response.HasStarted) await AnswerAway(context);
        }));
    }

    static void NotFound() => throw new ProblemException(StatusCodes.Status404NotFound, "NOT_FOUND", "There is nothing at this address.");

    static Task AnswerAway(HttpContext context)
    {
        if (context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
        // A fetch for the cache asks for anything; only pages are fetched from here.
        var accept = context.Request.Headers.Accept.ToString();
        return accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) || context.Items.ContainsKey(typeof(Cache.PageFetcher.ForTheCache))
            ? ErrorPages.SiteAway().ExecuteAsync(context)
            : throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "AWAY", "A part of the site is away for a moment. Please try again.") { RetryAfter = TimeSpan.FromSeconds(5) };
    }

    static RouteConfig Route(string id, string cluster, string path, string[]? methods = null, int order = 0) =>
        new() { RouteId = id, ClusterId = cluster, Order = order, Match = new() { Path = path, Methods = methods } };

    static ClusterConfig Cluster(string service, TimeSpan patience) => new()
    {
        ClusterId = service,
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = "http://" + service } },
        HttpRequest = new() { ActivityTimeout = patience },
        LoadBalancingPolicy = "RoundRobin",
    };

    static void Transform(TransformBuilderContext transform)
    {
        var origin = new Uri(transform.Services.GetRequiredService<IConfiguration>().PublicOrigin());
        transform.AddXForwarded(ForwardedTransformActions.Set);
        transform.AddRequestTransform(request =>
        {
            // What the person typed, whatever the Host header claims.
            Replace(request, "X-Forwarded-Host", origin.Authority);
            Replace(request, "X-Forwarded-Proto", origin.Scheme);
            return ValueTask.CompletedTask;
        });

        if (transform.Cluster!.ClusterId == Identity) transform.AddRequestTransform(KeepOurCookies);
        else transform.CopyRequestHeaders = false;

        if (transform.Cluster.ClusterId == Content || transform.Route.RouteId == Images) transform.AddRequestTransform(request =>
        {
            CopyReadersHeaders(request);
            return ValueTask.CompletedTask;
        });
        if (transform.Cluster.ClusterId == Site) transform.AddResponseTransform(OwnHeaders);
        if (transform.Route.RouteId == Images) transform.AddRequestTransform(AskOptimiser);
        else if (transform.Cluster.ClusterId == Site) transform.AddRequestTransform(StampNonce);
    }

    static void CopyReadersHeaders(RequestTransformContext request)
    {
        foreach (var name in Forwarded)
            if (request.HttpContext.Request.Headers.TryGetValue(name, out var value)) request.ProxyRequest.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!);
    }

    /// <summary>Identity has cookies of its own; the BFF's are none of its business.</summary>
    static ValueTask KeepOurCookies(RequestTransformContext request)
    {
        var headers = request.ProxyRequest.Headers;
        headers.Remove(HeaderNames.Cookie);
        var theirs = request.HttpContext.Request.Headers.Cookie
            .SelectMany(line => line!.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(cookie => !SessionCookie.IsOurs(cookie));
        if (string.Join("; ", theirs) is { Length: > 0 } kept) headers.TryAddWithoutValidation(HeaderNames.Cookie, kept);
        return ValueTask.CompletedTask;
    }

    /// <summary>The site stamps the nonce on the scripts it means; the framework reads it from the policy in the request.</summary>
    static ValueTask StampNonce(RequestTransformContext request)
    {
        CopyReadersHeaders(request);
        var nonce = SecurityHeaders.NonceOf(request.HttpContext);
        Replace(request, "x-nonce", nonce);
        Replace(request, HeaderNames.ContentSecurityPolicy, $"script-src 'self' 'nonce-{nonce}'");
        return ValueTask.CompletedTask;
    }

    /// <summary>Policies and cookies are the BFF's affair.</summary>
    static ValueTask OwnHeaders(ResponseTransformContext response)
    {
        var headers = response.HttpContext.Response.Headers;
        if (headers.Remove(SiteBuild.Header, out var build)) response.HttpContext.RequestServices.GetRequiredService<SiteBuild>().Seen(build.ToString());
        headers.Remove(HeaderNames.ContentSecurityPolicy);
        if (response.HttpContext.Request.Path.StartsWithSegments("/embed")) headers.ContentSecurityPolicy = ContentPolicy.Framed;
        if (response.HttpContext.Request.Path == "/diagram") headers.ContentSecurityPolicy = ContentPolicy.Drawing;
        headers.Remove(HeaderNames.SetCookie);
        headers.Remove("X-Nextjs-Cache");
        return ValueTask.CompletedTask;
    }

    static ValueTask AskOptimiser(RequestTransformContext request)
    {
        var values = request.HttpContext.Request.RouteValues;
        request.Path = "/_next/image";
        request.Query.Collection.Clear();
        request.Query.Collection["url"] = $"/media/{values["id"]}";
        request.Query.Collection["w"] = (string)values["width"]!;
        request.Query.Collection["q"] = "75";
        return ValueTask.CompletedTask;
    }

    static void Replace(RequestTransformContext request, string name, string value)
    {
        request.ProxyRequest.Headers.Remove(name);
        request.ProxyRequest.Headers.TryAddWithoutValidation(name, value);
    }
}
