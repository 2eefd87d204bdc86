using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Blog.Browser.Tests;

/// <summary>A picture made here: PNG (W3C recommendation, §5), eight bits of red, green and blue.</summary>
static class Drawing
{
    static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>An evening sky over water.</summary>
    public static byte[] Png(int width, int height)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = 2;
        Write(file, "IHDR", header);
        Write(file, "IDAT", Pixels(width, height));
        Write(file, "IEND", []);
        return file.ToArray();
    }

    static byte[] Pixels(int width, int height)
    {
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            var row = new byte[1 + width * 3];
            for (var y = 0; y < height; y++)
            {
                var fall = y < height * 0.62 ? y / (height * 0.62) : 1.7 - y / (height * 0.62) * 0.7;
                for (var x = 0; x < width; x++)
                {
                    var wave = Math.Sin((x + y * 3) / 37.0) * (y < height * 0.62 ? 2 : 9);
                    row[1 + x * 3] = Shade(70 + 150 * fall + wave);
                    row[2 + x * 3] = Shade(90 + 70 * fall + wave);
                    row[3 + x * 3] = Shade(130 + 10 * fall + wave);
                }
                deflate.Write(row);
            }
        }
        return packed.ToArray();
    }

    static byte Shade(double value) => (byte)Math.Clamp(value, 0, 255);

    static void Write(Stream file, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        file.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(typed));
        file.Write(number);
    }

    /// <summary>CRC-32 of annex D.</summary>
    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }
}
