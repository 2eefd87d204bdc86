using System.Buffers.Binary;
using System.Text;

namespace Aspire.Hosting.Telemetry;

/// <summary>Reads one protobuf message field by field (protobuf.dev, "Encoding"). What is malformed throws <see cref="FormatException"/>.</summary>
ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> rest = message;
    int wireType;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; false at the end. The value of each field must be read or skipped.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
            return false;
        var tag = Varint();
        (Field, wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return Field > 0 ? true : throw new FormatException("A field has the number 0.");
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Take(1)[0];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw new FormatException("A number is longer than ten bytes.");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>Bytes of a string, a nested message or a packed list.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        if (wireType != 2)
            throw new FormatException($"Field {Field} has wire type {wireType} where one with a length belongs.");
        return Take(Varint());
    }

    public void Skip()
    {
        switch (wireType)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Bytes(); break;
            case 5: Take(4); break;
            default: throw new FormatException($"Field {Field} has the unknown wire type {wireType}.");
        }
    }

    /// <summary>A list of 8-byte numbers, packed or one at a time.</summary>
    public void Doubles(List<double> into)
    {
        if (wireType == 1)
        {
            into.Add(Double());
            return;
        }

        for (var packed = Bytes(); packed.Length >= 8; packed = packed[8..])
            into.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed));
    }

    /// <summary>A list of 8-byte numbers, packed or one at a time.</summary>
    public void Fixed64s(List<ulong> into)
    {
        if (wireType == 1)
        {
            into.Add(Fixed64());
            return;
        }

        for (var packed = Bytes(); packed.Length >= 8; packed = packed[8..])
            into.Add(BinaryPrimitives.ReadUInt64LittleEndian(packed));
    }

    ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)rest.Length)
            throw new FormatException("The message ends in the middle of a field.");
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }
}
