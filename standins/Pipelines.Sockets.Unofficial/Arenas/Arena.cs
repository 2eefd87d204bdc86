namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>What an arena does with the memory it hands out.</summary>
[Flags]
public enum ArenaFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Clears it at a reset. Always done here, so that replies are not kept alive.</summary>
    ClearAtReset = 1,

    /// <summary>Clears it at the end.</summary>
    ClearAtDispose = 2,
}

/// <summary>Kept for compatibility: blocks here have one size and one is kept.</summary>
public sealed class ArenaOptions(ArenaFlags flags = ArenaFlags.None, int blockSizeBytes = 0, Func<long, long, long>? retentionPolicy = null)
{
    /// <summary>The flags.</summary>
    public ArenaFlags Flags => flags;

    /// <summary>The size of a block, in bytes.</summary>
    public int BlockSizeBytes => blockSizeBytes;

    /// <summary>How much is kept.</summary>
    public Func<long, long, long>? RetentionPolicy => retentionPolicy;
}

/// <summary>Kept for compatibility: memory here comes from the heap.</summary>
public abstract class Allocator<T>;

/// <summary>
/// Hands out slices of one block and starts over at a reset. A client parses the replies of a connection into one arena and resets it after
/// each, so that a small reply costs no allocation. For one thread at a time.
/// </summary>
public sealed class Arena<T> : IDisposable
{
    const int BlockLength = 512;

    T[] _block = [];
    int _used;

    /// <summary>Makes an arena. The arguments are taken for compatibility and not used.</summary>
    public Arena(ArenaOptions? options = null, Allocator<T>? allocator = null) { }

    /// <summary>Hands out a slice, good until the next reset. Its items are in their default state.</summary>
    public Sequence<T> Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0) return default;
        if (length > BlockLength) return new Sequence<T>(new T[length], 0, length); // rare, so not kept
        if (_block.Length - _used < length) (_block, _used) = (new T[BlockLength], 0); // older slices keep the old block alive

        var slice = new Sequence<T>(_block, _used, length);
        _used += length;
        return slice;
    }

    /// <summary>Takes all slices back.</summary>
    public void Reset()
    {
        Array.Clear(_block, 0, _used);
        _used = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => (_block, _used) = ([], 0);
}
