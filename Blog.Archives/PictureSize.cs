using AngleSharp.Dom;

namespace Blog.Archives;

/// <summary>
/// How wide a picture is shown, as the fragment of its address: #wide, or #full from edge to edge; nothing for the width of the text. Programs that do not know it show the same picture.
/// </summary>
static class PictureSize
{
    const string Wide = "#wide", Full = "#full";

    /// <summary>The address without its size, and the size.</summary>
    public static (string Address, string Size) Split(string address) =>
        address.EndsWith(Wide, StringComparison.Ordinal) ? (address[..^Wide.Length], Wide) : address.EndsWith(Full, StringComparison.Ordinal) ? (address[..^Full.Length], Full) : (address, "");

    /// <summary>The address with the size that Ghost, Medium, WordPress and Substack give a picture by classes of what surrounds it.</summary>
    /// <param name="said">What Substack says of it beside: normal, large or full.</param>
    public static string Sized(string address, IElement picture, string? said)
    {
        var size = said switch { "full" => Full, "large" => Wide, _ => "" };
        for (var around = picture; size.Length == 0 && around is not null and not { LocalName: "body" }; around = around.ParentElement)
        {
            if (around.ClassList.Any(name => name is "kg-width-full" or "alignfull" or "graf--layoutFillWidth")) size = Full;
            else if (around.ClassList.Any(name => name is "kg-width-wide" or "alignwide" or "graf--layoutOutsetCenter")) size = Wide;
        }
        return size.Length == 0 ? address : (address.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? address[..at] : address) + size;
    }
}
