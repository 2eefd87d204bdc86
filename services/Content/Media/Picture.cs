namespace Blog.Content.Media;

/// <summary>What is known of a stored picture; its bytes are in object storage under its id.</summary>
sealed class Picture
{
    public required Guid Id { get; init; }
    public required Guid OwnerId { get; init; }
    public required string ContentType { get; init; }

    /// <summary>Pixels, as shown.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels, as shown.</summary>
    public required int Height { get; init; }

    public required bool IsAnimated { get; init; }
    public required long SizeBytes { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
}

/// <summary>By which bytes, as they were sent, an owner's picture is known.</summary>
sealed class OwnedMedia
{
    public required Guid OwnerId { get; init; }
    public required byte[] Sha256 { get; init; }
    public required Guid MediaId { get; init; }
}
