using System.Text;
using AngleSharp.Dom;

namespace Blog.Archives.Html;

// What stands in a line.
sealed partial class HtmlToMarkdown
{
    void Inline(INode node, StringBuilder line)
    {
        if (node is IText text)
        {
            line.Append(MarkdownText.Escaped(Lines(text.Data)));
            return;
        }
        if (node is not IElement element) return;
        if (++depth > Deepest)
        {
            line.Append(MarkdownText.Escaped(element.TextContent));
            depth--;
            return;
        }
        switch (element.LocalName)
        {
            case "br": line.Append(LineMark); break;
            case "strong" or "b": Wrapped(element, line, "**", "strong"); break;
            case "em" or "i": Wrapped(element, line, "*", "em"); break;
            case "s" or "del" or "strike": Wrapped(element, line, "~~", "del"); break;
            case "code" or "tt" or "samp": line.Append(MarkdownText.Code(element.TextContent)); break;
            case "sup" when element.QuerySelector("a") is { } link && footnotes.NumberOf(link) is not null: Children(element, line); break;
            case "sub" or "sup" or "u" or "mark" or "kbd" or "small" or "cite" or "q" or "dfn" or "var" or "ins" or "abbr" or "ruby" or "rt" or "rp": Tagged(element, line); break;
            case "img": line.Append(Picture(element, null)); break;
            case "math" or "script" or FormulaTag: Mathematics(element, line); break;
            case "span" when Formula(element) is not null: Mathematics(element, line); break;
            case "span" when Named(element) is { } name: line.Append(MarkdownText.Escaped(name)); break;
            // Said twice: the formula beside it, the button for what the link before it names, advice to the writer.
            case "span" or "a" or "label" when element.ClassList.Any(name => name is "katex-html" or "MathJax_Preview" or "wp-block-file__button" or "hide-text"): break;
            case "a": Link(element, line); break;
            case "input" or "style" or "template" or "svg" or "button" or "select" or "textarea" or "source" or "noscript": break;
            case "wbr": break;
            default: Children(element, line); break;
        }
        depth--;
    }

    void Children(IElement element, StringBuilder line)
    {
        foreach (var child in element.ChildNodes) Inline(child, line);
    }

    string Lines(string text)
    {
        if (!linesMatter) return text;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var result = new StringBuilder();
        for (var at = 0; at < lines.Length; at++)
        {
            if (at > 0) result.Append(string.IsNullOrWhiteSpace(lines[at]) && at < lines.Length - 1 || at > 1 && string.IsNullOrWhiteSpace(lines[at - 1]) ? ParagraphMark : LineMark);
            result.Append(lines[at]);
        }
        return result.ToString();
    }

    /// <summary>Markers only where CommonMark (6.2) reads them as such; a tag where a letter or punctuation stands too near.</summary>
    void Wrapped(IElement element, StringBuilder line, string marker, string tag)
    {
        var inside = new StringBuilder();
        Children(element, inside);
        foreach (var (part, isEnd) in Parts(inside.ToString()))
        {
            var text = part.Trim();
            if (text.Length == 0 || isEnd)
            {
                line.Append(part);
                continue;
            }
            var (before, after) = (part[..part.IndexOf(text, StringComparison.Ordinal)], part[(part.IndexOf(text, StringComparison.Ordinal) + text.Length)..]);
            line.Append(before);
            var last = line.Length > 0 ? line[^1] : ' ';
            var next = after.Length > 0 ? ' ' : Following(element);
            var flanks = (!IsPunctuation(text[0]) || IsSpace(last) || IsPunctuation(last)) && (!IsPunctuation(text[^1]) || IsSpace(next) || IsPunctuation(next)) && last != marker[0] && next != '*' && (text[0] != marker[0] && text[^1] != marker[0] || marker == "**" && IsEmphasis(text));
            line.Append(flanks ? marker : $"<{tag}>").Append(text).Append(flanks ? marker : $"</{tag}>").Append(after);
        }
    }

    // "***both***" is read as meant when nothing else inside is starred.
    static bool IsEmphasis(string text) => text is ['*', not '*', .., '*'] && text.Count(c => c == '*') == 2 && !IsPunctuation(text[1]) && !IsPunctuation(text[^2]);

    // Marks of paragraphs and lines may not stand inside markers.
    static IEnumerable<(string Text, bool IsMark)> Parts(string text)
    {
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not (ParagraphMark or LineMark)) continue;
            if (at > start) yield return (text[start..at], false);
            yield return (text[at].ToString(), true);
            start = at + 1;
        }
        if (start < text.Length) yield return (text[start..], false);
    }

    static char Following(INode node)
    {
        for (INode? at = node; at is not null; at = at.Parent)
        {
            for (var next = at.NextSibling; next is not null; next = next.NextSibling)
            {
                if (next is IElement { LocalName: "br" or "img" }) return ' ';
                if (next is IElement { LocalName: "strong" or "b" or "em" or "i" } styled && styled.TextContent.Length > 0) return '*';
                if (next is IComment || next.TextContent.Length == 0) continue;
                return next.TextContent[0];
            }
            if (at.Parent is not IElement parent || IsBlock(parent)) return ' ';
        }
        return ' ';
    }

    static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is ParagraphMark or LineMark;

    static bool IsPunctuation(char c) => char.IsPunctuation(c) || char.IsSymbol(c);

    void Tagged(IElement element, StringBuilder line)
    {
        var title = element.LocalName == "abbr" && element.GetAttribute("title") is { Length: > 0 } given ? $" title=\"{System.Net.WebUtility.HtmlEncode(given)}\"" : "";
        line.Append('<').Append(element.LocalName).Append(title).Append('>');
        Children(element, line);
        line.Append("</").Append(element.LocalName).Append('>');
    }

    void Link(IElement element, StringBuilder line)
    {
        if (footnotes.IsReturn(element)) return;
        if (footnotes.NumberOf(element) is { } number)
        {
            line.Append("[^").Append(number).Append(']');
            return;
        }
        var inside = new StringBuilder();
        Children(element, inside);
        var text = inside.Replace(ParagraphMark, ' ').Replace(LineMark, ' ').ToString();
        var address = Unwrapped(element.GetAttribute("href"));
        var words = text.Trim();
        if (address is null || words.Length == 0 || IsOwnPicture(element, address))
        {
            line.Append(text);
            return;
        }
        var before = text[..text.IndexOf(words, StringComparison.Ordinal)];
        line.Append(before).Append('[').Append(MarkdownText.Collapsed(words)).Append("](").Append(MarkdownText.Destination(address)).Append(MarkdownText.Title(element.GetAttribute("title"))).Append(')')
            .Append(text.AsSpan(before.Length + words.Length));
    }

    // A picture that leads to itself in another size is just the picture.
    static bool IsOwnPicture(IElement link, string address) =>
        link.QuerySelector("img") is { } picture && MarkdownText.Collapsed(link.TextContent).Length == 0
        && (address == Source(picture) || link.GetAttribute("rel")?.Contains("attachment", StringComparison.Ordinal) == true || address.StartsWith("https://substackcdn.com/image/", StringComparison.Ordinal) || Path.GetExtension(address.Split('?', '#')[0]).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".gif" or ".webp" or ".avif");

    /// <summary>The address itself where Medium counts clicks in between; null for what is none to follow.</summary>
    static string? Unwrapped(string? href)
    {
        href = href?.Trim();
        if (string.IsNullOrEmpty(href) || href == "#" || href.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || href.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return null;
        const string counter = "https://medium.com/r/?url=";
        return href.StartsWith(counter, StringComparison.Ordinal) ? Uri.UnescapeDataString(href[counter.Length..].Split('&')[0]) : href;
    }
}
