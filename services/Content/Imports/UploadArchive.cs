using Blog.ServiceDefaults.Grpc;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Imports;

partial class ImportsService
{
    const int MostWaiting = 5, LongestFileName = 255, LongestHandle = 30;

    public override async Task<V1.UploadArchiveResponse> UploadArchive(IAsyncStreamReader<V1.UploadArchiveRequest> requestStream, ServerCallContext context)
    {
        var (owner, cancel) = (Owner(context), context.CancellationToken);
        if (!await requestStream.MoveNext(cancel) || requestStream.Current.Info is not { } info)
            throw RpcErrors.InvalidArgument(("info", "The first message says what the file is called; the bytes follow."));
        if (info.Handle.Length is 0 or > LongestHandle)
            throw RpcErrors.InvalidArgument(("info.handle", "The handle of the importing person is needed."));
        if (await db.Imports.CountAsync(i => i.OwnerId == owner && i.State != ImportState.Done && i.State != ImportState.Failed, cancel) >= MostWaiting)
            throw RpcErrors.Create(StatusCode.ResourceExhausted, $"{MostWaiting} imports wait already. Start or delete one of them first.", "TOO_MANY_IMPORTS");

        var id = Guid.CreateVersion7(time.GetUtcNow());
        var parts = new List<ImportPart>();
        try
        {
            await ReceiveAsync(requestStream, owner, id, parts, cancel);
            var now = time.GetUtcNow();
            var run = new ImportRun
            {
                OwnerId = owner, Id = id, State = ImportState.Reading, FileName = new string([.. info.FileName.Where(c => !char.IsControl(c)).Take(LongestFileName)]), Handle = info.Handle,
                SizeBytes = parts.Sum(part => part.SizeBytes), CreateTime = now, UpdateTime = now, LeaseUntil = now,
            };
            db.Add(run);
            db.AddRange(parts);
            await db.SaveChangesAsync(cancel);
            bell.Ring();
            return new V1.UploadArchiveResponse { Import = await ToMessageAsync(run, cancel) };
        }
        catch
        {
            // Nobody would find the pieces again.
            await archives.DropAsync(parts);
            throw;
        }
    }

    async Task ReceiveAsync(IAsyncStreamReader<V1.UploadArchiveRequest> stream, Guid owner, Guid id, List<ImportPart> parts, CancellationToken cancel)
    {
        using var part = new MemoryStream(ArchiveStore.PartSize);
        long total = 0;
        async Task KeepAsync()
        {
            parts.Add(await archives.KeepAsync(owner, id, parts.Count, part.GetBuffer().AsMemory(0, (int)part.Length), cancel));
            part.SetLength(0);
        }
        while (await stream.MoveNext(cancel))
        {
            var chunk = stream.Current.Chunk;
            if ((total += chunk.Length) > ArchiveStore.LargestArchive)
                throw RpcErrors.Create(StatusCode.ResourceExhausted, "The archive is larger than 1 GB. Whoever runs this site can import it with ./blog import.", "ARCHIVE_TOO_LARGE");
            if (part.Length + chunk.Length > ArchiveStore.PartSize)
                await KeepAsync();
            part.Write(chunk.Span);
        }
        if (part.Length > 0)
            await KeepAsync();
        if (total == 0)
            throw RpcErrors.InvalidArgument(("chunk", "The archive is empty."));
    }
}
