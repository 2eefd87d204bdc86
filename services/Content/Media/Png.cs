using System.Buffers.Binary;
using System.Text;

namespace Blog.Content.Media;

/// <summary>PNG (W3C PNG 3rd edition): a signature and chunks of length, type, data, CRC.</summary>
static class Png
{
    static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    // What changes how the picture looks. Text, time and Exif chunks do not.
    static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "pHYs", "acTL", "fcTL", "fdAT",
    };

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static RecognisedPicture Read(byte[] file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write(Signature);
        int width = 0, height = 0, orientation = 1;
        bool isAnimated = false, hasData = false;
        for (var at = Signature.Length; ;)
        {
            var length = checked((int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at)));
            var type = Encoding.Latin1.GetString(file, at + 4, 4);
            var data = file.AsSpan(at + 8, length);
            if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)) is var crc && type is "IHDR" or "PLTE" && crc != Crc(file.AsSpan(at + 4, length + 4)))
                throw PictureRefusedException.IsTruncated();
            if (width == 0 && type != "IHDR")
                throw PictureRefusedException.IsTruncated();
            switch (type)
            {
                case "IHDR":
                    (width, height) = (checked((int)BinaryPrimitives.ReadUInt32BigEndian(data)), checked((int)BinaryPrimitives.ReadUInt32BigEndian(data[4..])));
                    PictureFormats.CheckPixels(width, height);
                    break;
                case "IDAT": hasData = true; break;
                case "acTL": isAnimated = true; break;
                case "eXIf" when Exif.Orientation(data) is > 1 and var turned && !hasData:
                    orientation = turned;
                    Write(kept, "eXIf", Exif.WithOrientation(turned));
                    break;
            }
            if (Kept.Contains(type))
                kept.Write(file, at, length + 12);
            at += length + 12;
            // What follows the end of a PNG is no part of it.
            if (type == "IEND")
                break;
        }
        if (!hasData)
            throw PictureRefusedException.IsTruncated();
        (width, height) = Exif.Upright(orientation, width, height);
        return new RecognisedPicture("image/png", width, height, isAnimated, kept.ToArray());
    }

    static void Write(MemoryStream to, string type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        to.Write(number);
        byte[] body = [.. Encoding.Latin1.GetBytes(type), .. data];
        to.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
        to.Write(number);
    }

    /// <summary>CRC-32 of a chunk's type and data (PNG, annex D), bit by bit: only short chunks are checked.</summary>
    static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : 0xEDB88320 ^ (crc >> 1);
        }
        return ~crc;
    }
}
