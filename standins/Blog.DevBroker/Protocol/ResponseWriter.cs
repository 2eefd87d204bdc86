using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Blog.DevBroker.Protocol;

/// <summary>Builds one response frame in a pooled buffer: the size, the correlation id, then what the handler writes.</summary>
sealed class ResponseWriter : IDisposable
{
    const int SizePrefix = 4;
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);

    public ResponseWriter(int correlationId)
    {
        Position = SizePrefix;
        Int32(correlationId);
    }

    public int Position { get; private set; }

    /// <summary>Set when the request wants no answer (Produce with acks = 0).</summary>
    public bool Suppressed { get; set; }

    public ResponseWriter Byte(byte value)
    {
        Reserve(1)[0] = value;
        return this;
    }

    public ResponseWriter Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public ResponseWriter Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), value);
        return this;
    }

    public ResponseWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Reserve(4), value);
        return this;
    }

    public ResponseWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Reserve(8), value);
        return this;
    }

    public ResponseWriter Error(ErrorCode value) => Int16((short)value);

    public ResponseWriter String(string? value)
    {
        if (value is null)
            return Int16(-1);
        var length = Encoding.UTF8.GetByteCount(value);
        Int16(checked((short)length));
        Encoding.UTF8.GetBytes(value, Reserve(length));
        return this;
    }

    public ResponseWriter Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Reserve(value.Length));
        return this;
    }

    public ResponseWriter Array<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        Int32(items.Count);
        foreach (var item in items)
            write(item);
        return this;
    }

    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Position < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Position + count));
            _buffer.AsSpan(0, Position).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        Position += count;
        return _buffer.AsSpan(Position - count, count);
    }

    /// <summary>Goes back, to write something again or to drop what follows; or forward again, over what was written before.</summary>
    public void MoveTo(int position) => Position = position;

    public void PatchInt32(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(position), value);

    public ReadOnlyMemory<byte> Finish()
    {
        PatchInt32(0, Position - SizePrefix);
        return _buffer.AsMemory(0, Position);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
