using System.Net;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Which outcomes are worth another attempt.</summary>
public static class HttpClientResiliencePredicates
{
    /// <summary>Whether the request failed on the way, timed out, or was answered with 5xx, 408 or 429.</summary>
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Result: { } response } => IsTransient(response.StatusCode),
        { Exception: HttpRequestException or TimeoutRejectedException } => true,
        _ => false,
    };

    /// <summary>As <see cref="IsTransient(Outcome{HttpResponseMessage})"/>, and a connection that was not made in time, unless the caller gave up.</summary>
    public static bool IsTransient(Outcome<HttpResponseMessage> outcome, CancellationToken cancellationToken)
        => IsTransient(outcome)
            || !cancellationToken.IsCancellationRequested && outcome.Exception is OperationCanceledException { InnerException: TimeoutException };

    static bool IsTransient(HttpStatusCode status)
        => status is >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    /// <summary>
    /// A gRPC message is written to the connection by the call itself and cannot be written twice, so a gRPC request is repeated only
    /// if it never left. (gRPC has its own retry policy for the rest.)
    /// </summary>
    internal static bool CanBeSentAgain(HttpRequestMessage? request, Exception? exception)
        => request?.Content?.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true
            || exception is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
            };
}
