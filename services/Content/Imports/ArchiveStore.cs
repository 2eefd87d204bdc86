using Blog.Content.Data;
using Blog.Content.Media;
using Microsoft.EntityFrameworkCore;

namespace Blog.Content.Imports;

/// <summary>Keeps archives in the object storage in pieces, and brings them to a file of this machine to be read.</summary>
sealed class ArchiveStore(ContentDbContext db, IObjectStorage storage)
{
    /// <summary>Bytes of a piece, and of an archive.</summary>
    public const int PartSize = 8 * 1024 * 1024, LargestArchive = 1024 * 1024 * 1024;

    public async Task<ImportPart> KeepAsync(Guid owner, Guid import, int number, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var part = new ImportPart { OwnerId = owner, ImportId = import, Number = number, ObjectId = Guid.CreateVersion7(), SizeBytes = bytes.Length };
        await storage.PutAsync(part.ObjectId, bytes, "application/octet-stream", cancel);
        return part;
    }

    /// <summary>Frees pieces that never became an archive.</summary>
    public async Task DropAsync(IEnumerable<ImportPart> parts)
    {
        foreach (var part in parts) await storage.DeleteAsync(part.ObjectId, CancellationToken.None);
    }

    /// <summary>A file that vanishes when it is disposed; its name has no ending, since content tells what it is.</summary>
    public async Task<FileStream> FetchAsync(Guid owner, Guid import, CancellationToken cancel)
    {
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"blog-import-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.DeleteOnClose);
        try
        {
            foreach (var part in await PartsAsync(owner, import, cancel))
            {
                await using var bytes = await storage.OpenAsync(part.ObjectId, 0, part.SizeBytes, cancel) ?? throw new InvalidDataException("A piece of the archive is missing.");
                await bytes.CopyToAsync(file, cancel);
            }
            await file.FlushAsync(cancel);
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>Frees what an archive takes; the report stays.</summary>
    public async Task ForgetAsync(Guid owner, Guid import, CancellationToken cancel)
    {
        foreach (var part in await PartsAsync(owner, import, cancel)) await storage.DeleteAsync(part.ObjectId, cancel);
        await db.ImportParts.Where(p => p.OwnerId == owner && p.ImportId == import).ExecuteDeleteAsync(cancel);
    }

    Task<List<ImportPart>> PartsAsync(Guid owner, Guid import, CancellationToken cancel) =>
        db.ImportParts.AsNoTracking().Where(p => p.OwnerId == owner && p.ImportId == import).OrderBy(p => p.Number).ToListAsync(cancel);
}
