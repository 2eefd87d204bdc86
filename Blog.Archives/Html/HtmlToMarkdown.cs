using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Blog.Archives.Html;

/// <summary>
/// HTML of an article to Markdown: headings, lists, tables, code with its language, figures with captions, embeds as addresses, footnotes. What Markdown cannot say
/// stays HTML as far as articles may have it; nothing that is text is lost. Own code because no package on the feed does it.
/// </summary>
public sealed partial class HtmlToMarkdown
{
    /// <summary>Tag of our own making whose text is Markdown already.</summary>
    internal const string MarkdownTag = "x-markdown";

    const int Deepest = 100;
    const string TooDeep = "what was nested too deeply was kept as plain text";
    const char ParagraphMark = '\u2029', LineMark = '\u2028';

    readonly Footnotes footnotes;
    readonly List<string> notes = [];
    readonly SortedDictionary<int, string> written = [];
    int depth;
    bool linesMatter;

    HtmlToMarkdown(HtmlReading reading, IElement body) => (linesMatter, footnotes) = (reading.LinesMatter, new Footnotes(body));

    /// <summary>Converts the HTML of an article (not of a page around it).</summary>
    public static ConvertedHtml Convert(string html, HtmlReading? reading = null)
    {
        if (Nesting.IsTooDeep(html)) return new ConvertedHtml(MarkdownText.LineStart(MarkdownText.Escaped(MarkdownText.Collapsed(Nesting.Words(html)))) + "\n", [TooDeep]);
        using var document = new HtmlParser().ParseDocument("<!DOCTYPE html><body>" + html);
        return Convert(document.Body!, reading);
    }

    /// <summary>Converts what an element holds.</summary>
    public static ConvertedHtml Convert(IElement body, HtmlReading? reading = null)
    {
        ShowLazyPictures(body);
        var converter = new HtmlToMarkdown(reading ?? new HtmlReading(), body);
        var text = converter.Blocks(body);
        foreach (var (number, note) in converter.written)
            text += $"\n\n[^{number.ToString(CultureInfo.InvariantCulture)}]: {Indented(note, "    ")}";
        return new ConvertedHtml(text.Trim('\n') is { Length: > 0 } some ? some + "\n" : "", [.. converter.notes.Distinct()]);
    }

    string Blocks(INode parent)
    {
        if (++depth > Deepest)
        {
            depth--;
            notes.Add(TooDeep);
            return MarkdownText.Escaped(MarkdownText.Collapsed(parent.TextContent));
        }
        var blocks = new List<string>();
        var line = new StringBuilder();
        foreach (var child in parent.ChildNodes)
        {
            if (child is IElement element && IsBlock(element))
            {
                Flush(line, blocks);
                Add(blocks, Block(element));
            }
            else
            {
                Inline(child, line);
            }
        }
        Flush(line, blocks);
        depth--;
        return string.Join("\n\n", blocks);
    }

    static void Add(List<string> blocks, string block)
    {
        if (block.Trim('\n').Length == 0) return;
        // Two lists in a row would be one.
        if (blocks.Count > 0 && IsList(block) && IsList(blocks[^1])) blocks.Add("<!-- -->");
        blocks.Add(block.Trim('\n'));
    }

    static bool IsList(string block) => block.StartsWith("- ", StringComparison.Ordinal) || block.Length > 1 && char.IsAsciiDigit(block[0]) && block.AsSpan().TrimStart("0123456789").StartsWith(". ");

    void Flush(StringBuilder line, List<string> blocks)
    {
        foreach (var paragraph in line.ToString().Split(ParagraphMark))
            Add(blocks, Paragraph(paragraph));
        line.Clear();
    }

    static string Paragraph(string text)
    {
        var lines = text.Split(LineMark).Select(MarkdownText.Collapsed).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        while (lines.Count > 0 && lines[0].Length == 0) lines.RemoveAt(0);
        if (lines.All(string.IsNullOrWhiteSpace)) return "";
        return string.Join("\\\n", lines.Select(MarkdownText.LineStart));
    }

    string Block(IElement element)
    {
        if (footnotes.Notes.TryGetValue(element, out var number))
        {
            written[number] = Blocks(element);
            return "";
        }
        switch (element.LocalName)
        {
            case MarkdownTag: return element.TextContent.Trim('\n');
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6": return Heading(element);
            case "ul" when element.ClassList.Any(name => name is "wp-block-gallery" or "blocks-gallery-grid"): return Figure(element);
            case "ul" or "ol" or "menu" or "dir": return List(element);
            case "pre" when element.ClassList.Contains("wp-block-verse"): return Verse(element);
            case "pre": return Code(element);
            case "blockquote": return Quote(element);
            case "table": return Table(element);
            case "figure": return Figure(element);
            case "hr": return "---";
            case "dl": return Raw(element);
            case "details": return Details(element);
            case "object" when element.ClassList.Contains("wp-block-file__embed"): return "";
            case "script" or "iframe" or "object" or "embed" or "video" or "audio": return Embedded(element);
            case "style" or "template" or "form" or "noscript" or "svg" or "math" or "button" or "select" or "input" or "link" or "meta" or "head" or "title": return "";
            case "p" or "div" when IsAsking(element): return "";
            case "p": return Sole(element) is { } picture ? Picture(picture, null) : Blocks(element);
            case "a" when IsCard(element) || Embeds.Address(element) is not null: return Embedded(element);
            case "a": return LinkedBlock(element);
            case "div" when Ignored(element): return "";
            case "div" when Formula(element) is { } formula: return MarkdownText.DisplayedFormula(formula.Tex);
            case "div" when element.ClassList.Any(name => name is "pullquote" or "callout-block"): return Quote(element);
            case "div" when Download(element) is { } download: return download;
            case "div" when Background(element) is { } background: return $"{background}\n\n{Blocks(element)}";
            case "div" when DescribedGallery(element) is { } gallery: return gallery;
            case "div" when Row(element) is { } row: return row;
            case "div" when Embeds.Address(element) is not null: return Embedded(element);
            case "div" when IsBookmark(element): return Embedded(element);
            default: return Drawn(element);
        }
    }

    string Heading(IElement element)
    {
        var line = new StringBuilder();
        foreach (var child in element.ChildNodes) Inline(child, line);
        var text = MarkdownText.Collapsed(line.Replace(LineMark, ' ').Replace(ParagraphMark, ' ').ToString());
        // A heading that ends in # would lose it.
        if (text.EndsWith('#')) text = text[..^1] + "\\#";
        return text.Length == 0 ? "" : $"{new string('#', element.LocalName[1] - '0')} {text}";
    }

    string Quote(IElement element)
    {
        var text = Blocks(element);
        return text.Length == 0 ? "" : "> " + Indented(text, "> ").Replace("\n> \n", "\n>\n", StringComparison.Ordinal);
    }

    string List(IElement list)
    {
        var ordered = list.LocalName == "ol";
        var number = int.TryParse(list.GetAttribute("start"), NumberStyles.None, CultureInfo.InvariantCulture, out var start) && start < 100_000_000 ? start : 1;
        var items = new List<string>();
        var loose = false;
        foreach (var child in list.Children)
        {
            // A list inside a list, without an item around it, belongs to the item before.
            var text = Block(child).Trim('\n');
            if (text.Length == 0 && child.TextContent.Trim().Length == 0 && child.QuerySelector("img, input") is null) continue;
            if (footnotes.Notes.ContainsKey(child)) continue;
            var marker = ordered ? string.Create(CultureInfo.InvariantCulture, $"{number++}. ") : "- ";
            if (child.LocalName is "ul" or "ol" && items.Count > 0)
            {
                items[^1] += "\n" + new string(' ', marker.Length) + Indented(text, new string(' ', marker.Length));
                continue;
            }
            loose |= text.Contains("\n\n", StringComparison.Ordinal) && child.Children.Count(c => c.LocalName is "p" or "pre" or "blockquote" or "figure") > 1;
            if (!loose) text = text.Replace("\n\n- ", "\n- ", StringComparison.Ordinal).Replace("\n\n1. ", "\n1. ", StringComparison.Ordinal);
            items.Add(marker + Task(child) + Indented(text, new string(' ', marker.Length)));
        }
        return string.Join(loose ? "\n\n" : "\n", items);
    }

    static string Task(IElement item) => item.QuerySelector("input[type=checkbox]") is { } box && box.Closest("li") == item ? box.HasAttribute("checked") ? "[x] " : "[ ] " : "";

    static string Code(IElement pre)
    {
        var text = new StringBuilder();
        CodeText(pre, text);
        return MarkdownText.Fenced(text.ToString(), Language(pre));
    }

    static void CodeText(INode node, StringBuilder text)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText words) text.Append(words.Data);
            else if (child is IElement { LocalName: "br" }) text.Append('\n');
            else if (child is IElement { LocalName: not ("style" or "script" or "button") } element) CodeText(element, text);
        }
    }

    static string Language(IElement pre)
    {
        foreach (var element in new[] { pre, pre.QuerySelector("code"), pre.ParentElement }.OfType<IElement>())
        {
            foreach (var named in (string?[])[element.GetAttribute("data-code-block-lang"), element.GetAttribute("data-lang"), element.GetAttribute("data-language"), element.LocalName is "pre" or "code" ? element.GetAttribute("lang") : null])
                if (IsLanguage(named)) return named!.ToLowerInvariant();
            var classes = element.ClassName ?? "";
            var at = classes.IndexOf("brush:", StringComparison.Ordinal);
            if (at >= 0 && classes[(at + 6)..].Split(' ', ';').FirstOrDefault(IsLanguage) is { } brush) return brush;
            foreach (var prefix in (string[])["language-", "lang-", "highlight-source-"])
                if (element.ClassList.FirstOrDefault(c => c.StartsWith(prefix, StringComparison.Ordinal)) is { } named && IsLanguage(named[prefix.Length..])) return named[prefix.Length..].ToLowerInvariant();
        }
        return "";
    }

    static bool IsLanguage(string? name) => name is { Length: > 0 and <= 30 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '#' or '-' or '.' or '_') && name is not ("none" or "auto" or "plain");

    string Details(IElement element)
    {
        var summary = element.QuerySelector("summary");
        var heading = MarkdownText.Collapsed(summary?.TextContent ?? "");
        summary?.Remove();
        return $"<details>\n<summary>{Encoded(heading)}</summary>\n\n{Blocks(element)}\n\n</details>";
    }

    string Embedded(IElement element)
    {
        if (element.LocalName is "video" or "audio" && element.Closest("figure") is null && Embeds.Address(element) is null) return Blocks(element);
        if (IsBookmark(element) || IsCard(element))
        {
            var link = element.LocalName == "a" ? element : element.QuerySelector("a[href]");
            var title = element.QuerySelector(".kg-bookmark-title, .embedded-post-title, .markup--mixtapeEmbed-strong, strong")?.TextContent ?? link?.TextContent ?? "";
            var address = Unwrapped(link?.GetAttribute("href"));
            if (address is not null) return $"[{MarkdownText.Escaped(MarkdownText.Collapsed(title) is { Length: > 0 } some ? some : address)}]({MarkdownText.Destination(address)})";
        }
        if (Embeds.Address(element) is { } shown) return shown;
        if (element.LocalName is "script") return "";
        notes.Add("something embedded without an address was left out");
        return "";
    }

    static bool IsBookmark(IElement element) => element.ClassList.Any(c => c is "graf--mixtapeEmbed" or "kg-bookmark-card" or "wp-block-bookmark");

    static bool IsCard(IElement element) => element.LocalName == "a" && element.ClassList.Contains("kg-bookmark-container");

    // Asks to subscribe or share, which are the other site's, not the text's.
    static bool Ignored(IElement element) => element.ClassList.Any(c => c is "subscription-widget-wrap" or "subscription-widget-wrap-editor" or "sharedaddy" or "jp-relatedposts" or "kg-signup-card" or "paywall-jump" or "install-substack-app-embed" or "kg-video-overlay" or "kg-video-player-container" or "kg-audio-player");

    static string Indented(string text, string indent) => text.Replace("\n", "\n" + indent, StringComparison.Ordinal).Replace("\n" + indent + "\n", indent.Trim().Length == 0 ? "\n\n" : "\n" + indent + "\n", StringComparison.Ordinal);

    static bool IsBlock(IElement element) => element.LocalName switch
    {
        "p" or "div" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "ul" or "ol" or "menu" or "dir" or "li" or "pre" or "blockquote" or "table" or "figure" or "hr" or "dl" or "dt" or "dd" or "details"
            or "section" or "article" or "header" or "footer" or "main" or "aside" or "nav" or "address" or "center" or "fieldset" or "form" or "figcaption" or "iframe" or "object" or "embed" or "video" or "audio"
            or "style" or "template" or "noscript" or "tr" or "td" or "th" or "tbody" or "thead" or MarkdownTag => true,
        "script" => Formula(element) is null,
        "a" when Embeds.Address(element) is not null => true,
        "a" or "span" or "b" or "i" or "strong" or "em" or "font" or "picture" or "ins" or "del" or "label" => IsCard(element) || element.Children.Any(IsBlock),
        _ => false,
    };

    static string Encoded(string text) => System.Net.WebUtility.HtmlEncode(text).Replace("&#39;", "'", StringComparison.Ordinal).Replace("&quot;", "\"", StringComparison.Ordinal);
}
