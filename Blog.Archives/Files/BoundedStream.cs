namespace Blog.Archives.Files;

/// <summary>Reads on until there is more than there may be: what an archive says of sizes is not believed.</summary>
sealed class BoundedStream(Stream inner, long most, string path, Action<int>? onRead = null, Action? onDispose = null) : Stream
{
    long read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => read; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = Guarded(buffer);
        read += count;
        if (read > most) throw new ArchiveRefusedException($"{path} unpacks to more than may be read");
        onRead?.Invoke(count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    int Guarded(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException broken)
        {
            throw new ArchiveRefusedException($"{path} is damaged", broken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            onDispose?.Invoke();
            onDispose = null;
        }
        base.Dispose(disposing);
    }

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
