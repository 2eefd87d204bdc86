using System.Globalization;
using AngleSharp.Dom;

namespace Blog.Content.Text;

// Pictures: the site's own become responsive images, everybody else's become links, so that no third party learns who reads what.
sealed partial class ArticleHtml
{
    static readonly int[] Widths = [384, 640, 828, 1200, 1920];

    // How wide the next picture is shown, for the browser's choice among widths.
    string shownAt = Sizes(null);

    void Picture(IElement image)
    {
        var alt = Collapsed(image.GetAttribute("alt") ?? "");
        if (StoredPicture(image) is { } known)
            Stored(known, alt, linkDepth == 0 ? image.GetAttribute("title") : null);
        else
            Elsewhere(image.GetAttribute("src") ?? "", alt);
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
            Attribute("sizes", shownAt);
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
        var size = SizeOf(paragraph, [picture]);
        shownAt = Sizes(size);
        html.Append(size is null ? "<figure>" : $"<figure class=\"{size}\">");
        Captioned(paragraph.FirstElementChild!, picture);
        html.Append("</figure>");
        shownAt = Sizes(null);
        plain.Append('\n');
    }

    // A picture, perhaps inside a link, and its title as what is said below it.
    void Captioned(IElement shown, IElement picture)
    {
        var caption = Collapsed(picture.GetAttribute("title") ?? "");
        if (caption.Length > 0)
            picture.RemoveAttribute("title");
        Node(shown);
        if (caption.Length > 0)
        {
            html.Append("<figcaption>");
            Text(caption);
            html.Append("</figcaption>");
        }
    }

    // /media/{id}#wide and #full: any other renderer shows the same picture at the width of its text. Inside lists and quotes there is no room to be wide.
    static string? SizeOf(IElement paragraph, IEnumerable<IElement> images)
    {
        if (paragraph.ParentElement is not { LocalName: "body" })
            return null;
        var sizes = images.Select(image => (image.GetAttribute("src") ?? "").Split('#')[^1]).ToHashSet();
        return sizes.Contains("full") ? "full" : sizes.Contains("wide") ? "wide" : null;
    }

    // What base.css and pictures.css make of it.
    static string Sizes(string? size, double share = 1) => size switch
    {
        "full" => string.Create(CultureInfo.InvariantCulture, $"(min-width: 48rem) {100 * share:0.#}vw, 100vw"),
        "wide" => string.Create(CultureInfo.InvariantCulture, $"(min-width: 64rem) {60 * share:0.##}rem, 100vw"),
        _ => string.Create(CultureInfo.InvariantCulture, $"(min-width: 48rem) {38.5 * share:0.##}rem, 100vw"),
    };

    KnownPicture? StoredPicture(IElement image) => SafeAddress.MediaId(image.GetAttribute("src") ?? "") is { } id ? pictures.GetValueOrDefault(id) : null;

    // The stored picture that is all a paragraph holds, perhaps inside a link.
    IElement? OnlyPicture(IElement paragraph)
    {
        var holder = paragraph;
        if (Only(holder) is { LocalName: "a" } link)
            holder = link;
        return Only(holder) is { LocalName: "img" } image && StoredPicture(image) is not null ? image : null;
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
