namespace Blog.Bff.Cache;

/// <summary>
/// Behind the rate limits: fetches a public page, waits for a fetch that is under way, or serves what is stale. (What is fresh was served by
/// <see cref="PageCacheServer"/>, unless its address was written in an unusual way.)
/// </summary>
static class PageCacheMiddleware
{
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
            CacheServed.Hit();
            await fresh.WriteAsync(context.Features, CacheServed.HitStatus);
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

        CacheServed.Miss();
        await answer.WriteAsync(context.Features, CacheServed.MissStatus);

        async Task ServeStale(CachedAnswer stale)
        {
            CacheServed.Stale();
            await stale.WriteAsync(context.Features, CacheServed.StaleStatus);
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
}
