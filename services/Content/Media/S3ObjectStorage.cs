using System.Net;
using Amazon.S3;
using Amazon.S3.Model;

namespace Blog.Content.Media;

/// <summary>Objects in a bucket of any service that speaks Amazon S3's protocol.</summary>
public sealed class S3ObjectStorage(IAmazonS3 s3, string bucket) : IObjectStorage
{
    /// <inheritdoc/>
    public async Task PutAsync(Guid id, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancel)
    {
        using var content = new MemoryStream(bytes.ToArray(), writable: false);
        // Signed chunks of the SDK's own framing are not understood by every server.
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = id.ToString("D"), InputStream = content, ContentType = contentType, UseChunkEncoding = false }, cancel);
    }

    /// <inheritdoc/>
    public async Task<Stream?> OpenAsync(Guid id, long offset, long length, CancellationToken cancel)
    {
        try
        {
            var answer = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = id.ToString("D"), ByteRange = new ByteRange(offset, offset + length - 1) }, cancel);
            return answer.ResponseStream;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(Guid id, CancellationToken cancel) => s3.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = id.ToString("D") }, cancel);
}
