using System.Globalization;
using Blog.Bff.Api;
using Blog.Bff.Sessions;
using Microsoft.AspNetCore.Http.Features;

namespace Blog.Bff.Live;

/// <summary>GET /api/v1/me/events: server-sent events (HTML Standard §9.2) of the signed-in person.</summary>
static class LiveEndpoint
{
    /// <summary>How soon a browser comes back, in milliseconds.</summary>
    static readonly ReadOnlyMemory<byte> Retry = "retry: 2000\n\n"u8.ToArray();

    public static async Task FollowAsync(HttpContext http, LiveBells bells)
    {
        var session = http.Features.GetRequiredFeature<LiveSession>();
        var connection = bells.Connect(session, LastEventId(http.Request))
            ?? throw new ProblemException(StatusCodes.Status429TooManyRequests, "TOO_MANY_STREAMS", "This account is open in many windows; another one listens.") { RetryAfter = TimeSpan.FromMinutes(1) };
        try
        {
            var response = http.Response;
            response.ContentType = "text/event-stream";
            // nginx and its like would otherwise collect what should be seen at once.
            response.Headers["X-Accel-Buffering"] = "no";
            http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
            await response.Body.WriteAsync(Retry, http.RequestAborted);
            await response.Body.FlushAsync(http.RequestAborted);
            await foreach (var message in connection.Messages.ReadAllAsync(http.RequestAborted))
            {
                await response.Body.WriteAsync(message, http.RequestAborted);
                await response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader left.
        }
        finally
        {
            bells.Disconnect(connection);
        }
    }

    /// <summary>Null: from now on. What is not one of our ids is a client that has nothing to resume.</summary>
    static long? LastEventId(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
