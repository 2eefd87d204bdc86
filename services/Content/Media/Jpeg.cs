using System.Buffers.Binary;

namespace Blog.Content.Media;

/// <summary>JPEG (ITU-T T.81 annex B): segments that begin with a marker, and entropy-coded data after each start of scan.</summary>
static class Jpeg
{
    const byte App0 = 0xE0, App1 = 0xE1, App2 = 0xE2, App14 = 0xEE, App15 = 0xEF, Comment = 0xFE, StartOfScan = 0xDA, EndOfImage = 0xD9;

    public static bool Is(ReadOnlySpan<byte> file) => file is [0xFF, 0xD8, 0xFF, ..];

    public static RecognisedPicture Read(byte[] file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write([0xFF, 0xD8]);
        int width = 0, height = 0, orientation = 1;
        var hasScan = false;
        var exifAt = kept.Position;
        for (var at = 2; ;)
        {
            while (file[at] == 0xFF && file[at + 1] == 0xFF)
                at++;
            if (file[at] != 0xFF)
                throw PictureRefusedException.IsTruncated();
            var marker = file[at + 1];
            if (marker == EndOfImage)
            {
                kept.Write([0xFF, EndOfImage]);
                break;
            }
            var length = BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2));
            var data = file.AsSpan(at + 4, length - 2);
            if (IsFrame(marker))
            {
                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(data[1..]), BinaryPrimitives.ReadUInt16BigEndian(data[3..]));
                PictureFormats.CheckPixels(width, height);
            }
            if (marker == App1 && data.StartsWith("Exif\0\0"u8))
                orientation = Exif.Orientation(data[6..]);
            var end = at + 2 + length;
            if (marker == StartOfScan)
            {
                hasScan = true;
                end = ScanEnd(file, end);
            }
            if (IsKept(marker, data))
                kept.Write(file, at, end - at);
            // JFIF wants to be first.
            if (marker == App0)
                exifAt = kept.Position;
            at = end;
        }
        if (!hasScan || width == 0)
            throw PictureRefusedException.IsTruncated();
        (width, height) = Exif.Upright(orientation, width, height);
        return new RecognisedPicture("image/jpeg", width, height, false, orientation == 1 ? kept.ToArray() : WithOrientation(kept.ToArray(), (int)exifAt, orientation));
    }

    // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
    static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // Of the application segments only JFIF, the colour profile and Adobe's colour transform change how it looks.
    static bool IsKept(byte marker, ReadOnlySpan<byte> data) => marker switch
    {
        App0 => data.StartsWith("JFIF\0"u8),
        App2 => data.StartsWith("ICC_PROFILE\0"u8),
        App14 => data.StartsWith("Adobe"u8),
        >= App1 and <= App15 or Comment => false,
        _ => true,
    };

    // In coded data FF is followed by 00 (a stuffed FF) or D0 to D7 (restart); anything else is the next marker.
    static int ScanEnd(byte[] file, int at)
    {
        while (true)
        {
            var next = file.AsSpan(at).IndexOf((byte)0xFF);
            if (next < 0 || at + next + 1 >= file.Length)
                throw PictureRefusedException.IsTruncated();
            at += next;
            if (file[at + 1] is 0x00 or (>= 0xD0 and <= 0xD7))
                at += 2;
            else if (file[at + 1] == 0xFF)
                at++;
            else
                return at;
        }
    }

    static byte[] WithOrientation(byte[] picture, int at, int orientation)
    {
        byte[] data = [.. "Exif\0\0"u8, .. Exif.WithOrientation(orientation)];
        byte[] segment = [0xFF, App1, 0, (byte)(data.Length + 2), .. data];
        return [.. picture.AsSpan(0, at), .. segment, .. picture.AsSpan(at)];
    }
}
