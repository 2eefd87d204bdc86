using System.Diagnostics;
using System.Text;
using Blog.Bff.Security;
using Blog.ServiceDefaults;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Blog.Bff.Cache;

/// <summary>
/// Makes an answer for the cache by running the rest of the pipeline on a request of its own: nothing of the reader who happened to
/// ask first (cookies, headers, address, patience) can get into what everyone else will see.
/// </summary>
sealed class PageFetcher(
    IHttpContextFactory contexts, SecurityHeaders security, PageCache cache, IOptions<PageCacheOptions> options, IConfiguration configuration,
    ILogger<PageFetcher> logger)
{
    /// <summary>Says to the rest of the pipeline that it works for the cache.</summary>
    public sealed class ForTheCache
    {
        public static readonly ForTheCache Mark = new();
    }

    static readonly ActivitySource Source = new(ServiceDefaultsExtensions.TelemetryName);
    static readonly string[] Kept = ["Location", "Content-Language", "Link", "Last-Modified", "Retry-After", "X-Robots-Tag", "Access-Control-Allow-Origin"];

    readonly Uri origin = new(configuration.PublicOrigin());
    readonly PageCacheOptions options = options.Value;

    /// <summary>Fetches, and stores what may be stored. The answer may be a failure; it throws only when the pipeline itself does.</summary>
    public Task<CachedAnswer> FetchAsync(PageCache.Slot slot, CacheRule rule, RequestDelegate pipeline, long began)
    {
        var parent = Activity.Current?.Context ?? default;
        // The fetch outlives the request that began it, and has a context (and accessor) of its own.
        using (ExecutionContext.SuppressFlow())
            return Task.Run(() => RunAsync(slot, rule, pipeline, began, parent));
    }

    async Task<CachedAnswer> RunAsync(PageCache.Slot slot, CacheRule rule, RequestDelegate pipeline, long began, ActivityContext parent)
    {
        using var activity = Source.StartActivity("fill page cache", ActivityKind.Internal, parent);
        activity?.SetTag("url.path", slot.Key);
        using var timeout = new CancellationTokenSource(options.FetchTimeout);
        var body = new MemoryStream();
        var http = contexts.Create(Request(slot.Key, body, timeout.Token));
        try
        {
            http.Items[typeof(ForTheCache)] = ForTheCache.Mark;
            var nonce = rule.IsPage && !rule.IsAsset ? SecurityHeaders.NonceOf(http) : null;
            await pipeline(http);
            await http.Response.CompleteAsync();
            if (http.GetForwarderErrorFeature() is { } cut && body.Length > 0 && http.Response.StatusCode < StatusCodes.Status500InternalServerError)
                throw new IOException($"The page broke off: {cut.Error}.", cut.Exception);
            return Keep(slot, rule, http.Response, body, nonce, began);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "{Path} could not be fetched", slot.Key);
            throw;
        }
        finally
        {
            contexts.Dispose(http);
        }
    }

    FeatureCollection Request(string key, MemoryStream body, CancellationToken aborted)
    {
        var at = key.IndexOf('?', StringComparison.Ordinal);
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = HttpMethods.Get,
            Protocol = HttpProtocol.Http11,
            Scheme = origin.Scheme,
            Path = PathString.FromUriComponent(at < 0 ? key : key[..at]).Value!,
            QueryString = at < 0 ? "" : key[at..],
            RawTarget = key,
            Headers = { Host = origin.Authority, Accept = "*/*" },
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = aborted });
        return features;
    }

    CachedAnswer Keep(PageCache.Slot slot, CacheRule rule, HttpResponse response, MemoryStream body, string? nonce, long began)
    {
        ReadOnlyMemory<byte> bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        var headers = new List<KeyValuePair<string, StringValues>>(security.Fixed);
        foreach (var name in Kept)
            if (response.Headers.TryGetValue(name, out var value)) headers.Add(new(name, value));

        var policy = security.Policy();
        if (nonce is not null && response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true)
        {
            var (html, hashes) = ContentPolicy.ReplaceNonce(Encoding.UTF8.GetString(bytes.Span), nonce);
            bytes = Encoding.UTF8.GetBytes(html);
            policy = security.Policy(hashes);
        }

        // A page of our own (the site is away) brings the policy that fits it.
        headers.Add(new("Content-Security-Policy", response.Headers.ContentSecurityPolicy is { Count: > 0 } own ? own : policy));
        var status = response.StatusCode;
        var (fresh, cacheControl) = Lifetime(rule, response);
        var answer = new CachedAnswer(status, bytes, response.ContentType, cacheControl, headers);
        if (rule.IsDated && status == StatusCodes.Status200OK) answer.ChangedAt = cache.ChangedAt(slot, answer);
        if (fresh > TimeSpan.Zero && bytes.Length <= options.MaxAnswerBytes)
            cache.Store(slot, answer, Tags(rule, response), fresh, began, rule.Good is null ? null : TimeSpan.Zero);
        return answer;
    }

    (TimeSpan Fresh, string? CacheControl) Lifetime(CacheRule rule, HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status200OK when rule.IsAsset => response.GetTypedHeaders().CacheControl is { NoStore: false, MaxAge: { } age }
            ? (age > options.Fresh ? age : options.Fresh, response.Headers.CacheControl.ToString())
            : (options.Fresh, null),
        StatusCodes.Status200OK => (rule.Good ?? options.Fresh, null),
        StatusCodes.Status301MovedPermanently or StatusCodes.Status308PermanentRedirect or StatusCodes.Status404NotFound or StatusCodes.Status410Gone
            => (options.FreshMissing, null),
        _ => (TimeSpan.Zero, "no-store"),
    };

    static HashSet<string> Tags(CacheRule rule, HttpResponse response)
    {
        var tags = new HashSet<string>(response.HttpContext.GetCacheTags(), StringComparer.Ordinal);
        // A header carries ASCII only; topics and handles in other scripts come percent-encoded.
        foreach (var line in response.Headers["Cache-Tags"])
            tags.UnionWith(line!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString));
        // Any change may make what was missing appear; and what does not say on what it depends may depend on it.
        if (!rule.IsAsset && (tags.Count == 0 || response.StatusCode != StatusCodes.Status200OK)) tags.Add(ChangeTags.Any);
        return tags;
    }
}
