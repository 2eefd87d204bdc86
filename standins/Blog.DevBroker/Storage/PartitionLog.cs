using System.Buffers.Binary;
using System.Globalization;
using Blog.DevBroker.Protocol;

namespace Blog.DevBroker.Storage;

/// <summary>
/// The append-only log of one partition, in segment files. An append is one write to the page cache before it is acknowledged, so it survives the
/// death of the process; <see cref="FlushToDisk"/>, called about once a second, makes it survive the death of the machine.
/// </summary>
sealed class PartitionLog : IDisposable
{
    readonly Lock _lock = new();
    readonly string _folder;
    readonly TimeProvider _time;
    readonly List<Segment> _segments = [];
    readonly ProducerStates _producers = new();
    readonly List<FetchSignal> _waiting = [];
    bool _closed, _dirty;

    public PartitionLog(string folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        Directory.CreateDirectory(folder);
        foreach (var (path, baseOffset) in Segment.FilesIn(folder).ToList())
        {
            _segments.Add(Segment.Recover(path, baseOffset, bytes => _producers.Note(new RecordBatch(bytes), time.GetUtcNow()), out var cutOff));
            if (cutOff > 0)
                Console.WriteLine($"recovered {path}: cut {cutOff} damaged or unfinished bytes off its end");
        }

        if (_segments.Count == 0)
            _segments.Add(Segment.Create(folder, 0));
        EndOffset = _segments[^1].NextOffset;
        StartOffset = Math.Clamp(StoredStartOffset(), _segments[0].BaseOffset, EndOffset);
    }

    /// <summary>The oldest offset that can be read.</summary>
    public long StartOffset { get; private set; }

    /// <summary>The offset that the next record gets; with one replica also the high watermark.</summary>
    public long EndOffset { get; private set; }

    string StartOffsetFile => Path.Combine(_folder, "log-start-offset");

    /// <summary>Appends one record batch as a producer sent it; writes its final offset into <paramref name="records"/>.</summary>
    public (ErrorCode Error, long Offset) Append(Span<byte> records, TopicSettings settings)
    {
        if (records.Length > settings.MaxMessageBytes)
            return (ErrorCode.MessageTooLarge, -1);
        var batch = new RecordBatch(records);
        if (!batch.IsIntact)
            return (ErrorCode.CorruptMessage, -1);
        if (batch.IsTransactional)
            return (ErrorCode.TransactionalIdAuthorizationFailed, -1);
        if (batch.IsControl || batch.RecordCount != batch.LastOffsetDelta + 1)
            return (ErrorCode.InvalidRecord, -1);

        lock (_lock)
        {
            if (_closed)
                return (ErrorCode.UnknownTopicOrPartition, -1);
            var verdict = _producers.Check(batch, out var storedAt);
            if (verdict != ErrorCode.None || storedAt is not null)
                return (verdict, storedAt ?? -1);

            try
            {
                if (_segments[^1].Size > 0 && _segments[^1].Size + records.Length > settings.SegmentBytes)
                    Roll();
                // Base offset and leader epoch lie outside the checksum, because it is the broker that sets them.
                var offset = EndOffset;
                BinaryPrimitives.WriteInt64BigEndian(records, offset);
                BinaryPrimitives.WriteInt32BigEndian(records[12..], 0);
                _segments[^1].Append(records);
                EndOffset = _segments[^1].NextOffset;
                _producers.Note(batch, _time.GetUtcNow());
                _dirty = true;
                foreach (var signal in _waiting)
                    signal.Set();
                return (ErrorCode.None, offset);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"append to {_folder} failed: {e.Message}");
                return (ErrorCode.StorageError, -1);
            }
        }
    }

    void Roll()
    {
        _segments[^1].FlushToDisk();
        _segments.Add(Segment.Create(_folder, EndOffset));
    }

    /// <summary>Copies whole batches from <paramref name="offset"/> on to the response; a reader at the end gets none.</summary>
    /// <param name="end">The end of the log at that moment: what is written lies before it.</param>
    public ErrorCode Read(long offset, int maxBytes, ResponseWriter response, out int written, out long end)
    {
        written = 0;
        end = EndOffset;
        lock (_lock)
        {
            end = EndOffset;
            if (_closed)
                return ErrorCode.UnknownTopicOrPartition;
            if (offset < StartOffset || offset > end)
                return ErrorCode.OffsetOutOfRange;
            // Not simply the segment whose range holds the offset: a segment that lost a damaged end leaves a gap, which is skipped.
            var segment = _segments.Find(s => s.NextOffset > offset);
            if (segment is not null)
                written = segment.Read(offset, maxBytes, response);
            return ErrorCode.None;
        }
    }

    /// <summary>The first record at or after the time (milliseconds since 1970), if there is one.</summary>
    public (long Offset, long Timestamp)? FirstAtOrAfter(long timestamp)
    {
        lock (_lock)
        {
            foreach (var segment in _closed ? [] : _segments)
                if (segment.FirstAtOrAfter(timestamp, StartOffset) is { } found)
                    return found;
            return null;
        }
    }

    /// <summary>Sets <paramref name="signal"/> at every append, until <see cref="Unsubscribe"/>.</summary>
    public void Subscribe(FetchSignal signal)
    {
        lock (_lock)
            _waiting.Add(signal);
    }

    public void Unsubscribe(FetchSignal signal)
    {
        lock (_lock)
            _waiting.Remove(signal);
    }

    /// <summary>Deletes the records before an offset (DeleteRecords): hides them at once, removes the files that hold nothing else.</summary>
    public ErrorCode DeleteBefore(long offset)
    {
        lock (_lock)
        {
            if (_closed)
                return ErrorCode.UnknownTopicOrPartition;
            if (offset < 0 || offset > EndOffset)
                return ErrorCode.OffsetOutOfRange;
            if (offset <= StartOffset)
                return ErrorCode.None;
            DurableFile.Replace(StartOffsetFile, offset.ToString(CultureInfo.InvariantCulture));
            StartOffset = offset;
            while (_segments.Count > 1 && _segments[0].NextOffset <= offset)
                DropOldest();
            return ErrorCode.None;
        }
    }

    /// <summary>Removes whole segments, oldest first, that are too old or that the rest of the log makes superfluous.</summary>
    public void Retain(TopicSettings settings)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            var now = _time.GetUtcNow();
            _producers.Expire(now);
            bool TooOld(Segment s) => settings.RetentionMs >= 0
                && (s.MaxTimestamp >= 0 ? s.MaxTimestamp : s.LastWritten.ToUnixTimeMilliseconds()) < now.ToUnixTimeMilliseconds() - settings.RetentionMs;

            // The segment being written is never removed, so a quiet topic's last one is closed first.
            if (_segments[^1].Size > 0 && TooOld(_segments[^1]))
                Roll();
            var size = _segments.Sum(s => s.Size);
            while (_segments.Count > 1 && (TooOld(_segments[0]) || (settings.RetentionBytes >= 0 && size - _segments[0].Size >= settings.RetentionBytes)))
            {
                size -= _segments[0].Size;
                DropOldest();
            }
        }
    }

    void DropOldest()
    {
        _segments[0].Delete();
        _segments.RemoveAt(0);
        StartOffset = Math.Max(StartOffset, _segments[0].BaseOffset);
    }

    /// <summary>Forces what was appended since the last call to the disk, without making producers wait.</summary>
    public void FlushToDisk()
    {
        Segment segment;
        lock (_lock)
        {
            if (!_dirty || _closed)
                return;
            _dirty = false;
            segment = _segments[^1];
        }

        try
        {
            segment.FlushToDisk();
        }
        catch (ObjectDisposedException)
        {
            // Removed in between, with its topic.
        }
    }

    /// <summary>Closes the log and removes its files.</summary>
    public void Delete()
    {
        Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (_dirty)
                _segments[^1].FlushToDisk();
            _closed = true;
            foreach (var segment in _segments)
                segment.Dispose();
            foreach (var signal in _waiting)
                signal.Set();
        }
    }

    long StoredStartOffset() =>
        File.Exists(StartOffsetFile) && long.TryParse(File.ReadAllText(StartOffsetFile), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;
}
