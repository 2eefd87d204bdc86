using System.Buffers.Binary;
using System.Text;

namespace Blog.DevBroker.Protocol;

/// <summary>
/// Reads the primitive types of a request ("Protocol Primitive Types" in the Kafka protocol guide): big-endian, lengths first.
/// Every length is checked against what is left of the frame, so a lying client costs one <see cref="MalformedRequestException"/>.
/// </summary>
sealed class RequestReader(Memory<byte> frame)
{
    Memory<byte> _rest = frame;

    public byte Byte() => Take(1).Span[0];
    public bool Bool() => Byte() != 0;
    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2).Span);
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4).Span);
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8).Span);
    public string String() => NullableString() ?? "";

    public string? NullableString()
    {
        int length = Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length).Span);
    }

    /// <summary>A window on the frame itself: valid until the request is answered.</summary>
    public Memory<byte> Bytes()
    {
        var length = Int32();
        return length < 0 ? default : Take(length);
    }

    public List<T> Array<T>(Func<T> element) => NullableArray(element) ?? [];

    public List<T>? NullableArray<T>(Func<T> element)
    {
        var count = Int32();
        if (count < 0)
            return null;
        // An element takes at least one byte: without this check a count of two thousand million would be allocated.
        if (count > _rest.Length)
            throw new MalformedRequestException($"an array of {count} elements in {_rest.Length} bytes");
        var items = new List<T>(Math.Min(count, 64));
        for (; count > 0; count--)
            items.Add(element());
        return items;
    }

    Memory<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new MalformedRequestException($"{count} bytes wanted where {_rest.Length} are left");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

/// <summary>A frame that is not the protocol. The connection it came on is closed.</summary>
sealed class MalformedRequestException(string message) : Exception(message);
