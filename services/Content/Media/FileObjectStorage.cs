namespace Blog.Content.Media;

/// <summary>Objects as files, written beside their place, flushed to disk and moved there: a crash leaves no half file under a name that is read.</summary>
public sealed class FileObjectStorage(string folder) : IObjectStorage
{
    /// <inheritdoc/>
    public async Task PutAsync(Guid id, ReadOnlyMemory<byte> bytes, string contentType, CancellationToken cancel)
    {
        var path = PathOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous, PreallocationSize = bytes.Length }))
            {
                await file.WriteAsync(bytes, cancel);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(Guid id, long offset, long length, CancellationToken cancel)
    {
        try
        {
            var file = new FileStream(PathOf(id), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            file.Seek(offset, SeekOrigin.Begin);
            return Task.FromResult<Stream?>(new Section(file, length));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(Guid id, CancellationToken cancel)
    {
        if (Directory.Exists(Path.GetDirectoryName(PathOf(id))))
            File.Delete(PathOf(id));
        return Task.CompletedTask;
    }

    // The last digits of a UUIDv7 are random, so the folders fill evenly.
    string PathOf(Guid id)
    {
        var name = id.ToString("D");
        return Path.Combine(folder, name[^2..], name[^4..^2], name);
    }

    sealed class Section(FileStream file, long length) : Stream
    {
        long left = length;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException("The length of a section is known to who asked for it.");

        public override long Position
        {
            get => throw new NotSupportedException("A section is read from its start to its end.");
            set => throw new NotSupportedException("A section is read from its start to its end.");
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await file.ReadAsync(buffer[..(int)Math.Min(buffer.Length, left)], cancellationToken);
            left -= read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = file.Read(buffer, offset, (int)Math.Min(count, left));
            left -= read;
            return read;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A section is read from its start to its end.");
        public override void SetLength(long value) => throw new NotSupportedException("Objects do not change.");
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Objects do not change.");

        public override async ValueTask DisposeAsync()
        {
            await file.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }
    }
}
