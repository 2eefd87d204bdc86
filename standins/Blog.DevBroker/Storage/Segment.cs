using System.Globalization;
using Blog.DevBroker.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Blog.DevBroker.Storage;

/// <summary>
/// One file of a partition's log: record batches one after the other, named by the offset it starts at. Not thread-safe: the
/// <see cref="PartitionLog"/> that owns it holds the lock.
/// </summary>
sealed class Segment : IDisposable
{
    /// <summary>One index entry per this many bytes: memory stays small, a search reads at most this far.</summary>
    const int IndexInterval = 4096;

    readonly string _path;
    readonly SafeFileHandle _file;
    readonly List<IndexEntry> _index = [];

    readonly record struct IndexEntry(long Offset, long Position, long MaxTimestampBefore);

    Segment(string path, long baseOffset)
    {
        _path = path;
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    public long BaseOffset { get; }

    /// <summary>The offset after the last record.</summary>
    public long NextOffset { get; private set; }

    public long Size { get; private set; }

    /// <summary>Of the newest record; -1 while there is none or none carries a time.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    public static Segment Create(string folder, long baseOffset) => new(Path.Combine(folder, $"{baseOffset:D20}.log"), baseOffset);

    public static IEnumerable<(string Path, long BaseOffset)> FilesIn(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*.log")
        let name = Path.GetFileNameWithoutExtension(path)
        where long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        let offset = long.Parse(name, CultureInfo.InvariantCulture)
        orderby offset
        select (path, offset);

    /// <summary>
    /// Reads the file from the start, checks every batch, and cuts the file off behind the last good one: what follows is the torn end of a write
    /// that a crash interrupted and that was never acknowledged, or damage that must not be served.
    /// </summary>
    /// <param name="noteProducer">Told of every batch in order, to rebuild what is known of the idempotent producers.</param>
    public static Segment Recover(string path, long baseOffset, Action<ReadOnlySpan<byte>> noteProducer, out long cutOff)
    {
        var segment = new Segment(path, baseOffset);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 256 * 1024, FileOptions.SequentialScan);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var head = buffer.AsSpan(0, RecordBatch.HeaderSize);
            if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
                break;
            var batch = new RecordBatch(head);
            if (!batch.HasPlausibleHeader || batch.Size > stream.Length - segment.Size || batch.BaseOffset != segment.NextOffset)
                break;
            var size = batch.Size;
            if (size > buffer.Length)
                Array.Resize(ref buffer, size);
            stream.ReadExactly(buffer.AsSpan(RecordBatch.HeaderSize, size - RecordBatch.HeaderSize));
            var whole = buffer.AsSpan(0, size);
            batch = new RecordBatch(whole);
            if (!batch.IsIntact)
                break;
            segment.Note(batch);
            noteProducer(whole);
        }

        cutOff = stream.Length - segment.Size;
        if (cutOff > 0)
            RandomAccess.SetLength(segment._file, segment.Size);
        return segment;
    }

    /// <summary>Writes a batch whose base offset is already final: one write, so that a crash leaves at most a torn end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file, bytes, Size);
        Note(new RecordBatch(bytes));
    }

    void Note(RecordBatch batch)
    {
        if (_index.Count == 0 || Size - _index[^1].Position >= IndexInterval)
            _index.Add(new IndexEntry(batch.BaseOffset, Size, MaxTimestamp));
        Size += batch.Size;
        NextOffset = batch.LastOffset + 1;
        MaxTimestamp = Math.Max(MaxTimestamp, batch.MaxTimestamp);
    }

    /// <summary>
    /// Copies whole batches, from the one that holds <paramref name="offset"/> on, to the response: at least one, and no more than
    /// <paramref name="maxBytes"/> if that is more than one.
    /// </summary>
    /// <returns>How many bytes were written.</returns>
    public int Read(long offset, int maxBytes, ResponseWriter response)
    {
        var entry = _index[Math.Max(0, LastIndex(e => e.Offset <= offset))];
        Span<byte> head = stackalloc byte[RecordBatch.HeaderSize];
        var position = entry.Position;
        for (ReadExactly(head, position); new RecordBatch(head).LastOffset < offset; ReadExactly(head, position))
            position += new RecordBatch(head).Size;

        var length = (int)Math.Min(Size - position, Math.Max(new RecordBatch(head).Size, maxBytes));
        var start = response.Position;
        var bytes = response.Reserve(length);
        ReadExactly(bytes, position);

        var whole = 0;
        while (length - whole >= RecordBatch.HeaderSize && new RecordBatch(bytes[whole..]).Size is var size && size <= length - whole)
            whole += size;
        response.MoveTo(start + whole);
        return whole;
    }

    /// <summary>The first record, from <paramref name="startOffset"/> on, at or after the time.</summary>
    public (long Offset, long Timestamp)? FirstAtOrAfter(long timestamp, long startOffset)
    {
        if (MaxTimestamp < timestamp)
            return null;
        var position = _index[Math.Max(0, LastIndex(e => e.MaxTimestampBefore < timestamp))].Position;
        Span<byte> head = stackalloc byte[RecordBatch.HeaderSize];
        while (position < Size)
        {
            ReadExactly(head, position);
            var batch = new RecordBatch(head);
            if (batch.MaxTimestamp >= timestamp && batch.LastOffset >= startOffset)
            {
                var whole = new byte[batch.Size];
                ReadExactly(whole, position);
                if (new RecordBatch(whole).FirstAtOrAfter(timestamp) is { } found)
                    return (Math.Max(found.Offset, startOffset), found.Timestamp);
            }

            position += batch.Size;
        }

        return null;
    }

    /// <summary>The last entry that satisfies a condition which holds up to some entry and not after it; -1 if none does.</summary>
    int LastIndex(Func<IndexEntry, bool> holds)
    {
        int low = -1, high = _index.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (holds(_index[middle]))
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    void ReadExactly(Span<byte> bytes, long position)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(_file, bytes, position);
            if (read == 0)
                throw new EndOfStreamException($"{_path} is shorter than it was");
            bytes = bytes[read..];
            position += read;
        }
    }

    /// <summary>When the file was last written to: the age of records that carry no time of their own.</summary>
    public DateTimeOffset LastWritten => File.GetLastWriteTimeUtc(_path);

    public void FlushToDisk() => RandomAccess.FlushToDisk(_file);

    public void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    public void Dispose() => _file.Dispose();
}
