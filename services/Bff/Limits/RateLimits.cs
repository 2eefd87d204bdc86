using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Blog.Bff.Api;
using Blog.Bff.Pages;
using Blog.Bff.Sessions;
using Blog.ServiceDefaults.Authentication;
using Microsoft.Extensions.Options;

namespace Blog.Bff.Limits;

/// <param name="Burst">How many at once.</param>
/// <param name="PerSecond">How fast they come back.</param>
sealed record Allowance(double Burst, double PerSecond);

/// <summary>Configuration <c>Blog:RateLimits</c>. What the page cache answers is not counted.</summary>
sealed class RateLimitOptions
{
    /// <summary>Pages and public JSON, per address.</summary>
    public Allowance Reads { get; set; } = new(600, 100);

    /// <summary>Searches and suggestions while typing, per address: each may be work for the engine.</summary>
    public Allowance Search { get; set; } = new(200, 20);

    /// <summary>Scripts, styles, pictures, per address.</summary>
    public Allowance Assets { get; set; } = new(2000, 400);

    /// <summary>What a guesser of passwords or a maker of accounts needs, per address.</summary>
    public Allowance SignIn { get; set; } = new(100, 2);

    /// <summary>Subscriptions by e-mail, per address: each sends a mail to somebody.</summary>
    public Allowance Newsletter { get; set; } = new(10, 1.0 / 30);

    /// <summary>Requests to the WebSub hub, per address: each asks a server that somebody named.</summary>
    public Allowance WebSub { get; set; } = new(60, 1);

    /// <summary>Comments on drafts by those who are not signed in, per address.</summary>
    public Allowance DraftComments { get; set; } = new(20, 1 / 15.0);

    /// <summary>Calls of a signed-in person.</summary>
    public Allowance Person { get; set; } = new(300, 30);

    /// <summary>Calls of a signed-in person that change something; autosave is one every two seconds.</summary>
    public Allowance PersonWrites { get; set; } = new(120, 5);

    /// <summary>Responses a person writes or edits: ten at once, then one in six seconds.</summary>
    public Allowance Responses { get; set; } = new(10, 1 / 6.0);

    /// <summary>Networks of our own servers (CIDR): the site reads public JSON for all of its readers together. Default: this machine.</summary>
    public string[]? OwnNetworks { get; set; }
}

/// <summary>
/// Generic cell rate algorithm (ITU-T I.371 annex A): of each bucket only the theoretical arrival time is kept. Redis decides for all
/// instances; while it is away each instance decides for itself.
/// </summary>
sealed class RateLimiter(RedisLink redis, TimeProvider time)
{
    const int MaxLocal = 100_000;

    const string Script =
        """
        local t = redis.call('TIME')
        local now = t[1] * 1000000 + t[2]
        local interval = tonumber(ARGV[1])
        local tat = tonumber(redis.call('GET', KEYS[1]) or now)
        if tat < now then tat = now end
        local wait = tat + interval - interval * tonumber(ARGV[2]) - now
        if wait > 0 then return wait end
        redis.call('SET', KEYS[1], string.format('%.0f', tat + interval), 'PX', math.ceil((tat + interval - now) / 1000) + 1)
        return 0
        """;

    readonly ConcurrentDictionary<string, long> local = new(StringComparer.Ordinal);

    /// <summary>Zero: go on. Otherwise how long to wait.</summary>
    public async ValueTask<TimeSpan> TakeAsync(string bucket, Allowance allowance)
    {
        var interval = (long)(1_000_000 / allowance.PerSecond);
        var (answered, wait) = await redis.TryAsync(async db => (long)await db.ScriptEvaluateAsync(Script, ["blog:limit:" + bucket], [interval, allowance.Burst]));
        return TimeSpan.FromMicroseconds(answered ? wait : TakeHere(bucket, interval, allowance.Burst));
    }

    long TakeHere(string bucket, long interval, double burst)
    {
        var now = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
        if (local.Count > MaxLocal)
            foreach (var (name, at) in local)
                if (at < now) local.TryRemove(name, out _);

        long wait = 0;
        local.AddOrUpdate(bucket, _ => now + interval, (_, known) =>
        {
            var arrival = Math.Max(known, now);
            wait = Math.Max(0, arrival + interval - (long)(interval * burst) - now);
            return wait > 0 ? known : arrival + interval;
        });
        return wait;
    }
}

static class RateLimits
{
    public static void UseRateLimits(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        var own = (options.OwnNetworks ?? ["127.0.0.0/8", "::1/128"]).Select(IPNetwork.Parse).ToArray();
        var limiter = app.Services.GetRequiredService<RateLimiter>();
        app.Use(async (context, next) =>
        {
            if (BucketOf(context, options, own) is var (bucket, allowance) && await limiter.TakeAsync(bucket, allowance) is var wait && wait > TimeSpan.Zero)
            {
                if (WantsPage(context.Request)) await ErrorPages.TooManyRequests(wait).ExecuteAsync(context);
                else throw new ProblemException(StatusCodes.Status429TooManyRequests, "TOO_MANY_REQUESTS", "Many requests came in a short time. Please wait a moment.") { RetryAfter = wait };
                return;
            }

            await next(context);
        });
    }

    static (string Bucket, Allowance Allowance)? BucketOf(HttpContext http, RateLimitOptions options, IPNetwork[] own)
    {
        var request = http.Request;
        var path = request.Path;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (path == "/health" || path == "/alive" || path == "/bff/backchannel") return null;
        if (!isRead && path == "/newsletter/subscribe") return ($"newsletter:{Group(Address(http))}", options.Newsletter);
        if (!isRead && path == "/websub") return ($"websub:{Group(Address(http))}", options.WebSub);
        if (http.User.PersonId() is { } person)
            return isRead ? ($"person:{person}", options.Person) : ($"person-writes:{person}", options.PersonWrites);

        var address = Address(http);
        if (!isRead && path.StartsWithSegments("/api/v1/drafts")) return ($"draft-comments:{Group(address)}", options.DraftComments);
        if (isRead && path.StartsWithSegments("/api/v1") && own.Any(network => network.Contains(address))) return null;
        if (path == "/bff/login" || (!isRead && (path.StartsWithSegments("/account") || path.StartsWithSegments("/connect"))))
            return ($"sign-in:{Group(address)}", options.SignIn);
        if (path.StartsWithSegments("/search") || path.StartsWithSegments("/api/v1/search")) return ($"search:{Group(address)}", options.Search);
        return path.StartsWithSegments("/_next") || path.StartsWithSegments("/assets") || path.StartsWithSegments("/images") || path.StartsWithSegments("/media")
            ? ($"assets:{Group(address)}", options.Assets)
            : ($"reads:{Group(address)}", options.Reads);
    }

    static IPAddress Address(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    /// <summary>One household has one IPv4 address, or 2^64 IPv6 addresses.</summary>
    static string Group(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes(), 0, 8) : address.ToString();

    static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
