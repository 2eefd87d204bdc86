using System.Text;
using System.Text.RegularExpressions;

namespace Blog.Archives.Files;

/// <summary>
/// Reads text whose encoding nobody can be sure of: what a byte order mark or the text itself declares, else UTF-8, in which bytes that are none are read as
/// Windows-1252. Old sites hold both in one file.
/// </summary>
static partial class LenientText
{
    const int Looked = 1024;

    static readonly Encoding Western = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    static readonly Encoding Utf8 = Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new WesternFallback());

    /// <summary>A reader that disposes the stream.</summary>
    public static StreamReader Open(Stream stream)
    {
        var start = new byte[Looked];
        var count = stream.ReadAtLeast(start, Looked, throwOnEndOfStream: false);
        return new StreamReader(new Joined(start.AsMemory(0, count), stream), Guess(start.AsSpan(0, count)), detectEncodingFromByteOrderMarks: true, 32 * 1024);
    }

    /// <summary>The same as UTF-8 without anything invalid in it, for readers of bytes; disposes the stream. What the text declares of itself is not looked for.</summary>
    public static Stream OpenUtf8(Stream stream)
    {
        var start = new byte[Looked];
        var count = stream.ReadAtLeast(start, Looked, throwOnEndOfStream: false);
        return Encoding.CreateTranscodingStream(new Joined(start.AsMemory(0, count), stream), Utf16(start.AsSpan(0, count)) ?? Utf8, Encoding.UTF8);
    }

    /// <summary>All of a text of at most so many characters.</summary>
    /// <exception cref="ArchiveRefusedException">It is longer.</exception>
    public static string ReadAll(Stream stream, int most, string path)
    {
        using var reader = Open(stream);
        return ReadAll(reader, most, path);
    }

    /// <inheritdoc cref="ReadAll(Stream, int, string)"/>
    public static string ReadAll(TextReader reader, int most, string path)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        while (reader.Read(buffer, 0, buffer.Length) is > 0 and var read)
        {
            if (text.Length + read > most) throw new ArchiveRefusedException($"{path} is longer than a text may be");
            text.Append(buffer, 0, read);
        }
        return text.ToString();
    }

    static Encoding Guess(ReadOnlySpan<byte> start)
    {
        if (Utf16(start) is { } wide) return wide;
        var declared = Declaration().Match(Encoding.Latin1.GetString(start)).Groups["name"].Value.ToLowerInvariant();
        // One that needs two bytes for "<" would not have been legible.
        if (declared is "" or "utf-8" or "utf8" || declared.StartsWith("utf-16", StringComparison.Ordinal)) return Utf8;
        if (declared is "iso-8859-1" or "latin1" or "us-ascii") return Western;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(declared) ?? Encoding.GetEncoding(declared);
        }
        catch (ArgumentException)
        {
            return Utf8;
        }
    }

    static Encoding? Utf16(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    [GeneratedRegex("""(?:<\?xml[^>]{0,100}?\sencoding=|<meta[^>]{0,200}?\bcharset=)["']?(?<name>[A-Za-z0-9_:.-]{1,40})""", RegexOptions.IgnoreCase)]
    private static partial Regex Declaration();

    // What was looked at, and then the rest.
    sealed class Joined(ReadOnlyMemory<byte> start, Stream rest) : Stream
    {
        ReadOnlyMemory<byte> left = start;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (left.IsEmpty) return rest.Read(buffer);
            var count = Math.Min(buffer.Length, left.Length);
            left.Span[..count].CopyTo(buffer);
            left = left[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        protected override void Dispose(bool disposing)
        {
            if (disposing) rest.Dispose();
            base.Dispose(disposing);
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    sealed class WesternFallback : DecoderFallback
    {
        public override int MaxCharCount => 4;
        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();

        sealed class Buffer : DecoderFallbackBuffer
        {
            string chars = "";
            int at;

            public override int Remaining => chars.Length - at;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                (chars, at) = (Western.GetString(bytesUnknown), 0);
                return true;
            }

            public override char GetNextChar() => at < chars.Length ? chars[at++] : '\0';

            public override bool MovePrevious()
            {
                if (at == 0) return false;
                at--;
                return true;
            }

            public override void Reset() => (chars, at) = ("", 0);
        }
    }
}
