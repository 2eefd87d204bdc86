using System.Buffers.Binary;

namespace Blog.Content.Media;

/// <summary>The one thing that is kept of Exif (CIPA DC-008, a TIFF structure): how the picture must be turned to be upright.</summary>
static class Exif
{
    const ushort OrientationTag = 0x0112;

    /// <summary>1 to 8; 1 when the data say nothing or nothing sensible.</summary>
    public static int Orientation(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 14 || tiff is not ([0x49, 0x49, 0x2A, 0x00, ..] or [0x4D, 0x4D, 0x00, 0x2A, ..]))
            return 1;
        var little = tiff[0] == 0x49;
        var directory = Long(tiff[4..], little);
        if (directory > tiff.Length - 2)
            return 1;
        var entries = Short(tiff[(int)directory..], little);
        for (var i = 0; i < entries; i++)
        {
            var at = directory + 2 + i * 12L;
            if (at + 12 > tiff.Length)
                return 1;
            var entry = tiff[(int)at..];
            if (Short(entry, little) == OrientationTag)
                return Short(entry[8..], little) is >= 1 and <= 8 and var orientation ? orientation : 1;
        }
        return 1;
    }

    /// <summary>Exif that says only this.</summary>
    public static byte[] WithOrientation(int orientation) =>
    [
        0x49, 0x49, 0x2A, 0x00, 8, 0, 0, 0, // little endian, first directory at 8
        1, 0, // one entry: orientation, SHORT, one value
        0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0,
        0, 0, 0, 0, // no next directory
    ];

    /// <summary>Width and height as shown: orientations 5 to 8 lie on their side.</summary>
    public static (int Width, int Height) Upright(int orientation, int width, int height) => orientation >= 5 ? (height, width) : (width, height);

    static ushort Short(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint Long(ReadOnlySpan<byte> bytes, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
