using System.Threading.RateLimiting;
using Microsoft.Extensions.Http.Resilience;
using Polly.RateLimiting;

namespace Polly.RateLimiting
{
    /// <summary>The limit of requests under way was reached; this one was not sent.</summary>
    public sealed class RateLimiterRejectedException(string message, TimeSpan? retryAfter = null) : ExecutionRejectedException(message)
    {
        /// <summary>When a place may be free, if the limiter knows.</summary>
        public TimeSpan? RetryAfter { get; } = retryAfter;
    }
}

namespace Polly
{
    /// <summary>Adds a limiter to a pipeline.</summary>
    public static class RateLimiterResiliencePipelineBuilderExtensions
    {
        /// <summary>Adds a limit of requests under way.</summary>
        public static ResiliencePipelineBuilder<HttpResponseMessage> AddRateLimiter(
            this ResiliencePipelineBuilder<HttpResponseMessage> builder, HttpRateLimiterStrategyOptions options)
        {
            ArgumentNullException.ThrowIfNull(builder);
            return builder.AddStrategy(_ => new RateLimiterStrategy(new ConcurrencyLimiter(options.DefaultRateLimiterOptions)), options);
        }
    }

    /// <summary>Lets through as many executions at a time as the limiter has permits.</summary>
    sealed class RateLimiterStrategy(RateLimiter limiter) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            using var lease = await limiter.AcquireAsync(1, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
            if (lease.IsAcquired) return await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            TimeSpan? retryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var delay) ? delay : null;
            return Outcome.FromException<HttpResponseMessage>(
                new RateLimiterRejectedException("The operation could not be executed because it was rejected by the rate limiter.", retryAfter));
        }
    }
}
