using System.Buffers.Binary;
using System.Text;

namespace Blog.Content.Media;

/// <summary>AVIF (AV1 Image File Format 1.1 on ISO/IEC 23008-12 and 14496-12): boxes in boxes; the size of the primary item is its ispe property.</summary>
static class Avif
{
    readonly record struct Box(string Type, int Start, int End);

    public static bool Is(ReadOnlySpan<byte> file)
    {
        if (file.Length < 16 || !file[4..].StartsWith("ftyp"u8))
            return false;
        var end = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(file), Math.Min((uint)file.Length, 256));
        for (var at = 8; at + 4 <= end; at += 4)
        {
            // Major brand, then (after the version) compatible ones.
            if (at != 12 && (file[at..].StartsWith("avif"u8) || file[at..].StartsWith("avis"u8)))
                return true;
        }
        return false;
    }

    public static RecognisedPicture Read(byte[] file)
    {
        var top = Boxes(file, 0, file.Length);
        if (!top.Exists(box => box.Type == "mdat"))
            throw PictureRefusedException.IsTruncated();
        var meta = Find(top, "meta");
        var parts = Boxes(file, meta.Start + 4, meta.End);
        var primary = Find(parts, "pitm") is var pitm && file[pitm.Start] == 0
            ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(pitm.Start + 4))
            : BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(pitm.Start + 4));

        var iprp = Boxes(file, Find(parts, "iprp").Start, Find(parts, "iprp").End);
        var properties = Boxes(file, Find(iprp, "ipco").Start, Find(iprp, "ipco").End);
        int width = 0, height = 0;
        var isTurned = false;
        foreach (var index in Associated(file, Find(iprp, "ipma"), primary))
        {
            var property = properties[index - 1];
            if (property.Type == "ispe")
                (width, height) = (checked((int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(property.Start + 4))), checked((int)BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(property.Start + 8))));
            else if (property.Type == "irot")
                isTurned = (file[property.Start] & 1) == 1;
        }
        PictureFormats.CheckPixels(width, height);
        var kept = (byte[])file.Clone();
        BlankMetadata(kept, parts);
        var isAnimated = file.AsSpan(8).StartsWith("avis"u8);
        return isTurned ? new RecognisedPicture("image/avif", height, width, isAnimated, kept) : new RecognisedPicture("image/avif", width, height, isAnimated, kept);
    }

    // Taking items out would move all others; their bytes become zeros instead, which no reader takes for Exif or XMP.
    static void BlankMetadata(byte[] file, List<Box> meta)
    {
        if (!meta.Exists(box => box.Type == "iinf") || !meta.Exists(box => box.Type == "iloc"))
            return;
        var personal = MetadataItems(file, Find(meta, "iinf"));
        var iloc = Find(meta, "iloc");
        var (version, sizes, at) = (file[iloc.Start], BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(iloc.Start + 4)), iloc.Start + 6);
        int offsetSize = sizes >> 12, lengthSize = (sizes >> 8) & 15, baseSize = (sizes >> 4) & 15, indexSize = version is 1 or 2 ? sizes & 15 : 0;
        // Without offsets and lengths an item could claim any number of extents at no cost.
        if (offsetSize + lengthSize == 0)
            throw PictureRefusedException.IsTruncated();
        var items = Number(file, ref at, version < 2 ? 2 : 4);
        var idat = meta.Find(box => box.Type == "idat");
        for (var item = 0L; item < items; item++)
        {
            var id = Number(file, ref at, version < 2 ? 2 : 4);
            var method = version is 1 or 2 ? Number(file, ref at, 2) & 15 : 0;
            at += 2;
            var from = Number(file, ref at, baseSize) + (method == 1 ? idat.Start : 0);
            var extents = Number(file, ref at, 2);
            for (var extent = 0L; extent < extents; extent++)
            {
                at += indexSize;
                var offset = Number(file, ref at, offsetSize);
                var length = Number(file, ref at, lengthSize);
                var bytes = file.AsSpan(checked((int)(from + offset)), checked((int)length));
                if (personal.Contains(id))
                    bytes.Clear();
            }
        }
    }

    static HashSet<long> MetadataItems(byte[] file, Box iinf)
    {
        var items = new HashSet<long>();
        var wide = file[iinf.Start] != 0;
        foreach (var entry in Boxes(file, iinf.Start + (wide ? 8 : 6), iinf.End).Where(box => box.Type == "infe" && file[box.Start] >= 2))
        {
            var at = entry.Start + 4;
            var id = Number(file, ref at, file[entry.Start] == 2 ? 2 : 4);
            if (Encoding.Latin1.GetString(file, at + 2, 4) is "Exif" or "mime")
                items.Add(id);
        }
        return items;
    }

    static IEnumerable<int> Associated(byte[] file, Box ipma, uint item)
    {
        var (version, wide, at) = (file[ipma.Start], (file[ipma.Start + 3] & 1) == 1, ipma.Start + 4);
        var entries = Number(file, ref at, 4);
        for (var entry = 0L; entry < entries; entry++)
        {
            var id = Number(file, ref at, version < 1 ? 2 : 4);
            int count = file[at++];
            for (var i = 0; i < count; i++)
            {
                var index = wide ? (int)Number(file, ref at, 2) & 0x7FFF : file[at++] & 0x7F;
                if (id == item && index > 0)
                    yield return index;
            }
        }
    }

    static long Number(byte[] file, ref int at, int size)
    {
        long value = 0;
        for (var i = 0; i < size; i++)
            value = checked(value * 256 + file[at++]);
        return value;
    }

    static Box Find(List<Box> boxes, string type) => boxes.Find(box => box.Type == type) is { Type: not null } found ? found : throw PictureRefusedException.IsTruncated();

    static List<Box> Boxes(byte[] file, int at, int end)
    {
        var boxes = new List<Box>();
        while (at + 8 <= end)
        {
            long size = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            var header = 8;
            if (size == 1)
                (size, header) = (checked((long)BinaryPrimitives.ReadUInt64BigEndian(file.AsSpan(at + 8))), 16);
            if (size == 0)
                size = end - at;
            if (size < header || at + size > end)
                throw PictureRefusedException.IsTruncated();
            boxes.Add(new Box(Encoding.Latin1.GetString(file, at + 4, 4), at + header, (int)(at + size)));
            at += (int)size;
        }
        return boxes;
    }
}
