using System.Buffers.Binary;

namespace Blog.Archives.Files;

/// <summary>
/// Counts the files of a ZIP by walking its central directory (APPNOTE.TXT 4.3.12 to 4.3.16), since opening one builds a list of whatever it claims.
/// </summary>
static class ZipDirectory
{
    const uint FileHeader = 0x02014b50, End = 0x06054b50, End64 = 0x06064b50, Locator64 = 0x07064b50;
    const int EndLength = 22, LongestComment = 65_535, HeaderLength = 46;

    /// <exception cref="ArchiveRefusedException">No ZIP, or more files than may be.</exception>
    public static void Check(Stream zip, int mostFiles)
    {
        zip.Position = Start(zip);
        var header = new byte[HeaderLength];
        for (var files = 0; zip.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength && BinaryPrimitives.ReadUInt32LittleEndian(header) == FileHeader; files++)
        {
            if (files == mostFiles) throw new ArchiveRefusedException($"The ZIP holds more than {mostFiles:N0} files.");
            zip.Position += BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(30)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(32));
        }
        zip.Position = 0;
    }

    static long Start(Stream zip)
    {
        var tail = new byte[Math.Min(zip.Length, EndLength + LongestComment)];
        zip.Position = zip.Length - tail.Length;
        zip.ReadExactly(tail);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != End) continue;
            var start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
            return start == uint.MaxValue ? Start64(zip, zip.Length - tail.Length + at) : start;
        }
        throw Damaged();
    }

    static long Start64(Stream zip, long end)
    {
        var record = new byte[56];
        if (end < 20) throw Damaged();
        zip.Position = end - 20;
        zip.ReadExactly(record.AsSpan(0, 20));
        var at = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(8));
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != Locator64 || at < 0 || at > zip.Length - record.Length) throw Damaged();
        zip.Position = at;
        zip.ReadExactly(record);
        var start = BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48));
        return BinaryPrimitives.ReadUInt32LittleEndian(record) == End64 && start >= 0 && start <= zip.Length ? start : throw Damaged();
    }

    static ArchiveRefusedException Damaged() => new("The ZIP is damaged, or not all of it has come.");
}
