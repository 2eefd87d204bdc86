using System.Diagnostics;
using System.Diagnostics.Metrics;
using Blog.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Blog.Bff.Cache;

/// <summary>
/// Two places in the pipeline. <see cref="UsePageCacheHits"/> stands first: one look-up, and a known page is on its way before anything
/// else runs. <see cref="UsePageCache"/> stands behind the rate limits: it fetches, waits for a fetch, or serves what is stale.
/// </summary>
static class PageCacheMiddleware
{
    static readonly StringValues Hit = "blog; hit";
    static readonly StringValues Stale = "blog; hit; detail=stale";
    static readonly StringValues Miss = "blog; fwd=miss";

    static readonly Meter Meter = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly Counter<long> Served = Meter.CreateCounter<long>("blog.cache.served", "{response}", "Public answers by where they came from.");
    static readonly KeyValuePair<string, object?> HitTag = new("result", "hit");
    static readonly KeyValuePair<string, object?> StaleTag = new("result", "stale");
    static readonly KeyValuePair<string, object?> MissTag = new("result", "miss");

    public static void UsePageCacheHits(this WebApplication app)
    {
        var cache = app.Services.GetRequiredService<PageCache>();
        app.Use(next => context =>
        {
            var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
            if (!IsRead(request.Method) || !cache.TryGetFresh(request.RawTarget, out var answer)) return next(context);

            Served.Add(1, HitTag);
            LeaveUntraced(context);
            return answer.WriteAsync(context, Hit);
        });
    }

    public static void UsePageCache(this WebApplication app)
    {
        var cache = app.Services.GetRequiredService<PageCache>();
        var fetcher = app.Services.GetRequiredService<PageFetcher>();
        app.Use(next => context =>
        {
            if (!IsRead(context.Request.Method) || context.Items.ContainsKey(typeof(PageFetcher.ForTheCache))) return next(context);
            if (CacheRule.For(context.Request.Path.Value!) is not { } rule || rule.Key(context.Request) is not { } key) return next(context);
            return ServeAsync(context, cache, fetcher, rule, key, next);
        });
    }

    static async Task ServeAsync(HttpContext context, PageCache cache, PageFetcher fetcher, CacheRule rule, string key, RequestDelegate next)
    {
        if (cache.TryGetFresh(key, out var fresh))
        {
            Served.Add(1, HitTag);
            await fresh.WriteAsync(context, Hit);
            return;
        }

        var slot = cache.GetSlot(key);
        if (slot.Answer is { } known && (cache.IsServable(slot) || (cache.FailedJustNow(slot) && cache.IsServableOnError(slot))))
        {
            if (!cache.FailedJustNow(slot)) _ = RefreshAsync();
            await ServeStale(known);
            return;
        }

        CachedAnswer answer;
        try
        {
            answer = await FetchAsync().WaitAsync(context.RequestAborted);
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested && slot.Answer is not null && cache.IsServableOnError(slot))
        {
            await ServeStale(slot.Answer!);
            return;
        }

        if (answer.Status >= StatusCodes.Status500InternalServerError && slot.Answer is { } last && cache.IsServableOnError(slot))
        {
            await ServeStale(last);
            return;
        }

        Served.Add(1, MissTag);
        await answer.WriteAsync(context, Miss);
        cache.Recount(slot);

        async Task ServeStale(CachedAnswer stale)
        {
            Served.Add(1, StaleTag);
            await stale.WriteAsync(context, Stale);
        }

        async Task RefreshAsync()
        {
            try
            {
                await FetchAsync();
            }
            catch (Exception)
            {
                // Logged where it happened; the next reader tries again.
            }
        }

        async Task<CachedAnswer> FetchAsync()
        {
            try
            {
                var fetched = await cache.FetchOnce(slot, began => fetcher.FetchAsync(slot, rule, next, began));
                if (fetched.Status >= StatusCodes.Status500InternalServerError) cache.Failed(slot);
                return fetched;
            }
            catch
            {
                cache.Failed(slot);
                throw;
            }
            finally
            {
                cache.ForgetEmpty(slot);
            }
        }
    }

    static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>A hit is counted, and that is all: a span and a histogram entry would cost more than the answer.</summary>
    static void LeaveUntraced(HttpContext context)
    {
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics) metrics.MetricsDisabled = true;
        if (Activity.Current is { } activity)
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
