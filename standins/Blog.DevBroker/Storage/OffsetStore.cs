using System.Globalization;
using System.Text;

namespace Blog.DevBroker.Storage;

/// <summary>How far a consumer group has read a partition: the offset of the next record it wants, and a note of its own.</summary>
sealed record CommittedOffset(long Offset, int LeaderEpoch, string? Metadata);

/// <summary>
/// The committed offsets of all groups: in memory, and as lines appended to one file, which is rewritten when most of it is history. A line that
/// a crash cut short lacks its end of line and is dropped.
/// </summary>
sealed class OffsetStore : IDisposable
{
    readonly Lock _lock = new();
    readonly string _path;
    readonly Dictionary<string, Dictionary<(string Topic, int Partition), CommittedOffset>> _groups = [];
    FileStream _file;
    int _lines;
    bool _dirty;

    public OffsetStore(string dataFolder)
    {
        _path = Path.Combine(dataFolder, "committed-offsets");
        if (File.Exists(_path))
        {
            var text = File.ReadAllText(_path);
            foreach (var line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
                Load(line);
        }

        _file = Rewrite();
    }

    public IReadOnlyList<string> Groups
    {
        get
        {
            lock (_lock)
                return [.. _groups.Keys];
        }
    }

    public CommittedOffset? Find(string group, string topic, int partition)
    {
        lock (_lock)
            return _groups.GetValueOrDefault(group)?.GetValueOrDefault((topic, partition));
    }

    public IReadOnlyList<(string Topic, int Partition)> PartitionsOf(string group)
    {
        lock (_lock)
            return [.. _groups.GetValueOrDefault(group)?.Keys.Order() ?? Enumerable.Empty<(string, int)>()];
    }

    public void Commit(string group, IReadOnlyCollection<(string Topic, int Partition, CommittedOffset Offset)> offsets)
    {
        lock (_lock)
        {
            foreach (var (topic, partition, offset) in offsets)
                Set(group, topic, partition, offset);
            Append(offsets.Select(o => Line(group, o.Topic, o.Partition, o.Offset)));
        }
    }

    public void ForgetGroup(string group) => Forget((g, _) => g == group);

    public void ForgetTopic(string topic) => Forget((_, t) => t == topic);

    void Forget(Func<string, string, bool> matches)
    {
        lock (_lock)
        {
            var gone = (from g in _groups from key in g.Value.Keys where matches(g.Key, key.Topic) select (Group: g.Key, key.Topic, key.Partition)).ToList();
            foreach (var (group, topic, partition) in gone)
                Set(group, topic, partition, null);
            Append(gone.Select(k => Line(k.Group, k.Topic, k.Partition, null)));
        }
    }

    public void FlushToDisk()
    {
        lock (_lock)
        {
            if (_dirty)
                _file.Flush(flushToDisk: true);
            _dirty = false;
        }
    }

    void Set(string group, string topic, int partition, CommittedOffset? offset)
    {
        if (!_groups.TryGetValue(group, out var offsets))
            _groups[group] = offsets = [];
        if (offset is not null)
            offsets[(topic, partition)] = offset;
        else
            offsets.Remove((topic, partition));
        if (offsets.Count == 0)
            _groups.Remove(group);
    }

    void Append(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(line).Append('\n');
            _lines++;
        }

        _file.Write(Encoding.UTF8.GetBytes(text.ToString()));
        _file.Flush();
        _dirty = true;
        if (_lines > 10_000 && _lines > 10 * _groups.Values.Sum(g => g.Count))
        {
            _file.Dispose();
            _file = Rewrite();
        }
    }

    FileStream Rewrite()
    {
        var lines = (from g in _groups from o in g.Value select Line(g.Key, o.Key.Topic, o.Key.Partition, o.Value) + "\n").ToList();
        DurableFile.Replace(_path, string.Concat(lines));
        _lines = lines.Count;
        return new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Six words; names are percent-encoded, '-' stands for "no note", an offset of -1 for "forgotten".</summary>
    static string Line(string group, string topic, int partition, CommittedOffset? offset) => string.Create(CultureInfo.InvariantCulture,
        $"g{Uri.EscapeDataString(group)} {topic} {partition} {offset?.Offset ?? -1} {offset?.LeaderEpoch ?? -1} {(offset?.Metadata is { } note ? "+" + Uri.EscapeDataString(note) : "-")}");

    void Load(string line)
    {
        if (line.Split(' ') is not [var group, var topic, var p, var o, var e, var note]
            || !int.TryParse(p, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(o, CultureInfo.InvariantCulture, out var offset)
            || !int.TryParse(e, CultureInfo.InvariantCulture, out var epoch))
        {
            Console.Error.WriteLine($"committed-offsets: unreadable line skipped: {line}");
            return;
        }

        Set(Uri.UnescapeDataString(group[1..]), topic, partition,
            offset < 0 ? null : new CommittedOffset(offset, epoch, note[0] == '+' ? Uri.UnescapeDataString(note[1..]) : null));
    }

    public void Dispose()
    {
        FlushToDisk();
        _file.Dispose();
    }
}
