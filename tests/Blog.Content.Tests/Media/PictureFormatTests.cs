using System.Text;
using Blog.Content.Media;

namespace Blog.Content.Tests;

public sealed class PictureFormatTests
{
    static PictureRefusedException Refused(byte[] file) => Should.Throw<PictureRefusedException>(() => PictureFormats.Read(file));

    static bool Contains(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.Latin1.GetBytes(text)) >= 0;

    public static TheoryData<string, byte[], string, int, int, bool> Good => new(
        ("png", SamplePictures.Png(640, 480), "image/png", 640, 480, false),
        ("animated png", SamplePictures.Png(3, 2, ("acTL", new byte[8])), "image/png", 3, 2, true),
        ("jpeg", SamplePictures.Jpeg(4032, 3024), "image/jpeg", 4032, 3024, false),
        ("gif", SamplePictures.Gif(320, 200), "image/gif", 320, 200, false),
        ("animated gif", SamplePictures.Gif(20, 10, 3), "image/gif", 20, 10, true),
        ("webp lossy", SamplePictures.WebPLossy(800, 600), "image/webp", 800, 600, false),
        ("webp lossless", SamplePictures.WebPLossless(801, 601), "image/webp", 801, 601, false),
        ("webp extended", SamplePictures.WebPExtended(9000, 70, 0), "image/webp", 9000, 70, false),
        ("webp animated", SamplePictures.WebPExtended(90, 70, 2), "image/webp", 90, 70, true),
        ("avif", SamplePictures.Avif(1234, 567), "image/avif", 1234, 567, false),
        ("avif turned", SamplePictures.Avif(1234, 567, turned: true), "image/avif", 567, 1234, false));

    [Theory]
    [MemberData(nameof(Good))]
    public void A_picture_is_known_by_its_content(string name, byte[] file, string contentType, int width, int height, bool isAnimated)
    {
        var picture = PictureFormats.Read(file);
        (picture.ContentType, picture.Width, picture.Height, picture.IsAnimated).ShouldBe((contentType, width, height, isAnimated), name);
        // What is kept is a picture again, and the same one.
        var again = PictureFormats.Read(picture.Bytes);
        (again.ContentType, again.Width, again.Height, again.IsAnimated).ShouldBe((contentType, width, height, isAnimated), name);
        again.Bytes.ShouldBe(picture.Bytes);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_picture_cut_off_anywhere_is_refused(string name, byte[] file, string contentType, int width, int height, bool isAnimated)
    {
        (contentType.Length + width + height).ShouldBeGreaterThan(isAnimated ? 1 : 0);
        for (var length = 1; length < file.Length; length++)
            Refused(file[..length]).Reason.ShouldBeOneOf([PictureRefusedException.Truncated, PictureRefusedException.Unsupported], $"{name} cut at {length} of {file.Length}");
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Damaged_bytes_never_do_more_than_be_refused(string name, byte[] file, string contentType, int width, int height, bool isAnimated)
    {
        var random = new Random(width * 31 + height + contentType.Length + (isAnimated ? 1 : 0));
        for (var round = 0; round < 2000; round++)
        {
            var damaged = (byte[])file.Clone();
            for (var i = random.Next(1, 4); i > 0; i--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                PictureFormats.Read(damaged).Bytes.Length.ShouldBeLessThanOrEqualTo(file.Length + 64, name);
            }
            catch (PictureRefusedException)
            {
                // The only way to say no.
            }
        }
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html><body>x</body></html>", "an HTML page")]
    [InlineData("\uFEFF  <html><script>alert(1)</script></html>", "an HTML page")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "an SVG drawing")]
    [InlineData("<?xml version=\"1.0\"?><svg/>", "an SVG drawing")]
    [InlineData("<?xml version=\"1.0\"?><feed/>", "an XML document")]
    [InlineData("PK\u0003\u0004rest of it", "a ZIP archive or an office document")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("just some words", "a text")]
    [InlineData("", "an empty file")]
    public void What_is_no_picture_is_refused_by_what_it_looks_like(string content, string what)
    {
        var refused = Refused(Encoding.UTF8.GetBytes(content));
        refused.Reason.ShouldBe(PictureRefusedException.Unsupported);
        refused.Message.ShouldContain(what);
    }

    [Fact]
    public void Thirty_thousand_pixels_square_are_too_many()
    {
        var refused = Refused(SamplePictures.Png(30_000, 30_000));
        refused.Reason.ShouldBe(PictureRefusedException.TooManyPixels);
        refused.Message.ShouldContain("30,000 × 30,000");
        PictureFormats.Read(SamplePictures.Png(10_000, 10_000)).Width.ShouldBe(10_000);
    }

    [Theory]
    [InlineData(1, 30, 20)]
    [InlineData(3, 30, 20)]
    [InlineData(6, 20, 30)]
    [InlineData(8, 20, 30)]
    public void A_photo_keeps_its_orientation_and_colours_but_not_where_it_was_taken(int orientation, int width, int height)
    {
        foreach (var littleEndian in new[] { true, false })
        {
            var file = SamplePictures.Jpeg(30, 20,
                (0xE1, [.. "Exif\0\0"u8, .. SamplePictures.Exif(orientation, littleEndian)]), (0xE1, "http://ns.adobe.com/xap/1.0/\0SECRET XMP"u8.ToArray()),
                (0xED, "Photoshop 3.0\0SECRET IPTC"u8.ToArray()), (0xFE, "SECRET COMMENT"u8.ToArray()), (0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, 9, 9]), (0xE2, "MPF\0SECRET"u8.ToArray()));
            var picture = PictureFormats.Read(file);
            (picture.Width, picture.Height).ShouldBe((width, height));
            Contains(picture.Bytes, "SECRET").ShouldBeFalse();
            Contains(picture.Bytes, "ICC_PROFILE").ShouldBeTrue();
            Contains(picture.Bytes, "Exif").ShouldBe(orientation != 1);
        }
    }

    [Fact]
    public void Text_and_place_are_taken_out_of_every_format_and_nothing_may_hide_behind_the_end()
    {
        var hidden = "PK\u0003\u0004SECRET"u8.ToArray();
        byte[][] files =
        [
            SamplePictures.Png(3, 2, ("tEXt", "Author\0SECRET"u8.ToArray()), ("eXIf", SamplePictures.Exif(6)), ("iCCP", "kept\0\0x"u8.ToArray())),
            SamplePictures.Jpeg(), SamplePictures.Gif(), SamplePictures.WebPExtended(9, 7, 0x0C, SamplePictures.Exif(1)),
        ];
        foreach (var file in files)
            Contains(PictureFormats.Read([.. file, .. hidden]).Bytes, "SECRET").ShouldBeFalse();
        Contains(PictureFormats.Read(SamplePictures.Avif(9, 7)).Bytes, "SECRET").ShouldBeFalse();
        Contains(SamplePictures.Avif(9, 7), "SECRET").ShouldBeTrue();

        var png = PictureFormats.Read(files[0]);
        (png.Width, png.Height).ShouldBe((2, 3));
        Contains(png.Bytes, "iCCP").ShouldBeTrue();
        var webp = PictureFormats.Read(SamplePictures.WebPExtended(9, 7, 0x0C, SamplePictures.Exif(6)));
        (webp.Width, webp.Height, webp.Bytes[20]).ShouldBe((7, 9, (byte)0x08));
    }
}
