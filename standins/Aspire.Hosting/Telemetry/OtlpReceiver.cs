using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Telemetry;

/// <summary>
/// Receives telemetry by the OpenTelemetry protocol: HTTP with protobuf bodies (OTLP specification, section "OTLP/HTTP") and gRPC
/// (section "OTLP/gRPC"; gRPC over HTTP/2 with its five-byte message prefix, written here as it is one unary call without metadata).
/// </summary>
static class OtlpReceiver
{
    const int MaxMessage = 16 * 1024 * 1024;

    /// <summary>Secret that a sender must show in the header <c>x-otlp-api-key</c>, so that a page in a browser cannot send.</summary>
    public sealed record ApiKey(string Value);

    delegate void Receive(TelemetryStore store, ReadOnlySpan<byte> message);

    static readonly (string Http, string Grpc, Receive Receive)[] Signals =
    [
        ("/v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export", (store, message) => store.Add(OtlpMessages.Spans(message))),
        ("/v1/logs", "/opentelemetry.proto.collector.logs.v1.LogsService/Export", (store, message) => store.Add(OtlpMessages.Logs(message))),
        ("/v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", (store, message) => store.Add(OtlpMessages.Measurements(message))),
    ];

    public static void Map(WebApplication web)
    {
        var store = web.Services.GetRequiredService<TelemetryStore>();
        var key = Encoding.UTF8.GetBytes(web.Services.GetRequiredService<ApiKey>().Value);

        bool IsAllowed(HttpContext context) =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Headers["x-otlp-api-key"].ToString()), key);

        foreach (var (http, grpc, receive) in Signals)
        {
            web.MapPost(http, async context =>
            {
                if (!IsAllowed(context))
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                else if (context.Request.ContentType?.StartsWith("application/x-protobuf", StringComparison.OrdinalIgnoreCase) != true)
                    context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                else
                    await ReceiveHttpAsync(context, message => receive(store, message)).ConfigureAwait(false);
            });
            web.MapPost(grpc, async context =>
            {
                context.Response.ContentType = "application/grpc";
                var (status, text) = IsAllowed(context)
                    ? await ReceiveGrpcAsync(context, message => receive(store, message)).ConfigureAwait(false)
                    : (16, "the header x-otlp-api-key is missing or wrong");
                if (status == 0)
                    await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted).ConfigureAwait(false);
                context.Response.AppendTrailer("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
                context.Response.AppendTrailer("grpc-message", text);
            });
        }
    }

    static async Task ReceiveHttpAsync(HttpContext context, Action<byte[]> receive)
    {
        try
        {
            receive(await ReadAsync(context, context.Request.Headers.ContentEncoding == "gzip").ConfigureAwait(false));
            context.Response.ContentType = "application/x-protobuf";
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(exception.Message, context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <summary>gRPC status: 0 OK, 3 INVALID_ARGUMENT.</summary>
    static async Task<(int Status, string Message)> ReceiveGrpcAsync(HttpContext context, Action<byte[]> receive)
    {
        try
        {
            var frame = await ReadAsync(context, isCompressed: false).ConfigureAwait(false);
            if (frame.Length < 5 || BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1)) != frame.Length - 5)
                return (3, "the message is not as long as it says");
            var message = frame[5..];
            if (frame[0] == 1)
            {
                using var body = new MemoryStream(message);
                message = await InflateAsync(body, context.RequestAborted).ConfigureAwait(false);
            }

            receive(message);
            return (0, "");
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            return (3, exception.Message);
        }
    }

    static async Task<byte[]> ReadAsync(HttpContext context, bool isCompressed)
    {
        if (isCompressed)
            return await InflateAsync(context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        using var memory = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, MaxMessage));
        await context.Request.Body.CopyToAsync(memory, context.RequestAborted).ConfigureAwait(false);
        return memory.ToArray();
    }

    static async Task<byte[]> InflateAsync(Stream compressed, CancellationToken cancellationToken)
    {
        var gzip = new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        await using var ending = gzip.ConfigureAwait(false);
        using var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await gzip.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (memory.Length + count > MaxMessage)
                throw new InvalidDataException("The message is too large once it is unpacked.");
            memory.Write(buffer, 0, count);
        }

        return memory.ToArray();
    }
}
