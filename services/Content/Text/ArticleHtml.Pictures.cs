using System.Globalization;
using AngleSharp.Dom;

namespace Blog.Content.Text;

// Pictures: the site's own become responsive images, everybody else's become links, so that no third party learns who reads what.
sealed partial class ArticleHtml
{
    static readonly int[] Widths = [384, 640, 828, 1200, 1920];

    void Picture(IElement image)
    {
        var source = image.GetAttribute("src") ?? "";
        var alt = Collapsed(image.GetAttribute("alt") ?? "");
        if (SafeAddress.MediaId(source) is { } id && pictures.TryGetValue(id, out var known))
            Stored(known, alt, linkDepth == 0 ? image.GetAttribute("title") : null);
        else
            Elsewhere(source, alt);
        plain.Append(' ').Append(alt).Append(' ');
    }

    void Stored(KnownPicture picture, string alt, string? title)
    {
        html.Append("<img");
        if (picture.IsAnimated)
        {
            Attribute("src", $"/media/{picture.Id}");
        }
        else
        {
            Attribute("src", $"/images/{picture.Id}/1200");
            Attribute("srcset", SourceSet(picture));
            Attribute("sizes", "(min-width: 48rem) 38.5rem, 100vw");
        }
        Attribute("width", picture.Width.ToString(CultureInfo.InvariantCulture));
        Attribute("height", picture.Height.ToString(CultureInfo.InvariantCulture));
        Attribute("alt", alt);
        if (title is { Length: > 0 and <= 400 })
            Attribute("title", title);
        // The first is likely in view at once.
        Attribute("loading", picturesShown++ == 0 ? "eager" : "lazy");
        Attribute("decoding", "async");
        html.Append('>');
    }

    static string SourceSet(KnownPicture picture) => string.Join(", ", Widths.Where(width => width <= picture.Width).DefaultIfEmpty(Widths[0])
        .Select(width => string.Create(CultureInfo.InvariantCulture, $"/images/{picture.Id}/{width} {width}w")));

    void Elsewhere(string source, string alt)
    {
        var address = SafeAddress.ForLink(source);
        var isWeb = address is not null && (address.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        var text = alt.Length > 0 ? alt : isWeb && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Host : "";
        if (!isWeb || linkDepth > 0)
        {
            Encode(text);
            return;
        }
        html.Append("<a");
        Attribute("href", address!);
        Attribute("rel", "nofollow ugc noopener");
        html.Append('>');
        Encode(text.Length > 0 ? text : address);
        html.Append("</a>");
    }

    void Figure(IElement paragraph, IElement picture)
    {
        html.Append("<figure>");
        var caption = Collapsed(picture.GetAttribute("title") ?? "");
        if (caption.Length > 0)
            picture.RemoveAttribute("title");
        Children(paragraph);
        if (caption.Length > 0)
        {
            html.Append("<figcaption>");
            Text(caption);
            html.Append("</figcaption>");
        }
        html.Append("</figure>");
        plain.Append('\n');
    }

    // The stored picture that is all a paragraph holds, perhaps inside a link.
    IElement? OnlyPicture(IElement paragraph)
    {
        var holder = paragraph;
        if (Only(holder) is { LocalName: "a" } link)
            holder = link;
        return Only(holder) is { LocalName: "img" } image && SafeAddress.MediaId(image.GetAttribute("src") ?? "") is { } id && pictures.ContainsKey(id) ? image : null;
    }

    static IElement? Only(IElement parent)
    {
        IElement? only = null;
        foreach (var node in parent.ChildNodes)
        {
            if (node is IText text && string.IsNullOrWhiteSpace(text.Data))
                continue;
            if (only is not null || node is not IElement element)
                return null;
            only = element;
        }
        return only;
    }
}
