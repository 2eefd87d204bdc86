using System.Security.Cryptography;
using Blog.ServiceDefaults.Authentication;
using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Blog.Content.Media;

partial class MediaService
{
    /// <summary>Bytes.</summary>
    public const int LargestFile = 20 * 1024 * 1024;

    [Authorize]
    public override async Task<V1.UploadMediaResponse> UploadMedia(IAsyncStreamReader<V1.UploadMediaRequest> requestStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!await requestStream.MoveNext(cancel) || requestStream.Current.PartCase != V1.UploadMediaRequest.PartOneofCase.Info)
            throw RpcErrors.InvalidArgument(("info", "The first message says whose file it is; the bytes follow."));
        var owner = Owner(requestStream.Current.Info, context);

        await slots.WaitAsync(cancel);
        try
        {
            return new V1.UploadMediaResponse { Media = ToMessage(await StoreAsync(owner, await ReceiveAsync(requestStream, cancel), cancel)) };
        }
        finally
        {
            slots.Release();
        }
    }

    /// <summary>The picture these bytes are, for an import that runs in this service, too.</summary>
    internal async Task<Picture> StoreAsync(Guid owner, byte[] file, CancellationToken cancel)
    {
        var sha256 = SHA256.HashData(file);
        return await OwnedAsync(owner, sha256, cancel) ?? await KeepAsync(owner, sha256, Recognised(file), cancel);
    }

    static Guid Owner(V1.UploadMediaRequest.Types.Info info, ServerCallContext context)
    {
        var caller = context.GetHttpContext().User;
        if (caller.HasScope("blog.internal"))
            return Guid.TryParseExact(info.OwnerId, "D", out var owner) ? owner : throw RpcErrors.InvalidArgument(("info.owner_id", "A service says whose picture it uploads."));
        if (!caller.HasScope("blog.api") || caller.PersonId() is not { } person || info.OwnerId.Length > 0 && info.OwnerId != person.ToString())
            throw RpcErrors.Create(StatusCode.PermissionDenied, "Pictures can be uploaded for oneself only.", "NOT_YOURS");
        return person;
    }

    // Refused as soon as it is too large, not after all of it has come.
    static async Task<byte[]> ReceiveAsync(IAsyncStreamReader<V1.UploadMediaRequest> parts, CancellationToken cancel)
    {
        using var file = new MemoryStream();
        while (await parts.MoveNext(cancel))
        {
            if (file.Length + parts.Current.Chunk.Length > LargestFile)
                throw RpcErrors.Create(StatusCode.ResourceExhausted, "The picture is larger than 20 MB (20,971,520 bytes). Make it smaller and upload it again.", "MEDIA_TOO_LARGE");
            file.Write(parts.Current.Chunk.Span);
        }
        return file.ToArray();
    }

    static RecognisedPicture Recognised(byte[] file)
    {
        try
        {
            return PictureFormats.Read(file);
        }
        catch (PictureRefusedException refused)
        {
            throw RpcErrors.Create(StatusCode.InvalidArgument, refused.Message, refused.Reason,
                new Google.Rpc.BadRequest { FieldViolations = { new Google.Rpc.BadRequest.Types.FieldViolation { Field = "chunk", Description = refused.Message } } });
        }
    }

    Task<Picture?> OwnedAsync(Guid owner, byte[] sha256, CancellationToken cancel) => db.OwnedMedia.AsNoTracking()
        .Where(o => o.OwnerId == owner && o.Sha256 == sha256).Join(db.Media, o => o.MediaId, m => m.Id, (_, media) => media).SingleOrDefaultAsync(cancel);

    async Task<Picture> KeepAsync(Guid owner, byte[] sha256, RecognisedPicture recognised, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var picture = new Picture
        {
            Id = Guid.CreateVersion7(now), OwnerId = owner, ContentType = recognised.ContentType, Width = recognised.Width, Height = recognised.Height,
            IsAnimated = recognised.IsAnimated, SizeBytes = recognised.Bytes.Length, CreateTime = now,
        };
        // Bytes first: a row without bytes would be a broken picture, bytes without a row are merely unused.
        await storage.PutAsync(picture.Id, recognised.Bytes, picture.ContentType, cancel);
        db.Add(picture);
        db.Add(new OwnedMedia { OwnerId = owner, Sha256 = sha256, MediaId = picture.Id });
        try
        {
            await db.SaveChangesAsync(cancel);
            return picture;
        }
        catch (DbUpdateException problem) when (problem.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // The same bytes came twice at the same moment; the other upload was first.
            await storage.DeleteAsync(picture.Id, cancel);
            return (await OwnedAsync(owner, sha256, cancel))!;
        }
    }
}
