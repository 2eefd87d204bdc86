using System.Buffers.Binary;
using System.Text;

namespace Blog.Content.Media;

/// <summary>WebP (RFC 9649): RIFF chunks, one of VP8 (lossy), VP8L (lossless) or VP8X (extended).</summary>
static class WebP
{
    const byte AnimationFlag = 0x02, XmpFlag = 0x04, ExifFlag = 0x08;

    public static bool Is(ReadOnlySpan<byte> file) => file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WEBP"u8);

    public static RecognisedPicture Read(byte[] file)
    {
        var end = checked(8 + (int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(4)));
        if (end > file.Length)
            throw PictureRefusedException.IsTruncated();
        var kept = new MemoryStream(file.Length);
        kept.Write(file, 0, 12);
        int width = 0, height = 0, orientation = 1;
        bool isAnimated = false, hasPicture = false;
        for (var at = 12; at < end;)
        {
            var type = Encoding.Latin1.GetString(file, at, 4);
            var length = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 4)));
            var data = file.AsSpan(at + 8, length);
            // The last chunk of some encoders lacks its padding byte.
            var next = Math.Min(at + 8 + length + (length & 1), end);
            if (at + 8 + length > end)
                throw PictureRefusedException.IsTruncated();
            switch (type)
            {
                case "VP8X":
                    (width, height) = (1 + UInt24(data[4..]), 1 + UInt24(data[7..]));
                    isAnimated = (data[0] & AnimationFlag) != 0;
                    break;
                case "VP8 ":
                    hasPicture = true;
                    if (data.Slice(3, 3) is not [0x9D, 0x01, 0x2A])
                        throw PictureRefusedException.IsTruncated();
                    if (width == 0)
                        (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF);
                    break;
                case "VP8L":
                    hasPicture = true;
                    if (data[0] != 0x2F)
                        throw PictureRefusedException.IsTruncated();
                    var bits = BinaryPrimitives.ReadUInt32LittleEndian(data[1..]);
                    if (width == 0)
                        (width, height) = ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);
                    break;
                case "ANMF": hasPicture = true; break;
                case "EXIF": orientation = Exif.Orientation(data.StartsWith("Exif\0\0"u8) ? data[6..] : data); break;
            }
            if (width > 0)
                PictureFormats.CheckPixels(width, height);
            if (type is not ("EXIF" or "XMP "))
            {
                kept.Write(file, at, next - at);
                if (next - at < 8 + length + (length & 1))
                    kept.WriteByte(0);
            }
            at = next;
        }
        if (!hasPicture)
            throw PictureRefusedException.IsTruncated();
        var bytes = Finish(kept, orientation);
        (width, height) = Exif.Upright(orientation, width, height);
        return new RecognisedPicture("image/webp", width, height, isAnimated, bytes);
    }

    static byte[] Finish(MemoryStream kept, int orientation)
    {
        if (orientation > 1)
        {
            var exif = Exif.WithOrientation(orientation);
            kept.Write("EXIF"u8);
            kept.Write(BitConverter.GetBytes(exif.Length));
            kept.Write(exif);
        }
        var bytes = kept.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        if (bytes.AsSpan(12).StartsWith("VP8X"u8))
            bytes[20] = (byte)((bytes[20] & ~(XmpFlag | ExifFlag)) | (orientation > 1 ? ExifFlag : 0));
        return bytes;
    }

    static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
