using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Blog.Archives.Html;

// What other sites draw from a description: formulas, names, files, buttons, covers, links around whole blocks.
sealed partial class HtmlToMarkdown
{
    /// <summary>Tag of our own making whose text is TeX.</summary>
    internal const string FormulaTag = "x-formula";

    /// <summary>TeX behind an element, and whether it stands by itself; null: it is no formula. Substack keeps it in an attribute, MathML in an annotation, MathJax in a script.</summary>
    static (string Tex, bool IsDisplayed)? Formula(IElement element)
    {
        switch (element.LocalName)
        {
            case FormulaTag: return (element.TextContent, false);
            case "script" when element.GetAttribute("type") is { } type && type.StartsWith("math/tex", StringComparison.OrdinalIgnoreCase): return (element.TextContent, type.Contains("display", StringComparison.OrdinalIgnoreCase));
            case "math" when (element.QuerySelector("annotation[encoding*='tex' i]")?.TextContent ?? element.GetAttribute("alttext")) is { } tex: return (tex, element.GetAttribute("display") == "block");
            case "div" or "span" when element.ClassList.Contains("latex-rendered") && Attributes(element) is { } json:
                using (json) return Said(json.RootElement, "persistentExpression") is { Length: > 0 } kept ? (kept, element.LocalName == "div") : null;
            default: return null;
        }
    }

    void Mathematics(IElement element, System.Text.StringBuilder line)
    {
        if (Formula(element) is { } formula)
        {
            line.Append(MarkdownText.Formula(formula.Tex, formula.IsDisplayed));
        }
        else if (element.LocalName == "math" && element.TextContent.Trim().Length > 0)
        {
            notes.Add("a formula without its TeX was kept as plain text");
            line.Append(MarkdownText.Escaped(element.TextContent));
        }
    }

    /// <summary>Whom or what Substack names in a line by an attribute alone.</summary>
    static string? Named(IElement element)
    {
        if (!element.ClassList.Any(name => name is "mention-wrap" or "cashtag-wrap") || element.TextContent.Trim().Length > 0 || Attributes(element) is not { } json) return null;
        using (json) return Said(json.RootElement, "name") ?? Said(json.RootElement, "symbol");
    }

    /// <summary>Buttons that subscribe to, share or comment on what is the other site's.</summary>
    static bool IsAsking(IElement element)
    {
        if (!element.ClassList.Contains("button-wrapper") || (element.QuerySelector("a[href]")?.GetAttribute("href") ?? Asked(element)) is not { } address) return false;
        var path = address.Split('?')[0].TrimEnd('/');
        return address.Contains("%%", StringComparison.Ordinal) || address.Contains("action=share", StringComparison.Ordinal) || path.EndsWith("/subscribe", StringComparison.Ordinal) || path.EndsWith("/comments", StringComparison.Ordinal);
    }

    static string? Asked(IElement element)
    {
        using var json = Attributes(element);
        return json is null ? null : Said(json.RootElement, "url");
    }

    /// <summary>A file to download, by its name.</summary>
    static string? Download(IElement element)
    {
        if (!element.ClassList.Any(name => name is "file-embed-wrapper" or "kg-file-card") || Unwrapped(element.QuerySelector("a[href]")?.GetAttribute("href")) is not { } address) return null;
        string Words(string selector) => MarkdownText.Collapsed(element.QuerySelector(selector)?.TextContent ?? "");
        var title = Words(".file-embed-details-h1, .kg-file-card-title");
        var caption = Words(".kg-file-card-caption");
        return Linked(MarkdownText.Escaped(title.Length > 0 ? title : address), address) + (caption.Length > 0 ? $"\n\n{MarkdownText.LineStart(MarkdownText.Escaped(caption))}" : "");
    }

    /// <summary>The picture behind a WordPress cover, when it is a style.</summary>
    static string? Background(IElement element) =>
        element.ClassList.Contains("wp-block-cover") && BackgroundImage().Match(element.GetAttribute("style") ?? "") is { Success: true } found ? $"![]({MarkdownText.Destination(found.Groups["address"].Value)})" : null;

    /// <summary>Lines of verse break where they broke.</summary>
    string Verse(IElement element)
    {
        var before = linesMatter;
        linesMatter = true;
        var text = Blocks(element);
        linesMatter = before;
        return text;
    }

    /// <summary>A link around blocks: around its words when they are one paragraph, else below.</summary>
    string LinkedBlock(IElement link)
    {
        var text = Blocks(link);
        if (Unwrapped(link.GetAttribute("href")) is not { } address || text.Length == 0 || IsOwnPicture(link, address)) return text;
        var isPlain = !text.Contains('\n', StringComparison.Ordinal) && text[0] is not ('#' or '-' or '>' or '|' or '<' or '`') && !IsList(text);
        var isPicture = text.StartsWith("![", StringComparison.Ordinal);
        if (isPlain && (isPicture ? text.IndexOf("](", StringComparison.Ordinal) == text.LastIndexOf("](", StringComparison.Ordinal) : !text.Contains("](", StringComparison.Ordinal))) return Linked(text, address);
        return text.Contains($"]({MarkdownText.Destination(address)}", StringComparison.Ordinal) ? text : $"{text}\n\n{Linked(MarkdownText.Escaped(address), address)}";
    }

    /// <summary>What holds no text because a script would have drawn it is said, not passed over.</summary>
    string Drawn(IElement element)
    {
        var text = Blocks(element);
        if (text.Length == 0 && element.GetAttribute("data-component-name") is { Length: > 0 and < 60 } name) notes.Add($"something that only its site can draw ({name}) was left out");
        return text;
    }

    static string Linked(string text, string address) => $"[{text}]({MarkdownText.Destination(address)})";

    [GeneratedRegex("""background-image:\s*url\(\s*["']?(?<address>[^"')]+)["']?\s*\)""", RegexOptions.None, 1000)]
    private static partial Regex BackgroundImage();
}
