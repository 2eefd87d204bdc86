using System.Buffers.Binary;

namespace Blog.Content.Media;

/// <summary>GIF (GIF89a specification): a screen, then extensions and images, each a run of sub-blocks, then a trailer.</summary>
static class Gif
{
    const byte Extension = 0x21, Image = 0x2C, Trailer = 0x3B, CommentLabel = 0xFE, ApplicationLabel = 0xFF, PlainTextLabel = 0x01;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8);

    public static RecognisedPicture Read(byte[] file)
    {
        int width = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(6)), height = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        PictureFormats.CheckPixels(width, height);
        var at = 13 + ColourTable(file[10]);
        var kept = new MemoryStream(file.Length);
        kept.Write(file, 0, at);
        var images = 0;
        while (file[at] != Trailer)
        {
            var start = at;
            var isKept = true;
            switch (file[at])
            {
                case Extension:
                    isKept = file[at + 1] switch
                    {
                        CommentLabel or PlainTextLabel => false,
                        // Other applications' blocks hold XMP and the like.
                        ApplicationLabel => file.AsSpan(at + 3, 11) is var name && (name.SequenceEqual("NETSCAPE2.0"u8) || name.SequenceEqual("ANIMEXTS1.0"u8) || name.SequenceEqual("ICCRGBG1012"u8)),
                        _ => true,
                    };
                    at = SubBlocksEnd(file, at + 2);
                    break;
                case Image:
                    images++;
                    at = SubBlocksEnd(file, at + 10 + ColourTable(file[at + 9]) + 1);
                    break;
                default:
                    throw PictureRefusedException.IsTruncated();
            }
            if (isKept)
                kept.Write(file, start, at - start);
        }
        kept.WriteByte(Trailer);
        return images == 0 ? throw PictureRefusedException.IsTruncated() : new RecognisedPicture("image/gif", width, height, images > 1, kept.ToArray());
    }

    static int ColourTable(byte flags) => (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));

    static int SubBlocksEnd(byte[] file, int at)
    {
        while (file[at] != 0)
            at += file[at] + 1;
        return at + 1;
    }
}
