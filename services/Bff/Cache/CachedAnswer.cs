using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Blog.Bff.Cache;

/// <summary>
/// A response as it is kept: the body in up to three encodings, each compressed once when first asked for, and its headers
/// made ready, so that a hit is a few assignments and one write.
/// </summary>
sealed class CachedAnswer
{
    const int WorthCompressing = 512;
    const int BrotliQuality = 5;
    const string Revalidate = "public, max-age=0, must-revalidate";

    static readonly StringValues VaryByEncoding = HeaderNames.AcceptEncoding;

    readonly KeyValuePair<string, StringValues>[] headers;
    readonly StringValues contentType;
    readonly StringValues cacheControl;
    readonly bool compressible;
    readonly string tag;
    readonly Body identity;
    DateTimeOffset? changedAt;
    StringValues lastModified;
    Body? brotli;
    Body? gzip;

    public CachedAnswer(int status, ReadOnlyMemory<byte> body, string? contentType, string? cacheControl, IEnumerable<KeyValuePair<string, StringValues>> headers)
    {
        Status = status;
        this.contentType = contentType ?? StringValues.Empty;
        this.cacheControl = cacheControl ?? Revalidate;
        this.headers = [.. headers];
        tag = Convert.ToHexStringLower(SHA256.HashData(body.Span).AsSpan(0, 12));
        compressible = body.Length >= WorthCompressing && IsText(contentType);
        identity = new(Pin(body.Span), StringValues.Empty, $"\"{tag}\"");
    }

    public int Status { get; }

    /// <summary>The same words: whoever has the one needs not fetch the other.</summary>
    public bool Says(CachedAnswer other) => Status == other.Status && tag == other.tag;

    /// <summary>Since when it says what it says, to the second; null: it is not asked for by date.</summary>
    public DateTimeOffset? ChangedAt
    {
        get => changedAt;
        set
        {
            changedAt = value;
            lastModified = value is { } at ? HeaderUtilities.FormatDate(at) : StringValues.Empty;
        }
    }

    /// <summary>Bytes of memory it takes, with an allowance for the encodings that are made when first asked for.</summary>
    public long Size => 1024 + identity.Bytes.Length + (compressible ? identity.Bytes.Length * 2L / 3 : 0);

    public ReadOnlyMemory<byte> Bytes => identity.Bytes;

    /// <param name="features">The exchange it answers; GET or HEAD.</param>
    /// <param name="cacheStatus">RFC 9211: whether it came from the cache.</param>
    public Task WriteAsync(IFeatureCollection features, in StringValues cacheStatus)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        var body = Choose(request.Headers.AcceptEncoding);
        var to = response.Headers;
        foreach (var (name, value) in headers) to[name] = value;
        to.CacheControl = cacheControl;
        to["Cache-Status"] = cacheStatus;
        if (compressible) to.Vary = VaryByEncoding;
        if (Status == StatusCodes.Status200OK) to.ETag = body.Tag;
        if (lastModified.Count > 0) to.LastModified = lastModified;

        if (Status == StatusCodes.Status200OK && IsKnown(request.Headers))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.StatusCode = Status;
        to.ContentType = contentType;
        if (body.Encoding.Count > 0) to.ContentEncoding = body.Encoding;
        to.ContentLength = body.Bytes.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : WriteBodyAsync(features, body.Bytes);
    }

    static Task WriteBodyAsync(IFeatureCollection features, byte[] bytes)
    {
        var written = features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.WriteAsync(bytes);
        return written.IsCompletedSuccessfully ? Task.CompletedTask : written.AsTask();
    }

    /// <summary>RFC 9110 §13.2.2: a tag decides, and a date only where there is no tag.</summary>
    bool IsKnown(IHeaderDictionary request) => request.IfNoneMatch is { Count: > 0 } seen
        ? Matches(seen)
        : changedAt is { } at && request.IfModifiedSince is [{ } since] && HeaderUtilities.TryParseDate(since, out var had) && had >= at;

    /// <summary>RFC 9110 §13.1.2, weak comparison. Any encoding of the same body counts: the person has these words already.</summary>
    bool Matches(StringValues seen)
    {
        foreach (var line in seen)
            foreach (var range in line.AsSpan().Split(','))
            {
                var candidate = line.AsSpan(range).Trim();
                if (candidate is "*") return true;
                if (candidate.StartsWith("W/")) candidate = candidate[2..];
                if (candidate.Length > tag.Length && candidate[0] == '"' && candidate[1..].StartsWith(tag)) return true;
            }

        return false;
    }

    Body Choose(StringValues accepted)
    {
        if (!compressible || accepted.Count == 0) return identity;
        return AcceptedEncoding.Best(accepted) switch
        {
            "br" => brotli ??= Compress("br", stream => new BrotliStream(stream, new BrotliCompressionOptions { Quality = BrotliQuality }, leaveOpen: true)),
            "gzip" => gzip ??= Compress("gzip", stream => new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)),
            _ => identity,
        };
    }

    Body Compress(string encoding, Func<Stream, Stream> compressor)
    {
        using var target = new MemoryStream(identity.Bytes.Length / 3);
        using (var stream = compressor(target)) stream.Write(identity.Bytes);
        return new(Pin(target.GetBuffer().AsSpan(0, (int)target.Length)), encoding, $"\"{tag}-{encoding}\"");
    }

    /// <summary>Outside the compacting heaps: the socket sends straight from it.</summary>
    static byte[] Pin(ReadOnlySpan<byte> bytes)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(pinned);
        return pinned;
    }

    static bool IsText(string? contentType) => contentType is not null
        && (contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("json", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("xml", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("javascript", StringComparison.OrdinalIgnoreCase)
            || contentType.Contains("manifest", StringComparison.OrdinalIgnoreCase));

    sealed record Body(byte[] Bytes, StringValues Encoding, StringValues Tag);
}
