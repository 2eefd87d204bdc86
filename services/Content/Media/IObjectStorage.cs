namespace Blog.Content.Media;

/// <summary>
/// Where bytes of media are kept. Objects are named by id alone, so no name can lead elsewhere.
/// Every adapter passes the same contract tests.
/// </summary>
public interface IObjectStorage
{
    /// <summary>Stores the object durably. Writing the same id again replaces it; nothing here does so while it may be read.</summary>
    Task PutAsync(Guid id, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancel);

    /// <summary>Part of the object, or null when there is none of this id. The range lies within the object.</summary>
    /// <param name="id">Which object.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">How many bytes; more than 0.</param>
    /// <param name="cancel">Stops the reading.</param>
    Task<Stream?> OpenAsync(Guid id, long offset, long length, CancellationToken cancel);

    /// <summary>Removes the object; nothing happens when there is none.</summary>
    Task DeleteAsync(Guid id, CancellationToken cancel);
}
