using System.Globalization;
using AngleSharp.Dom;

namespace Blog.Content.Text;

// A paragraph of nothing but the site's own pictures is a gallery. Any other renderer shows the same pictures one after another.
sealed partial class ArticleHtml
{
    void Gallery(IElement paragraph, List<IElement> images)
    {
        var size = SizeOf(paragraph, images);
        html.Append(size is null ? "<div class=\"gallery\" role=\"group\"" : $"<div class=\"gallery {size}\" role=\"group\"");
        Attribute("aria-label", string.Create(CultureInfo.InvariantCulture, $"Gallery of {images.Count} pictures"));
        html.Append('>');
        var shapes = images.Select(image => StoredPicture(image)!).Select(picture => GalleryRows.Shape(picture.Width, picture.Height)).ToList();
        var first = 0;
        foreach (var count in GalleryRows.Of(shapes))
        {
            var all = shapes.Skip(first).Take(count).Sum(GalleryRows.Ratio);
            html.Append("<div class=\"gallery-row\">");
            for (var at = first; at < first + count; at++)
            {
                shownAt = Sizes(size, GalleryRows.Ratio(shapes[at]) / all);
                html.Append(CultureInfo.InvariantCulture, $"<figure data-shape=\"{shapes[at]}\">");
                Captioned(images[at], images[at]);
                html.Append("</figure>");
            }
            html.Append("</div>");
            first += count;
        }
        html.Append("</div>");
        shownAt = Sizes(null);
        plain.Append('\n');
    }

    // The stored pictures that are all a paragraph holds, if there are several; none otherwise.
    List<IElement> OnlyPictures(IElement paragraph)
    {
        var images = new List<IElement>();
        foreach (var node in paragraph.ChildNodes)
        {
            if (node is IElement { LocalName: "img" } image && StoredPicture(image) is not null) images.Add(image);
            else if (node is not IText text || !string.IsNullOrWhiteSpace(text.Data)) return [];
        }
        return images.Count > 1 ? images : [];
    }
}
