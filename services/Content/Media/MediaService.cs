using Blog.Content.Data;

namespace Blog.Content.Media;

/// <summary>blog.content.v1.Media. Each use case is a file of this folder.</summary>
sealed partial class MediaService(ContentDbContext db, IObjectStorage storage, UploadSlots slots, TimeProvider time) : V1.Media.MediaBase
{
    static V1.MediaItem ToMessage(Picture picture) => new()
    {
        Id = picture.Id.ToString(),
        ContentType = picture.ContentType,
        Width = picture.Width,
        Height = picture.Height,
        SizeBytes = picture.SizeBytes,
    };
}

/// <summary>How many uploads are held in memory at once.</summary>
sealed class UploadSlots() : SemaphoreSlim(8);
