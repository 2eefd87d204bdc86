using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Blog.Content.Revisions;

/// <summary>
/// Texts as they are stored: Zstandard frames (RFC 8878), with the text before as dictionary (“raw content”, section 5) where there is one. What two
/// texts share is then a reference, and a changed word in 20 KB costs about 30 bytes.
/// </summary>
static class RevisionFrame
{
    const int Level = 9, SmallestWindow = 17, LargestWindow = 24;

    public static byte[] Encode(byte[] text, byte[]? before)
    {
        using var compressor = new Compressor(Level);
        // Both texts must fit into the window, or what is far back is not found.
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, WindowFor(text.Length + (before?.Length ?? 0)));
        if (before is not null)
            compressor.LoadDictionary(before);
        return compressor.Wrap(text).ToArray();
    }

    /// <exception cref="ZstdException">The frame is damaged, or was made with another text before it.</exception>
    public static byte[] Decode(byte[] frame, byte[]? before)
    {
        using var decompressor = new Decompressor();
        if (before is not null)
            decompressor.LoadDictionary(before);
        return decompressor.Unwrap(frame).ToArray();
    }

    static int WindowFor(int length) => Math.Clamp(32 - int.LeadingZeroCount(length), SmallestWindow, LargestWindow);
}
