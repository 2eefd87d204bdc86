using Blog.Bff.Api;
using Blog.Bff.Cache;
using Blog.Bff.Limits;
using Blog.Bff.Live;
using Blog.Bff.Pages;
using Blog.Bff.Proxy;
using Blog.Bff.Security;
using Blog.Bff.Sessions;
using Blog.ServiceDefaults;
using Blog.ServiceDefaults.FeatureFlags;
using Microsoft.AspNetCore.HttpOverrides;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    // Whoever pastes a page into the search field is told so, rather than cut off. The site takes as much (web/site/package.json).
    kestrel.Limits.MaxRequestLineSize = 24 * 1024;
});
builder.AddServiceDefaults();
builder.AddFeatureFlags();
builder.AddSessions();
builder.AddJsonApi();
builder.AddBlogReverseProxy();
builder.Services.AddSingleton<SecurityHeaders>();
builder.Services.Configure<PageCacheOptions>(builder.Configuration.GetSection("Blog:Cache"));
builder.Services.AddSingleton<PageCache>();
builder.Services.AddSingleton<PageFetcher>();
builder.Services.AddSingleton<FormerSites>();
builder.Services.AddPageCacheServer();
builder.Services.AddSingleton<FollowEvictions>();
builder.Services.AddHostedService(services => services.GetRequiredService<FollowEvictions>());
builder.Services.AddSingleton<CacheEvents>();
builder.Services.AddHostedService(services => services.GetRequiredService<CacheEvents>());
builder.AddLive();
builder.Services.Configure<RateLimitOptions>(builder.Configuration.GetSection("Blog:RateLimits"));
builder.Services.AddSingleton<RateLimiter>();
// Only a proxy that is named may say on whose behalf it asks.
builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
{
    forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
    forwarded.KnownProxies.Clear();
    forwarded.KnownIPNetworks.Clear();
    foreach (var network in builder.Configuration.GetSection("Blog:TrustedProxies").Get<string[]>() ?? [])
        forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
});

var app = builder.Build();

// The order is the design. A known public page never gets here (PageCacheServer); what does is counted, then cached, then worked on.
if (builder.Configuration.GetSection("Blog:TrustedProxies").Exists()) app.UseForwardedHeaders();
app.UseSecurityHeaders();
app.UseExceptionHandler();
app.UseAuthentication();
app.UseRateLimits();
app.UseFormerSites();
app.UsePageCache();
app.UseExceptionHandler();
app.UseAntiForgeryHeader();
app.UseRouting();
app.UseAuthorization();
app.MapDefaultEndpoints();
app.MapSessions();
app.MapJsonApi();
app.MapBlogReverseProxy();

if (await app.WriteIfAskedAsync(args)) return;
await app.RunAsync();
