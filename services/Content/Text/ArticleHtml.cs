using System.Globalization;
using System.Text;
using AngleSharp.Dom;
using Blog.ServiceDefaults.Text;

namespace Blog.Content.Text;

/// <summary>
/// Writes the HTML of an article from the tree that AngleSharp, a browser's parser, made of it. Nothing is copied: a tag, an attribute or an
/// address appears only because a rule here or in <see cref="HtmlRules"/> writes it, so what is not known is not there.
/// The markup is the prose contract of the site's base.css.
/// </summary>
sealed partial class ArticleHtml(IReadOnlyDictionary<Guid, KnownPicture> pictures, IReadOnlyDictionary<string, LinkCard> cards, IEnumerable<int> levels, RenderBudget budget)
{
    // Markdig stops at 128 levels; tags typed as HTML could go on.
    const int DeepestNesting = 200;

    readonly StringBuilder html = new();
    readonly StringBuilder plain = new();
    readonly List<RenderedHeading> headings = [];
    readonly Anchors anchors = new();
    // The article's title is the page's h1, so the highest level used becomes h2, the next h3: no level is skipped.
    readonly int[] levels = [.. levels];
    int depth;
    int linkDepth;
    int picturesShown;
    int tables;

    public RenderedArticle Write(IElement body)
    {
        Children(body);
        return new RenderedArticle(html.ToString().Trim(), headings, WordCount.Of(plain.ToString()), [.. alone]);
    }

    void Children(INode parent)
    {
        if (++depth > DeepestNesting)
            throw MarkdownRenderer.TooDeep();
        // By the list: asking a node for its next sibling costs as much as there are siblings.
        foreach (var node in parent.ChildNodes)
            Node(node);
        depth--;
    }

    void Node(INode node)
    {
        budget.Spend();
        if (node is IText text)
            Text(text.Data);
        else if (node is IElement element)
            Element(element);
    }

    void Element(IElement element)
    {
        // Foreign content (SVG, MathML) has rules of its own; even a tag with a harmless name is not what it seems there.
        var name = element.LocalName;
        if (element.NamespaceUri != "http://www.w3.org/1999/xhtml" || HtmlRules.Dropped.Contains(name))
            return;
        var renamed = HtmlRules.Renamed.GetValueOrDefault(name, name);
        switch (name)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6": Heading(element); break;
            case "a" when element.ClassList.Contains("footnote-ref"): FootnoteReference(element); break;
            case "a": Link(element); break;
            case "img": Picture(element); break;
            case "pre": Code(element); break;
            case "code" when element.GetAttribute("data-info") is Formulas.Info or Formulas.Display: Formula(element.TextContent, element.GetAttribute("data-info") == Formulas.Display); break;
            case "table": Table(element); break;
            case "p" when Only(element) is { LocalName: "code" } formula && formula.GetAttribute("data-info") == Formulas.Display: SetApart(formula.TextContent); break;
            case "p" when AloneAddress(element) is { } address: Alone(element, address); break;
            case "p" when OnlyPicture(element) is { } picture: Figure(element, picture); break;
            case "p" when OnlyPictures(element) is { Count: > 1 } images: Gallery(element, images); break;
            case "ul" when element.ClassList.Contains("contains-task-list"): TaskList(element); break;
            case "div" when element.ClassList.Contains("footnotes"): Footnotes(element); break;
            case "div" when element.ClassList.Contains("markdown-alert"): Callout(element); break;
            case "th" or "td": Cell(element); break;
            case var _ when HtmlRules.Allowed.ContainsKey(renamed): Allowed(element, renamed); break;
            default: Children(element); break;
        }
    }

    void Allowed(IElement element, string name)
    {
        Block(name);
        html.Append('<').Append(name);
        Attributes(element, name);
        html.Append('>');
        if (HtmlRules.Void.Contains(name))
            return;
        Children(element);
        html.Append("</").Append(name).Append('>');
        Block(name);
    }

    void Attributes(IElement element, string name)
    {
        foreach (var attribute in element.Attributes)
        {
            if (HtmlRules.IsAllowedEverywhere(attribute.Name, attribute.Value) ||
                Array.IndexOf(HtmlRules.Allowed[name], attribute.Name) >= 0 && HtmlRules.IsAllowedValue(attribute.Name, attribute.Value))
                Attribute(attribute.Name, attribute.Value);
        }
        Id(element);
    }

    void Id(IElement element)
    {
        if (element.Id is { Length: > 0 } id && anchors.ForId(id) is { } anchor)
            Attribute("id", anchor);
    }

    void Heading(IElement element)
    {
        var text = Collapsed(element.TextContent);
        if (text.Length == 0)
        {
            // An empty heading would be announced as one; its picture, if it has one, still counts.
            Children(element);
            return;
        }
        var level = Math.Min(6, 2 + Array.IndexOf(levels, element.LocalName[1] - '0'));
        var anchor = (element.Id is { Length: > 0 } id ? anchors.ForId(id) : null) ?? anchors.ForHeading(text);
        headings.Add(new RenderedHeading(level, anchor, text));
        html.Append(CultureInfo.InvariantCulture, $"<h{level}");
        Attribute("id", anchor);
        html.Append('>');
        Children(element);
        html.Append(CultureInfo.InvariantCulture, $"</h{level}>");
        plain.Append('\n');
    }

    void Link(IElement element)
    {
        var address = SafeAddress.ForLink(element.GetAttribute("href"));
        if (address is null && element.Id is not { Length: > 0 } || linkDepth > 0)
        {
            Children(element);
            return;
        }
        html.Append("<a");
        if (address is not null)
        {
            Attribute("href", address.StartsWith('#') ? Fragment(address) : address);
            // Whatever people publish is theirs, not the site's recommendation; and a page opened from here gets no handle on this one.
            if (SafeAddress.IsExternal(address))
                Attribute("rel", "nofollow ugc noopener");
            if (element.ClassList.Contains("footnote-back-ref"))
                Attribute("aria-label", "Back to the text");
        }
        if (element.GetAttribute("title") is { Length: > 0 and <= 400 } title)
            Attribute("title", title);
        Id(element);
        html.Append('>');
        linkDepth++;
        Children(element);
        linkDepth--;
        html.Append("</a>");
    }

    // Ids are written in one form, so links to them must be too: #What-Is_Cargo leads to what-is-cargo.
    static string Fragment(string address)
    {
        var name = Slug.Name(Uri.UnescapeDataString(address[1..]));
        return name.Length == 0 ? "#" : "#" + name;
    }

    void FootnoteReference(IElement element)
    {
        var number = Collapsed(element.TextContent);
        html.Append("<sup><a");
        Attribute("href", Fragment(SafeAddress.ForLink(element.GetAttribute("href")) is ['#', ..] target ? target : "#"));
        Id(element);
        Attribute("aria-label", $"Footnote {number}");
        html.Append('>');
        Encode(number);
        html.Append("</a></sup>");
    }

    void Footnotes(IElement element)
    {
        html.Append("<section class=\"footnotes\" aria-labelledby=\"footnotes\"><h2 id=\"footnotes\">Footnotes</h2>");
        foreach (var child in element.Children)
        {
            if (child.LocalName != "hr")
                Node(child);
        }
        html.Append("</section>");
    }

    void TaskList(IElement list)
    {
        html.Append("<ul class=\"tasks\">");
        foreach (var item in list.Children)
        {
            if (item.LocalName != "li")
                continue;
            html.Append("<li>");
            // A list with blank lines wraps each item in a paragraph.
            var line = item.FirstElementChild is { LocalName: "p" } paragraph ? paragraph : item;
            var box = line.FirstElementChild is { LocalName: "input" } input && input.GetAttribute("type") == "checkbox" ? input : null;
            var nodes = line.ChildNodes.ToArray();
            var inline = box is null ? 0 : Array.FindIndex(nodes, node => node is IElement { LocalName: "ul" or "ol" or "p" or "pre" or "blockquote" or "table" or "div" }) is >= 0 and var at ? at : nodes.Length;
            if (box is not null)
            {
                html.Append(box.HasAttribute("checked") ? "<label><input type=\"checkbox\" checked disabled><span>" : "<label><input type=\"checkbox\" disabled><span>");
                foreach (var node in nodes[..inline])
                    Node(node);
                html.Append("</span></label>");
            }
            foreach (var node in nodes[inline..].Concat(line == item ? [] : item.ChildNodes.SkipWhile(node => node != line).Skip(1)))
                Node(node);
            html.Append("</li>");
            plain.Append('\n');
        }
        html.Append("</ul>");
    }

    void Callout(IElement element)
    {
        var title = element.QuerySelector("p.markdown-alert-title");
        var kind = Collapsed(title?.TextContent ?? "Note");
        // A note, not a landmark: an article may have several of one kind.
        html.Append(kind is "Warning" or "Caution" or "Important" ? "<div class=\"callout callout-warn\" role=\"note\"" : "<div class=\"callout\" role=\"note\"");
        Attribute("aria-label", kind);
        html.Append("><p class=\"callout-kind\">");
        Encode(kind);
        html.Append("</p>");
        foreach (var node in element.ChildNodes)
        {
            if (node != title)
                Node(node);
        }
        html.Append("</div>");
    }

    void Table(IElement table)
    {
        tables++;
        var label = table.Children.FirstOrDefault(child => child.LocalName == "caption") is { } caption ? Collapsed(caption.TextContent)
            : headings.Count > 0 ? $"Table {tables}, {headings[^1].Text}" : $"Table {tables}";
        // Wide tables scroll in a frame of their own, which the keyboard must reach.
        html.Append("<div class=\"table\" role=\"region\"");
        Attribute("aria-label", label);
        html.Append(" tabindex=\"0\">");
        Allowed(table, "table");
        html.Append("</div>");
    }

    void Cell(IElement cell)
    {
        html.Append('<').Append(cell.LocalName);
        Attributes(cell, cell.LocalName);
        if (cell.LocalName == "th")
            Attribute("scope", cell.ParentElement?.ParentElement is { LocalName: "thead" } ? "col" : "row");
        var alignment = cell.GetAttribute("style") ?? cell.GetAttribute("align") ?? "";
        if (alignment.Contains("right", StringComparison.Ordinal))
            Attribute("class", "num");
        else if (alignment.Contains("center", StringComparison.Ordinal))
            Attribute("class", "center");
        html.Append('>');
        Children(cell);
        html.Append("</").Append(cell.LocalName).Append('>');
        plain.Append('\n');
    }

    void Text(string text)
    {
        plain.Append(text);
        Encode(text);
    }

    // Words do not run together across blocks.
    void Block(string name)
    {
        if (name is not ("em" or "strong" or "b" or "i" or "u" or "s" or "del" or "ins" or "sub" or "sup" or "small" or "mark" or "abbr" or "span" or "code" or "kbd"))
            plain.Append('\n');
    }

    void Attribute(string name, string value)
    {
        html.Append(' ').Append(name).Append("=\"");
        Encode(value);
        html.Append('"');
    }

    void Encode(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var special = text.IndexOfAny(Special);
            html.Append(special < 0 ? text : text[..special]);
            if (special < 0)
                return;
            _ = text[special] switch
            {
                '&' => html.Append("&amp;"),
                '<' => html.Append("&lt;"),
                '>' => html.Append("&gt;"),
                '"' => html.Append("&quot;"),
                _ => html,
            };
            text = text[(special + 1)..];
        }
    }

    // NUL and its like never belong in a page, nor in PostgreSQL text.
    static readonly System.Buffers.SearchValues<char> Special =
        System.Buffers.SearchValues.Create([.. "&<>\"", .. Enumerable.Range(0, 32).Select(i => (char)i).Where(c => c is not ('\t' or '\n' or '\r')), '\u007f']);

    static string Collapsed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
