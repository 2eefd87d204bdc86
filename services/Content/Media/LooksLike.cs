using System.Text;

namespace Blog.Content.Media;

/// <summary>What a file that is none of the accepted pictures seems to be, for the message to its owner.</summary>
static class LooksLike
{
    public static string Describe(ReadOnlySpan<byte> file) => file switch
    {
        [] => "an empty file",
        [0x50, 0x4B, 0x03 or 0x05 or 0x07, ..] => "a ZIP archive or an office document",
        [0x25, 0x50, 0x44, 0x46, ..] => "a PDF document",
        [0x42, 0x4D, ..] when file.Length > 26 => "a BMP picture",
        [0x49, 0x49, 0x2A, 0x00, ..] or [0x4D, 0x4D, 0x00, 0x2A, ..] => "a TIFF picture or a camera's raw file",
        [0x38, 0x42, 0x50, 0x53, ..] => "a Photoshop file",
        [0x00, 0x00, 0x01, 0x00, ..] => "an icon",
        [0xFF, 0x0A, ..] or [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, ..] => "a JPEG XL picture",
        [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..] or [0x37, 0x7A, 0xBC, 0xAF, ..] or [0x52, 0x61, 0x72, 0x21, ..] => "a compressed archive",
        [0x7F, 0x45, 0x4C, 0x46, ..] or [0x4D, 0x5A, ..] => "a program",
        [_, _, _, _, 0x66, 0x74, 0x79, 0x70, var a, var b, ..] => (a, b) is (0x68, 0x65) or (0x6D, 0x69) ? "a HEIC picture" : "a video",
        _ => DescribeText(file),
    };

    static string DescribeText(ReadOnlySpan<byte> file)
    {
        var start = Encoding.UTF8.GetString(file[..Math.Min(file.Length, 2048)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        var text = start.ToLowerInvariant();
        if (text.Contains("<svg", StringComparison.Ordinal))
            return "an SVG drawing";
        if (text.StartsWith("<!doctype html", StringComparison.Ordinal) || new[] { "<html", "<head", "<body", "<script", "<iframe", "<img", "<div", "<p>" }.Any(tag => text.Contains(tag, StringComparison.Ordinal)))
            return "an HTML page";
        if (text.StartsWith("<?xml", StringComparison.Ordinal))
            return "an XML document";
        return text.Length > 0 && !text.Any(c => c == '\uFFFD' || char.IsControl(c) && c is not ('\t' or '\r' or '\n')) ? "a text" : "something other than a picture";
    }
}
