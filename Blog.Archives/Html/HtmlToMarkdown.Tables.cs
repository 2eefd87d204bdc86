using System.Text;
using AngleSharp.Dom;

namespace Blog.Archives.Html;

// Tables: of the pipe kind when that can say it, else as HTML.
sealed partial class HtmlToMarkdown
{
    static readonly HashSet<string> RawTags = ["a", "abbr", "b", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "q", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"];

    string Table(IElement table)
    {
        var rows = table.QuerySelectorAll("tr").Where(row => row.Closest("table") == table).Select(row => row.Children.Where(c => c.LocalName is "td" or "th").ToList()).Where(row => row.Count > 0).ToList();
        if (rows.Count == 0) return Blocks(table);
        var head = rows[0].All(cell => cell.LocalName == "th") || table.QuerySelector("thead tr") is not null;
        var simple = head && rows.All(row => row.Count == rows[0].Count) && rows.SelectMany(row => row).All(cell => !cell.HasAttribute("rowspan") && !cell.HasAttribute("colspan") && cell.QuerySelector("ul, ol, pre, table, blockquote, h1, h2, h3, h4, h5, h6") is null && cell.QuerySelectorAll("p").Length <= 1);
        if (!simple) return Raw(table);
        var result = new StringBuilder();
        for (var at = 0; at < rows.Count; at++)
        {
            result.Append("| ").AppendJoin(" | ", rows[at].Select(Cell)).Append(" |\n");
            if (at == 0) result.Append('|').AppendJoin('|', rows[0].Select(Alignment)).Append("|\n");
        }
        if (table.QuerySelector("caption") is { } caption && MarkdownText.Collapsed(caption.TextContent) is { Length: > 0 } words) result.Append('\n').Append(MarkdownText.Escaped(words)).Append('\n');
        return result.ToString();
    }

    string Cell(IElement cell)
    {
        var line = new StringBuilder();
        foreach (var child in cell.ChildNodes)
        {
            if (child is IElement element && IsBlock(element)) line.Append(' ').Append(Blocks(element).Replace("\\\n", "<br>", StringComparison.Ordinal).Replace('\n', ' ')).Append(' ');
            else Inline(child, line);
        }
        return MarkdownText.Collapsed(line.ToString()).Replace(LineMark.ToString(), "<br>", StringComparison.Ordinal).Replace(ParagraphMark.ToString(), "<br>", StringComparison.Ordinal);
    }

    static string Alignment(IElement cell)
    {
        var style = $"{cell.GetAttribute("style")} {cell.GetAttribute("align")} {cell.ClassName}";
        return style.Contains("right", StringComparison.Ordinal) ? " ---: " : style.Contains("center", StringComparison.Ordinal) ? " :---: " : " --- ";
    }

    /// <summary>HTML without a blank line in it, which would end it; only what articles may have.</summary>
    string Raw(IElement element)
    {
        var result = new StringBuilder();
        Raw(element, result, 0);
        return result.ToString();
    }

    string RawChildren(IElement element)
    {
        var result = new StringBuilder();
        foreach (var child in element.ChildNodes) Raw(child, result, 0);
        return result.ToString().Trim();
    }

    void Raw(INode node, StringBuilder result, int level)
    {
        if (node is IText text)
        {
            result.Append(Encoded(MarkdownText.Collapsed($"\u0001{text.Data}\u0001").Replace("\u0001", "", StringComparison.Ordinal)));
            return;
        }
        if (node is not IElement element || element.LocalName is "script" or "style" or "template") return;
        if (level > Deepest)
        {
            notes.Add(TooDeep);
            result.Append(Encoded(MarkdownText.Collapsed(element.TextContent)));
            return;
        }
        var written = RawTags.Contains(element.LocalName);
        if (written)
        {
            result.Append('<').Append(element.LocalName);
            foreach (var name in (string[])["colspan", "rowspan", "start", "title"])
                if (element.GetAttribute(name) is { Length: > 0 } value) result.Append(' ').Append(name).Append("=\"").Append(Attribute(value)).Append('"');
            if (element.LocalName == "a" && Unwrapped(element.GetAttribute("href")) is { } address) result.Append(" href=\"").Append(Attribute(address)).Append('"');
            if (element.LocalName == "img") result.Append(" src=\"").Append(Attribute(Source(element) ?? "")).Append("\" alt=\"").Append(Attribute(element.GetAttribute("alt") ?? "")).Append('"');
            result.Append('>');
            if (element.LocalName is "tr" or "table" or "thead" or "tbody" or "dl") result.Append('\n');
        }
        foreach (var child in element.ChildNodes)
            if (!(child is IText blank && string.IsNullOrWhiteSpace(blank.Data) && element.LocalName is "tr" or "table" or "thead" or "tbody" or "tfoot" or "dl")) Raw(child, result, level + 1);
        if (written && element.LocalName is not ("br" or "img")) result.Append("</").Append(element.LocalName).Append('>');
        if (written && element.LocalName is "tr" or "td" or "th" or "dt" or "dd" or "thead" or "tbody" or "caption") result.Append('\n');
    }

    static string Attribute(string value) => System.Net.WebUtility.HtmlEncode(MarkdownText.Collapsed(value));
}
