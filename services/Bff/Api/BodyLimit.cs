using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Bff.Api;

/// <summary>The largest request body an endpoint reads, in bytes; enforced by the server while reading.</summary>
sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
