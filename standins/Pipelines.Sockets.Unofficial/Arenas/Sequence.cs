namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>A sequence of items of some type. A struct can hold sequences of itself through it.</summary>
public readonly struct Sequence
{
    readonly Array? _array;
    readonly int _offset, _length;

    internal Sequence(Array? array, int offset, int length) => (_array, _offset, _length) = (array, offset, length);

    /// <summary>How many items.</summary>
    public long Length => _length;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>The items.</summary>
    public Sequence<T> Cast<T>() => _length == 0 ? default : new Sequence<T>((T[])_array!, _offset, _length);
}

/// <summary>Items that lie in one block.</summary>
public readonly struct Sequence<T>
{
    readonly T[]? _array;
    readonly int _offset, _length;

    internal Sequence(T[] array, int offset, int length) => (_array, _offset, _length) = (array, offset, length);

    /// <summary>How many items.</summary>
    public long Length => _length;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Always true here.</summary>
    public bool IsSingleSegment => true;

    /// <summary>The items.</summary>
    public Span<T> FirstSpan => new(_array, _offset, _length);

    /// <summary>The blocks that the items lie in: one, or none.</summary>
    public SpanEnumerable Spans => new(this);

    /// <summary>An item.</summary>
    public ref T this[int index] => ref FirstSpan[index];

    /// <summary>The same without its type.</summary>
    public Sequence Untyped() => new(_array, _offset, _length);

    /// <summary>Walks over the items.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks over the items.</summary>
    public ref struct Enumerator
    {
        readonly Span<T> _span;
        int _index;

        internal Enumerator(Sequence<T> sequence)
        {
            _span = sequence.FirstSpan;
            _index = -1;
        }

        /// <summary>The item.</summary>
        public readonly ref T Current => ref _span[_index];

        /// <summary>Goes to the next item, if there is one.</summary>
        public bool MoveNext() => ++_index < _span.Length;

        /// <summary>Goes to the next item, which must be there.</summary>
        public ref T GetNext() => ref _span[++_index];
    }

    /// <summary>The blocks.</summary>
    public readonly ref struct SpanEnumerable
    {
        readonly Sequence<T> _sequence;

        internal SpanEnumerable(Sequence<T> sequence) => _sequence = sequence;

        /// <summary>Walks over the blocks.</summary>
        public SpanEnumerator GetEnumerator() => new(_sequence);
    }

    /// <summary>Walks over the blocks.</summary>
    public ref struct SpanEnumerator
    {
        readonly Sequence<T> _sequence;
        bool _done;

        internal SpanEnumerator(Sequence<T> sequence) => (_sequence, _done) = (sequence, sequence.IsEmpty);

        /// <summary>The block.</summary>
        public readonly Span<T> Current => _sequence.FirstSpan;

        /// <summary>Goes to the block, if there is one.</summary>
        public bool MoveNext() => !_done && (_done = true);
    }
}

/// <summary>Makes one thing of another.</summary>
public delegate TTo Projection<TFrom, TTo>(in TFrom value);

/// <summary>Makes one thing of another and of something that is known beside it.</summary>
public delegate TTo Projection<TFrom, TState, TTo>(in TFrom value, in TState state);

/// <summary>Copies sequences.</summary>
public static class SequenceExtensions
{
    /// <summary>Copies what the projection makes of the items.</summary>
    public static void CopyTo<TFrom, TTo>(this in Sequence<TFrom> source, Span<TTo> destination, Projection<TFrom, TTo> projection)
    {
        var items = source.FirstSpan;
        for (var i = 0; i < items.Length; i++) destination[i] = projection(in items[i]);
    }

    /// <summary>What the projection makes of the items.</summary>
    public static TTo[] ToArray<TFrom, TTo>(this in Sequence<TFrom> source, Projection<TFrom, TTo> projection)
    {
        if (source.IsEmpty) return [];
        var result = new TTo[source.Length];
        source.CopyTo(result, projection);
        return result;
    }

    /// <summary>What the projection makes of the items.</summary>
    public static TTo[] ToArray<TFrom, TState, TTo>(this in Sequence<TFrom> source, Projection<TFrom, TState, TTo> projection, in TState state)
    {
        if (source.IsEmpty) return [];
        var items = source.FirstSpan;
        var result = new TTo[items.Length];
        for (var i = 0; i < items.Length; i++) result[i] = projection(in items[i], in state);
        return result;
    }
}
