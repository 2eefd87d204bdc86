using System.Globalization;
using Blog.Content.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;

namespace Blog.Content.Media;

/// <summary>GET /media/{id}: the stored bytes, which never change, sent so that a browser can only ever show them as a picture.</summary>
static class ServeMedia
{
    public static void MapMedia(this WebApplication app) => app.MapMethods("/media/{id}", ["GET", "HEAD"], ServeAsync).AllowAnonymous();

    static async Task ServeAsync(string id, HttpContext http, ContentDbContext db, IObjectStorage storage)
    {
        var cancel = http.RequestAborted;
        var response = http.Response;
        // Only an id names media: "..", encoded slashes and the like are simply not there.
        if (!Guid.TryParseExact(id, "D", out var mediaId) || await db.Media.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mediaId, cancel) is not { } picture)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var tag = new EntityTagHeaderValue($"\"{mediaId:N}\"");
        var headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365), Extensions = { new NameValueHeaderValue("immutable") } };
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.AcceptRanges = "bytes";
        response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (http.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(other => other.Compare(tag, useStrongComparison: false) || other.Equals(EntityTagHeaderValue.Any)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (offset, length, isPart) = Range(http.Request, tag, picture.SizeBytes);
        if (length == 0)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            headers.ContentRange = new ContentRangeHeaderValue(picture.SizeBytes);
            return;
        }
        await using var bytes = await storage.OpenAsync(mediaId, offset, length, cancel);
        if (bytes is null)
        {
            // Never to be remembered: the storage may be away.
            response.Headers.Remove(HeaderNames.CacheControl);
            response.Headers.Remove(HeaderNames.ETag);
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        response.ContentType = picture.ContentType;
        response.ContentLength = length;
        if (isPart)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{picture.SizeBytes}");
        }
        if (HttpMethods.IsGet(http.Request.Method))
            await bytes.CopyToAsync(response.Body, cancel);
    }

    /// <summary>One byte range (RFC 9110 §14.2); several, or one that cannot be read, mean the whole. Length 0: it lies outside.</summary>
    static (long Offset, long Length, bool IsPart) Range(HttpRequest request, EntityTagHeaderValue tag, long size)
    {
        var asked = request.GetTypedHeaders();
        if (asked.Range is not { Ranges.Count: 1 } range || range.Unit != "bytes" || asked.IfRange is { } condition && !(condition.EntityTag?.Compare(tag, useStrongComparison: true) ?? false))
            return (0, size, false);
        var only = range.Ranges.First();
        var from = only.From ?? Math.Max(0, size - only.To!.Value);
        var to = only.From is null ? size - 1 : Math.Min(only.To ?? size - 1, size - 1);
        return from > to ? (0, 0, true) : (from, to - from + 1, true);
    }
}
