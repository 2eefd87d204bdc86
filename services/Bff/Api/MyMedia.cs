using System.Buffers;
using System.Globalization;
using Blog.Content.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Blog.Bff.Api;

public sealed record UploadedMedia(string Id, string Url, string ContentType, int Width, int Height, long Size);

/// <summary>Pictures go up as the raw body of one request and are handed on chunk by chunk: nothing is kept here.</summary>
static class MyMediaEndpoints
{
    public const long MaxBytes = 20 * 1024 * 1024;

    /// <summary>
    /// A larger body is read to its end up to here and thrown away, so that the browser gets to see the answer;
    /// beyond it the connection is closed.
    /// </summary>
    const long MaxDrainedBytes = 64 * 1024 * 1024;

    /// <summary>20 MB over 0.3 Mbit/s.</summary>
    static readonly TimeSpan SlowestUpload = TimeSpan.FromMinutes(10);

    const int ChunkBytes = 64 * 1024;

    public static void MapMyMedia(this IEndpointRouteBuilder me) =>
        me.MapPost("/media", Upload).WithTags("My media").WithMetadata(new BodyLimit(MaxDrainedBytes)).WithName("uploadMedia")
            .WithSummary("Stores one picture: PNG, JPEG, GIF, WebP or AVIF, recognised by its content.")
            .Accepts<IFormFile>("application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    static async Task<Created<UploadedMedia>> Upload(
        HttpRequest request, Media.MediaClient media, TimeProvider time, CancellationToken ct, [FromHeader(Name = "X-File-Name")] string? fileName = null)
    {
        if (request.ContentLength > MaxBytes)
        {
            await DrainAsync(request, ct);
            throw TooLarge();
        }

        using var call = media.UploadMedia(deadline: time.GetUtcNow().UtcDateTime + SlowestUpload, cancellationToken: ct);
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            await call.RequestStream.WriteAsync(new() { Info = new() { FileName = Decode(fileName) } }, ct);
            long total = 0;
            while (await request.Body.ReadAtLeastAsync(buffer.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, ct) is > 0 and var read)
            {
                total += read;
                if (total > MaxBytes)
                {
                    await DrainAsync(request, ct);
                    throw TooLarge();
                }

                await call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(buffer, 0, read) }, ct);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException refused) when (refused.StatusCode is StatusCode.OK or StatusCode.Cancelled)
        {
            // Content ended the call before the last chunk; its answer below says why.
        }
        catch (InvalidOperationException)
        {
            // The same, seen by the writing side.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        try
        {
            var item = (await call.ResponseAsync).Media;
            return TypedResults.Created($"/media/{item.Id}", new UploadedMedia(item.Id, $"/media/{item.Id}", item.ContentType, item.Width, item.Height, item.SizeBytes));
        }
        catch (RpcException)
        {
            await DrainAsync(request, ct);
            throw;
        }
    }

    static string Decode(string? percentEncoded)
    {
        var name = Path.GetFileName(Uri.UnescapeDataString(percentEncoded ?? ""));
        return name.Length <= 255 ? name : name[..255];
    }

    static async Task DrainAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxDrainedBytes)
        {
            request.HttpContext.Response.Headers.Connection = "close";
            return;
        }

        try
        {
            await request.Body.CopyToAsync(Stream.Null, ct);
        }
        catch (BadHttpRequestException)
        {
            request.HttpContext.Response.Headers.Connection = "close";
        }
    }

    static ProblemException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge, "MEDIA_TOO_LARGE",
        string.Create(CultureInfo.InvariantCulture, $"A picture may have up to {MaxBytes / (1024 * 1024)} MB."));
}
