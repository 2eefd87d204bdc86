namespace Blog.Content.Media;

/// <summary>The bytes are not a picture that is kept here; the message says why, in words for the person who chose the file.</summary>
sealed class PictureRefusedException(string reason, string message) : Exception(message)
{
    public const string Unsupported = "UNSUPPORTED_MEDIA", TooManyPixels = "TOO_MANY_PIXELS", Truncated = "TRUNCATED";

    /// <summary>Stable, for programs.</summary>
    public string Reason { get; } = reason;

    public static PictureRefusedException LooksLike(string what) =>
        new(Unsupported, $"This looks like {what}. Choose a PNG, JPEG, GIF, WebP or AVIF picture.");

    public static PictureRefusedException IsTruncated() =>
        new(Truncated, "The picture ends in the middle or is damaged. Check that the file opens on your computer and upload it again.");
}
