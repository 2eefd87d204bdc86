using System.Buffers.Binary;
using System.Numerics;

namespace Blog.DevBroker.Protocol;

/// <summary>
/// The fixed head of a record batch, message format v2 ("Record Batch" in the Kafka documentation, chapter Message Format).
/// The records behind it stay the producer's bytes: they are checked by their CRC-32C, never decoded or compressed again.
/// </summary>
readonly ref struct RecordBatch(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes before the first record.</summary>
    public const int HeaderSize = 61;

    /// <summary>Base offset and batch length, which the batch length does not count.</summary>
    const int LengthPrefix = 12;

    const int CrcStart = 21;
    readonly ReadOnlySpan<byte> _bytes = bytes;

    public long BaseOffset => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>In bytes, all included. A nonsense length comes out as 0.</summary>
    public int Size => BinaryPrimitives.ReadInt32BigEndian(_bytes[8..]) is > 0 and < int.MaxValue - LengthPrefix and var length ? length + LengthPrefix : 0;

    public byte Magic => _bytes[16];
    public uint Crc => BinaryPrimitives.ReadUInt32BigEndian(_bytes[17..]);
    short Attributes => BinaryPrimitives.ReadInt16BigEndian(_bytes[CrcStart..]);
    public bool IsCompressed => (Attributes & 0x07) != 0;
    public bool IsTransactional => (Attributes & 0x10) != 0;
    public bool IsControl => (Attributes & 0x20) != 0;
    public int LastOffsetDelta => BinaryPrimitives.ReadInt32BigEndian(_bytes[23..]);
    public long LastOffset => BaseOffset + LastOffsetDelta;
    public long BaseTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[27..]);
    public long MaxTimestamp => BinaryPrimitives.ReadInt64BigEndian(_bytes[35..]);
    public long ProducerId => BinaryPrimitives.ReadInt64BigEndian(_bytes[43..]);
    public short ProducerEpoch => BinaryPrimitives.ReadInt16BigEndian(_bytes[51..]);
    public int BaseSequence => BinaryPrimitives.ReadInt32BigEndian(_bytes[53..]);

    /// <summary>Sequence numbers wrap from 2^31-1 to 0.</summary>
    public int LastSequence => unchecked(BaseSequence + LastOffsetDelta) & int.MaxValue;

    public int RecordCount => BinaryPrimitives.ReadInt32BigEndian(_bytes[57..]);

    /// <summary>Whether the head makes sense: format v2, a length that holds a head, and one offset per record.</summary>
    public bool HasPlausibleHeader => _bytes.Length >= HeaderSize && Magic == 2 && Size >= HeaderSize && LastOffsetDelta >= 0;

    /// <summary>Whether the whole batch is here and its checksum holds.</summary>
    public bool IsIntact => HasPlausibleHeader && Size == _bytes.Length && Crc32C(_bytes[CrcStart..]) == Crc;

    /// <summary>
    /// The first record at or after <paramref name="timestamp"/>. Inside a compressed batch the answer is the batch's first record: a reader
    /// then sees a few records too many, never one too few.
    /// </summary>
    public (long Offset, long Timestamp)? FirstAtOrAfter(long timestamp)
    {
        if (MaxTimestamp < timestamp)
            return null;
        if (IsCompressed)
            return (BaseOffset, Math.Max(BaseTimestamp, Math.Min(timestamp, MaxTimestamp)));
        var rest = _bytes[HeaderSize..];
        for (var i = 0; i < RecordCount && rest.Length > 0; i++)
        {
            // Record: length, attributes (1 byte), timestampDelta, offsetDelta, key, value, headers; lengths and deltas are zig-zag varints.
            var length = Varint(ref rest);
            if (length < 1 || length > rest.Length)
                break;
            var record = rest[1..(int)length];
            rest = rest[(int)length..];
            var at = BaseTimestamp + Varint(ref record);
            if (at >= timestamp)
                return (BaseOffset + Varint(ref record), at);
        }

        return (BaseOffset, MaxTimestamp);
    }

    static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && bytes.Length > 0; shift += 7)
        {
            var b = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(b & 0x7f) << shift;
            if ((b & 0x80) == 0)
                break;
        }

        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>CRC-32C (Castagnoli), RFC 3720 appendix B.4, by the processor's own instruction where it has one.</summary>
    static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
