using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Blog.Content.Tests;

/// <summary>Small pictures, made here byte by byte from the specifications.</summary>
static class SamplePictures
{
    public static byte[] Png(int width = 3, int height = 2, params (string Type, byte[] Data)[] extra)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 0);
        // A few rows suffice: nothing here decodes the picture.
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(new byte[Math.Min(height, 16) * (Math.Min(width, 1000) + 1)]);
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk("IHDR", header), .. extra.SelectMany(e => Chunk(e.Type, e.Data)), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
    }

    static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.Latin1.GetBytes(type), .. data];
        return [.. Big(data.Length), .. body, .. Big((int)Crc(body))];
    }

    static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
        }
        return ~crc;
    }

    public static byte[] Jpeg(int width = 30, int height = 20, params (byte Marker, byte[] Data)[] extra) =>
    [
        0xFF, 0xD8, .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 0, 0]), .. extra.SelectMany(e => Segment(e.Marker, e.Data)),
        .. Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]),
        .. Segment(0xDA, [1, 1, 0, 0, 63, 0]), 0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xD9,
    ];

    static byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    /// <summary>Exif with an orientation, a maker and a place.</summary>
    public static byte[] Exif(int orientation, bool littleEndian = true)
    {
        byte[] Two(int n) => littleEndian ? [(byte)n, (byte)(n >> 8)] : [(byte)(n >> 8), (byte)n];
        byte[] Four(int n) => littleEndian ? [.. Two(n & 0xFFFF), .. Two(n >> 16)] : [.. Two(n >> 16), .. Two(n & 0xFFFF)];
        return
        [
            .. littleEndian ? "II"u8 : "MM"u8, .. Two(42), .. Four(8), .. Two(3),
            .. Two(0x010F), .. Two(2), .. Four(4), .. "GPSx"u8, .. Two(0x0112), .. Two(3), .. Four(1), .. Two(orientation), 0, 0, .. Two(0x8825), .. Two(4), .. Four(1), .. Four(60), .. Four(0),
            .. "SECRET PLACE 54.1 N"u8,
        ];
    }

    public static byte[] Gif(int width = 5, int height = 4, int frames = 1) =>
    [
        .. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0x80, 0, 0, 0, 0, 0, 255, 255, 255,
        0x21, 0xFE, 6, .. "SECRET"u8, 0,
        .. Enumerable.Repeat((byte[])[0x2C, 0, 0, 0, 0, (byte)width, 0, (byte)height, 0, 0, 2, 2, 0x4C, 1, 0], frames).SelectMany(frame => frame), 0x3B,
    ];

    public static byte[] WebPLossy(int width, int height) => Riff(Riffed("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 0]));

    public static byte[] WebPLossless(int width, int height) => Riff(Riffed("VP8L", [0x2F, .. BitConverter.GetBytes((width - 1) | (height - 1) << 14), 0]));

    public static byte[] WebPExtended(int width, int height, byte flags, byte[]? exif = null) => Riff(
        Riffed("VP8X", [flags, 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), (byte)((width - 1) >> 16), (byte)(height - 1), (byte)((height - 1) >> 8), (byte)((height - 1) >> 16)]),
        Riffed("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 1, 0, 1, 0, 0, 0]), exif is null ? [] : Riffed("EXIF", exif), Riffed("XMP ", "SECRET XMP"u8.ToArray()));

    static byte[] Riff(params byte[][] chunks)
    {
        var body = chunks.SelectMany(chunk => chunk).ToArray();
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length + 4), .. "WEBP"u8, .. body];
    }

    static byte[] Riffed(string type, byte[] data) => [.. Encoding.Latin1.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[data.Length & 1]];

    /// <summary>A still with a thumbnail (item 2) listed first and Exif (item 3).</summary>
    public static byte[] Avif(int width, int height, bool turned = false)
    {
        var exif = "\0\0\0\0II*\0SECRET PLACE"u8.ToArray();
        byte[] FileType() => Box("ftyp", [.. "avif"u8, 0, 0, 0, 0, .. "avif"u8, .. "mif1"u8]);
        byte[] Meta(int dataAt) => Box("meta", [0, 0, 0, 0,
            .. Box("pitm", [0, 0, 0, 0, 0, 1]),
            .. Box("iinf", [0, 0, 0, 0, 0, 2, .. Box("infe", [2, 0, 0, 0, 0, 1, 0, 0, .. "av01"u8, 0]), .. Box("infe", [2, 0, 0, 0, 0, 3, 0, 0, .. "Exif"u8, 0])]),
            .. Box("iloc", [0, 0, 0, 0, 0x44, 0x00, 0, 2, 0, 1, 0, 0, 0, 1, .. Big(dataAt), .. Big(4), 0, 3, 0, 0, 0, 1, .. Big(dataAt + 4), .. Big(exif.Length)]),
            .. Box("iprp", [
                .. Box("ipco", [.. Box("ispe", [0, 0, 0, 0, .. Big(16), .. Big(9)]), .. Box("ispe", [0, 0, 0, 0, .. Big(width), .. Big(height)]), .. Box("irot", [1])]),
                .. Box("ipma", [0, 0, 0, 0, .. Big(2), 0, 1, (byte)(turned ? 2 : 1), 2, .. turned ? new byte[] { 3 } : [], 0, 2, 1, 1])]),
        ]);
        var at = FileType().Length + Meta(0).Length + 8;
        return [.. FileType(), .. Meta(at), .. Box("mdat", [1, 2, 3, 4, .. exif])];
    }

    static byte[] Box(string type, byte[] data) => [.. Big(data.Length + 8), .. Encoding.Latin1.GetBytes(type), .. data];

    static byte[] Big(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
