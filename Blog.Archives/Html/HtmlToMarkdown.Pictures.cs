using System.Text.Json;
using AngleSharp.Dom;

namespace Blog.Archives.Html;

// Pictures and what is said below them. A caption is the title of a picture that stands alone, as the site's renderer reads it.
sealed partial class HtmlToMarkdown
{
    const int LongestCaption = 400;

    string Figure(IElement figure)
    {
        var caption = figure.Children.FirstOrDefault(child => child.LocalName == "figcaption") ?? figure.QuerySelector("figcaption") ?? figure.QuerySelector(".wp-caption-text, .image-caption");
        var pictures = figure.QuerySelectorAll("img").Where(image => Source(image) is not null && caption?.Contains(image) != true && image.Closest("noscript") is null).ToList();
        if (figure.QuerySelector("table") is { } table) return WithCaption(Table(table), caption);
        if (figure.QuerySelector("pre") is not null || figure.QuerySelector("blockquote") is not null && pictures.Count == 0) return Content(figure, caption);
        if (IsBookmark(figure)) return Embedded(figure);
        if (pictures.Count == 0)
        {
            var embed = figure.QuerySelector("iframe, video, audio, embed, object, script[src]");
            if (embed is not null) return WithCaption(Embedded(embed), caption);
            // What WordPress calls an embed is the bare address.
            return Content(figure, caption);
        }
        if (pictures.Count == 1) return Captioned(pictures[0], caption);
        return WithCaption(Gallery(pictures, figure), caption is not null && caption.ParentElement == figure ? caption : null);
    }

    /// <summary>Pictures on lines that follow one another are a gallery. One in a link, or with a link in its caption, stands by itself, and so do all beside it.</summary>
    string Gallery(IEnumerable<IElement> pictures, IElement around)
    {
        var written = pictures.Select(picture => Captioned(picture, picture.Closest("figure") is { } own && own != around ? own.QuerySelector("figcaption") : null)).ToList();
        return string.Join(written.TrueForAll(picture => picture.StartsWith("![", StringComparison.Ordinal)) ? "\n" : "\n\n", written);
    }

    // Medium sets pictures side by side in a section of their own.
    string? Row(IElement section) =>
        section.ClassList.Any(name => name.EndsWith("outsetRow", StringComparison.OrdinalIgnoreCase)) && section.QuerySelectorAll("img").Where(image => Source(image) is not null).ToList() is { Count: > 1 } pictures && section.QuerySelector("p, h1, h2, h3, h4, pre, ul, ol") is null
            ? Gallery(pictures, section)
            : null;

    // Substack says in an attribute which pictures a gallery has.
    static string? DescribedGallery(IElement element)
    {
        if (!element.ClassList.Contains("image-gallery-embed") || Attributes(element) is not { } json) return null;
        using (json)
        {
            if (!json.RootElement.TryGetProperty("gallery", out var gallery) || gallery.ValueKind is not JsonValueKind.Object || !gallery.TryGetProperty("images", out var images) || images.ValueKind is not JsonValueKind.Array) return null;
            var alt = MarkdownText.Escaped(MarkdownText.Collapsed(Said(gallery, "alt") ?? ""));
            var written = images.EnumerateArray().Select(image => Said(image, "src")).Where(source => !string.IsNullOrEmpty(source)).Select(source => $"![{alt}]({MarkdownText.Destination(source!)})");
            var caption = MarkdownText.Escaped(MarkdownText.Collapsed(Said(gallery, "caption") ?? ""));
            return string.Join('\n', written) + (caption.Length == 0 ? "" : "\n\n" + MarkdownText.LineStart(caption));
        }
    }

    static string? Said(JsonElement element, string name) => element.ValueKind is JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    // What Substack says of an element beside its markup; null where it is not readable.
    static JsonDocument? Attributes(IElement element)
    {
        if (element.GetAttribute("data-attrs") is not { Length: > 1 and < 100_000 } attributes || attributes[0] != '{') return null;
        try
        {
            return JsonDocument.Parse(attributes);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    string Content(IElement figure, IElement? caption)
    {
        caption?.Remove();
        return WithCaption(Blocks(figure), caption);
    }

    string WithCaption(string block, IElement? caption)
    {
        var words = caption is null ? "" : Blocks(caption);
        return words.Length == 0 ? block : block.Length == 0 ? words : $"{block}\n\n{words}";
    }

    string Captioned(IElement picture, IElement? caption)
    {
        var words = MarkdownText.Collapsed(caption?.TextContent ?? "");
        var elsewhere = picture.Closest("a[href]") is { } link && Unwrapped(link.GetAttribute("href")) is { } address && !IsOwnPicture(link, address) ? address : null;
        string Shown(string? title) => elsewhere is null ? Picture(picture, title) : Linked(Picture(picture, title), elsewhere);
        if (words.Length == 0) return Shown(null);
        // A title is plain text; a caption that says more by a link stays HTML.
        if (caption!.QuerySelector("a[href]") is null && words.Length <= LongestCaption) return Shown(words);
        var image = $"<img src=\"{Attribute(Source(picture)!)}\" alt=\"{Attribute(picture.GetAttribute("alt") ?? "")}\">";
        return $"<figure>{(elsewhere is null ? image : $"<a href=\"{Attribute(elsewhere)}\">{image}</a>")}<figcaption>{RawChildren(caption)}</figcaption></figure>";
    }

    string Picture(IElement image, string? caption)
    {
        if (Source(image) is not { } source)
        {
            // Shorter ones hold the place of a picture that was to come.
            if (image.GetAttribute("src") is { Length: > 2000 }) notes.Add("a picture that stood in the text itself, without an address, was left out");
            return "";
        }
        var alt = MarkdownText.Escaped(MarkdownText.Collapsed(image.GetAttribute("alt") ?? ""));
        var title = caption ?? image.GetAttribute("title");
        using var json = Attributes(image);
        var sized = PictureSize.Sized(source, image, json is null ? null : Said(json.RootElement, "imageSize"));
        return $"![{alt}]({MarkdownText.Destination(sized)}{MarkdownText.Title(title)})";
    }

    /// <summary>The largest one named: lazy loading hides it, a set offers several, Substack keeps the original beside.</summary>
    static string? Source(IElement image)
    {
        using (var json = Attributes(image))
        {
            if (json is not null && Said(json.RootElement, "src") is { Length: > 0 } original) return original;
        }
        foreach (var name in (string[])["data-orig-file", "data-src", "data-lazy-src", "src"])
            if (image.GetAttribute(name) is { Length: > 0 } source && !source.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return source.Trim();
        return image.GetAttribute("srcset")?.Split(',')[^1].Trim().Split(' ')[0] is { Length: > 0 } set ? set : null;
    }

    // Who loads pictures late keeps the real one beside, for readers without scripts.
    static void ShowLazyPictures(IElement body)
    {
        foreach (var kept in body.QuerySelectorAll("img + noscript"))
            if (kept.PreviousElementSibling is { } late && Source(late) is null && kept.QuerySelector("img[src]")?.GetAttribute("src") is { } source) late.SetAttribute("src", source);
    }

    // The picture that is all a paragraph holds, so that its title becomes a caption only when it was one.
    static IElement? Sole(IElement paragraph) =>
        paragraph.TextContent.Trim().Length == 0 && paragraph.QuerySelectorAll("img") is [var only] && Source(only) is not null && only.Closest("a") is null && paragraph.QuerySelector("iframe, video, audio") is null ? only : null;
}
