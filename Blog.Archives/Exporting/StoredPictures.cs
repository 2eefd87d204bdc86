namespace Blog.Archives.Exporting;

/// <summary>The pictures of the site, as Content serves them.</summary>
public sealed class StoredPictures
{
    /// <summary>Bytes; the largest picture that can be stored.</summary>
    const int Largest = 21 * 1024 * 1024;

    readonly HttpClient content;

    /// <param name="content">Its base address is Content's.</param>
    public StoredPictures(HttpClient content)
    {
        content.MaxResponseContentBufferSize = Largest;
        this.content = content;
    }

    /// <returns>The type and the bytes; null: there is no such picture any more.</returns>
    /// <exception cref="HttpRequestException">Content is away.</exception>
    public async Task<(string ContentType, byte[] Bytes)?> ReadAsync(Guid id, CancellationToken cancel)
    {
        using var answer = await content.GetAsync(new Uri($"/media/{id}", UriKind.Relative), cancel);
        return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType is { } type ? (type, await answer.Content.ReadAsByteArrayAsync(cancel)) : null;
    }
}
