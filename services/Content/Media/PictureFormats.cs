namespace Blog.Content.Media;

/// <summary>A picture as it is kept: what it is, how large it is shown, and its bytes without what they told about its maker.</summary>
sealed record RecognisedPicture(string ContentType, int Width, int Height, bool IsAnimated, byte[] Bytes);

/// <summary>Tells a picture by its content, never by its name or declared type, and reads it to its end.</summary>
static class PictureFormats
{
    public const long MostPixels = 100_000_000;

    /// <exception cref="PictureRefusedException">It is something else, too large in pixels, or incomplete.</exception>
    public static RecognisedPicture Read(byte[] file)
    {
        try
        {
            var picture =
                Png.Is(file) ? Png.Read(file)
                : Jpeg.Is(file) ? Jpeg.Read(file)
                : Gif.Is(file) ? Gif.Read(file)
                : WebP.Is(file) ? WebP.Read(file)
                : Avif.Is(file) ? Avif.Read(file)
                : throw PictureRefusedException.LooksLike(LooksLike.Describe(file));
            CheckPixels(picture.Width, picture.Height);
            return picture;
        }
        // Every format says how far to read; reading past the end is how a truncated file shows.
        catch (Exception problem) when (problem is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw PictureRefusedException.IsTruncated();
        }
    }

    /// <summary>Called by each format as soon as it knows the dimensions, before it reads on.</summary>
    public static void CheckPixels(long width, long height)
    {
        if (width <= 0 || height <= 0)
            throw PictureRefusedException.IsTruncated();
        if (width * height > MostPixels)
            throw new PictureRefusedException(PictureRefusedException.TooManyPixels, $"The picture has {width:N0} × {height:N0} pixels; the most is 100 megapixels. Make it smaller and upload it again.");
    }
}
