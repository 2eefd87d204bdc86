using System.Globalization;

namespace Blog.DevBroker.Storage;

/// <summary>Hands out producer ids, never the same twice: blocks are reserved on disk before the first id of a block is given away.</summary>
sealed class ProducerIds(string dataFolder)
{
    const int BlockSize = 1000;
    readonly Lock _lock = new();
    readonly string _path = Path.Combine(dataFolder, "producer-ids");
    long _next, _reserved;

    public long Next()
    {
        lock (_lock)
        {
            if (_next == _reserved)
            {
                _next = Math.Max(_reserved, Stored());
                _reserved = _next + BlockSize;
                DurableFile.Replace(_path, _reserved.ToString(CultureInfo.InvariantCulture));
            }

            return _next++;
        }
    }

    long Stored() => File.Exists(_path) ? long.Parse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture) : 1;
}
