using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>
/// The five strategies of the standard pipeline, from the outermost to the innermost: rate limiter, total timeout, retry,
/// circuit breaker, attempt timeout. The defaults are those of the official package.
/// </summary>
public class HttpStandardResilienceOptions
{
    /// <summary>Bounds how many requests are under way: 1,000, and none waits.</summary>
    public HttpRateLimiterStrategyOptions RateLimiter { get; set; } = new();

    /// <summary>Bounds a request with all its attempts: 30 s.</summary>
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } = new() { Name = "Standard-TotalRequestTimeout" };

    /// <summary>Repeats what failed transiently: three times, after 2 s, 4 s, 8 s, with jitter, or after what Retry-After says.</summary>
    public HttpRetryStrategyOptions Retry { get; set; } = new();

    /// <summary>Stops calling for 5 s when a tenth of at least 100 requests within 30 s failed.</summary>
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new();

    /// <summary>Bounds one attempt: 10 s.</summary>
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } = new() { Timeout = TimeSpan.FromSeconds(10), Name = "Standard-AttemptTimeout" };
}

/// <summary>Bounds how many requests of one client are under way.</summary>
public class HttpRateLimiterStrategyOptions : ResilienceStrategyOptions
{
    /// <summary>Names the strategy.</summary>
    public HttpRateLimiterStrategyOptions() => Name = "Standard-RateLimiter";

    /// <summary>How many at a time, and how many more may wait.</summary>
    public ConcurrencyLimiterOptions DefaultRateLimiterOptions { get; set; } = new() { PermitLimit = 1000, QueueLimit = 0 };
}

/// <summary>Bounds the time of a request or of an attempt.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>When a circuit breaks, and for how long.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    /// <summary>Handles what is transient.</summary>
    public HttpCircuitBreakerStrategyOptions()
    {
        Name = "Standard-CircuitBreaker";
        ShouldHandle = arguments => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(arguments.Outcome, arguments.Context.CancellationToken));
    }
}

/// <summary>What is repeated, how often, and after how long.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    bool _shouldRetryAfterHeader;

    /// <summary>Handles what is transient, three times, with exponential back-off and jitter.</summary>
    public HttpRetryStrategyOptions()
    {
        Name = "Standard-Retry";
        MaxRetryAttempts = 3;
        BackoffType = DelayBackoffType.Exponential;
        Delay = TimeSpan.FromSeconds(2);
        UseJitter = true;
        ShouldHandle = arguments => ValueTask.FromResult(
            HttpClientResiliencePredicates.IsTransient(arguments.Outcome, arguments.Context.CancellationToken)
            && HttpClientResiliencePredicates.CanBeSentAgain(arguments.Context.GetRequestMessage(), arguments.Outcome.Exception));
        ShouldRetryAfterHeader = true;
    }

    /// <summary>Whether the server's Retry-After header (RFC 9110, section 10.2.3) decides the delay. On by default.</summary>
    public bool ShouldRetryAfterHeader
    {
        get => _shouldRetryAfterHeader;
        set
        {
            _shouldRetryAfterHeader = value;
            DelayGenerator = value ? static arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result)) : null;
        }
    }

    static TimeSpan? RetryAfter(HttpResponseMessage? response) => response?.Headers.RetryAfter switch
    {
        { Delta: { } delay } => delay,
        { Date: { } date } when date - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } delay => delay,
        { Date: not null } => TimeSpan.Zero,
        _ => null,
    };
}

/// <summary>Narrows which requests are repeated.</summary>
public static class HttpRetryStrategyOptionsExtensions
{
    /// <summary>Repeats only safe methods: not POST, PUT, PATCH, DELETE, CONNECT (RFC 9110, section 9.2.1).</summary>
    public static void DisableForUnsafeHttpMethods(this HttpRetryStrategyOptions options)
        => options.DisableFor(HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete, HttpMethod.Connect);

    /// <summary>Does not repeat requests with these methods.</summary>
    public static void DisableFor(this HttpRetryStrategyOptions options, params HttpMethod[] methods)
    {
        ArgumentNullException.ThrowIfNull(options);
        var shouldHandle = options.ShouldHandle;
        options.ShouldHandle = async arguments =>
            arguments.Context.GetRequestMessage() is not { } request || !methods.Contains(request.Method)
                ? await shouldHandle(arguments).ConfigureAwait(arguments.Context.ContinueOnCapturedContext)
                : false;
    }
}
