using System.IO.Compression;

namespace Blog.Archives.Writing;

/// <summary>Where the files of an archive go, one after the other.</summary>
public interface IArchiveSink : IAsyncDisposable
{
    /// <param name="path">Relative, with '/'; never twice the same.</param>
    /// <param name="bytes">All of the file.</param>
    /// <param name="cancel">Stops.</param>
    Task AddAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel);
}

/// <summary>A ZIP, written from beginning to end, so it may be the body of a response. The same files give the same bytes.</summary>
public sealed class ZipSink : IArchiveSink
{
    static readonly DateTimeOffset Always = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly ZipArchive archive;

    ZipSink(ZipArchive archive) => this.archive = archive;

    public static async Task<ZipSink> OpenAsync(Stream zip, CancellationToken cancel) => new(await ZipArchive.CreateAsync(zip, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancel));

    /// <inheritdoc/>
    public async Task AddAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        // A picture is packed as it is.
        var entry = archive.CreateEntry(path, path.StartsWith("media/", StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
        entry.LastWriteTime = Always;
        await using var stream = await entry.OpenAsync(cancel);
        await stream.WriteAsync(bytes, cancel);
    }

    public ValueTask DisposeAsync() => archive.DisposeAsync();
}

/// <summary>A folder of this machine.</summary>
public sealed class FolderSink(string folder) : IArchiveSink
{
    /// <inheritdoc/>
    public async Task AddAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var file = Path.Combine([folder, .. path.Split('/')]);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, bytes, cancel);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
