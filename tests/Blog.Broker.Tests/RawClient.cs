using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Blog.Broker.Tests;

/// <summary>Speaks the protocol byte by byte, to say what a decent client never would.</summary>
sealed class RawClient : IDisposable
{
    readonly TcpClient _client = new();

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync(IPAddress.Loopback, port);
        return raw;
    }

    public NetworkStream Stream => _client.GetStream();

    public static Frame Request(short api, short version) => new Frame().Int16(api).Int16(version).Int32(7).String("raw");

    public async Task<Frame> AskAsync(Frame request)
    {
        await Stream.WriteAsync(request.WithSize());
        var size = new byte[4];
        await Stream.ReadExactlyAsync(size);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await Stream.ReadExactlyAsync(body);
        var answer = new Frame(body);
        answer.Int32().ShouldBe(7, "the correlation id");
        return answer;
    }

    /// <summary>Whether the broker closes the connection; false if it answers instead.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var deadline = new CancellationTokenSource(Kafka.Patience);
        try
        {
            return await Stream.ReadAsync(new byte[1], deadline.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Joins a group as its first member, leads it, and takes partition 0 of the topic.</summary>
    public async Task<string> JoinAloneAsync(string group, string topic, int sessionMs)
    {
        var metadata = new Frame().Int16(0).Int32(1).String(topic).Bytes([]).ToArray();
        var join = await AskAsync(Request(11, 2).String(group).Int32(sessionMs).Int32(sessionMs).String("").String("consumer").Int32(1).String("range").Bytes(metadata));
        join.Int32();
        join.Int16().ShouldBe((short)0);
        var generation = join.Int32();
        join.String();
        join.String();
        var member = join.String();
        var assignment = new Frame().Int16(0).Int32(1).String(topic).Int32(1).Int32(0).Bytes([]).ToArray();
        var sync = await AskAsync(Request(14, 0).String(group).Int32(generation).String(member).Int32(1).String(member).Bytes(assignment));
        sync.Int16().ShouldBe((short)0);
        return member;
    }

    public async Task<ErrorCode> CommitAsync(string group, int generation, string member, string topic, long offset)
    {
        var answer = await AskAsync(Request(8, 2).String(group).Int32(generation).String(member).Int64(-1).Int32(1).String(topic).Int32(1).Int32(0).Int64(offset).String(""));
        answer.Int32();
        answer.String();
        answer.Int32();
        answer.Int32();
        return (ErrorCode)answer.Int16();
    }

    public async Task<long> NewProducerIdAsync()
    {
        var answer = await AskAsync(Request(22, 0).Int16(-1).Int32(1000));
        answer.Int32();
        answer.Int16().ShouldBe((short)0);
        return answer.Int64();
    }

    public async Task<(ErrorCode Error, long Offset)> ProduceAsync(string topic, byte[] batch)
    {
        var answer = await AskAsync(Request(0, 3).Int16(-1).Int16(-1).Int32(1000).Int32(1).String(topic).Int32(1).Int32(0).Bytes(batch));
        answer.Int32();
        answer.String();
        answer.Int32();
        answer.Int32();
        return ((ErrorCode)answer.Int16(), answer.Int64());
    }

    /// <summary>A record batch, format v2, of records without key.</summary>
    public static byte[] Batch(long producerId, short epoch, int sequence, params string[] values)
    {
        var records = new List<byte>();
        for (var i = 0; i < values.Length; i++)
        {
            var value = Encoding.UTF8.GetBytes(values[i]);
            // attributes, timestamp delta, offset delta, no key (-1), value, no headers; all of it short enough for varints of one byte
            byte[] record = [0, 0, (byte)(2 * i), 1, (byte)(2 * value.Length), .. value, 0];
            records.AddRange([(byte)(2 * record.Length), .. record]);
        }

        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var checkedPart = new Frame().Int16(0).Int32(values.Length - 1).Int64(timestamp).Int64(timestamp).Int64(producerId).Int16(epoch).Int32(sequence)
            .Int32(values.Length).Raw([.. records]).ToArray();
        return new Frame().Int64(0).Int32(checkedPart.Length + 9).Int32(-1).Raw([2]).Int32((int)Crc32C(checkedPart)).Raw(checkedPart).ToArray();
    }

    /// <summary>By the polynomial, bit by bit, so that the broker's own is tested against another one.</summary>
    static uint Crc32C(byte[] bytes)
    {
        var crc = ~0u;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78;
        }

        return ~crc;
    }

    public void Dispose() => _client.Dispose();
}

/// <summary>A frame being written, or being read.</summary>
sealed class Frame(byte[]? received = null)
{
    readonly List<byte> _written = [];
    int _position;

    public Frame Raw(byte[] bytes)
    {
        _written.AddRange(bytes);
        return this;
    }

    public Frame Int16(short value) => Raw([(byte)(value >> 8), (byte)value]);
    public Frame Int32(int value) => Int16((short)(value >> 16)).Int16((short)value);
    public Frame Int64(long value) => Int32((int)(value >> 32)).Int32((int)value);
    public Frame String(string value) => Int16((short)Encoding.UTF8.GetByteCount(value)).Raw(Encoding.UTF8.GetBytes(value));
    public Frame Bytes(byte[] value) => Int32(value.Length).Raw(value);
    public byte[] ToArray() => [.. _written];
    public byte[] WithSize() => [.. new Frame().Int32(_written.Count)._written, .. _written];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));
    public string String() => Encoding.UTF8.GetString(Take(Int16()));

    ReadOnlySpan<byte> Take(int count) => received.AsSpan((_position += count) - count, count);
}
