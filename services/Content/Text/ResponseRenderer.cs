using System.Globalization;
using System.Text;
using Blog.ServiceDefaults.Text;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Blog.Content.Text;

/// <summary>A response to an article, made ready to be read.</summary>
/// <param name="Html">Sanitised: only what <see cref="ResponseRenderer"/> itself writes.</param>
/// <param name="Text">Its words alone, in one line.</param>
/// <param name="Handles">The people it names, of those who were known, in order.</param>
public sealed record RenderedResponse(string Html, string Text, IReadOnlyList<string> Handles);

/// <summary>
/// Markdown to the HTML of a response. It is a remark, not an article: paragraphs, emphasis, links, lists, quotes and code. A heading is a strong
/// line, a picture is a link to it, HTML is text. Every tag is written here from the parsed tree, none is copied; there are no ids, so that many
/// responses fit on one page. A line break is a line break, as people expect where they chat.
/// </summary>
public static class ResponseRenderer
{
    const int DeepestNesting = 20;

    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseAutoLinks().UseSoftlineBreakAsHardlineBreak().DisableHtml().Build();

    /// <summary>Renders, or throws <see cref="MarkdownRefusedException"/>.</summary>
    /// <param name="markdown">The text, bounded by the caller.</param>
    /// <param name="handles">Handles that belong to somebody; only these become links. Compared without case.</param>
    public static RenderedResponse Render(string markdown, IReadOnlyCollection<string> handles)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException refused) when (refused.Message.Contains("nested", StringComparison.OrdinalIgnoreCase) || refused.Message.Contains("depth", StringComparison.OrdinalIgnoreCase))
        {
            throw MarkdownRenderer.TooDeep();
        }
        var writer = new Writer(handles.ToHashSet(StringComparer.OrdinalIgnoreCase));
        writer.Blocks(document);
        return new(writer.Html.ToString(), string.Join(' ', writer.Text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), writer.Named);
    }

    sealed class Writer(HashSet<string> handles)
    {
        int depth;
        int linkDepth;

        public StringBuilder Html { get; } = new();
        public StringBuilder Text { get; } = new();
        public List<string> Named { get; } = [];

        public void Blocks(ContainerBlock parent)
        {
            if (++depth > DeepestNesting) throw MarkdownRenderer.TooDeep();
            foreach (var block in parent) Block(block);
            depth--;
        }

        void Block(Block block)
        {
            switch (block)
            {
                case HeadingBlock heading: Wrapped("<p><strong>", heading.Inline, "</strong></p>"); break;
                case ParagraphBlock { Parent: ListItemBlock { Parent: ListBlock { IsLoose: false } } } line: Wrapped("", line.Inline, ""); break;
                case ParagraphBlock paragraph: Wrapped("<p>", paragraph.Inline, "</p>"); break;
                case QuoteBlock quote: Around("<blockquote>", quote, "</blockquote>"); break;
                case ListBlock { IsOrdered: true } list: Around(Start(list) is { } start ? string.Create(CultureInfo.InvariantCulture, $"<ol start=\"{start}\">") : "<ol>", list, "</ol>"); break;
                case ListBlock list: Around("<ul>", list, "</ul>"); break;
                case ListItemBlock item: Around("<li>", item, "</li>"); break;
                case CodeBlock code: Code(code); break;
                case ThematicBreakBlock: Html.Append("<hr>"); break;
                // Definitions of links show nothing themselves.
                case LinkReferenceDefinitionGroup: break;
                case ContainerBlock other: Blocks(other); break;
            }
            Text.Append('\n');
        }

        static int? Start(ListBlock list) =>
            int.TryParse(list.OrderedStart, NumberStyles.None, CultureInfo.InvariantCulture, out var start) && start != 1 ? start : null;

        void Around(string open, ContainerBlock block, string close)
        {
            Html.Append(open);
            Blocks(block);
            Html.Append(close);
        }

        void Wrapped(string open, ContainerInline? inline, string close)
        {
            Html.Append(open);
            if (inline is not null) Inlines(inline);
            Html.Append(close);
        }

        // The keyboard has to reach what scrolls.
        void Code(CodeBlock code)
        {
            var lines = code.Lines.ToString().TrimEnd('\n');
            Html.Append("<pre tabindex=\"0\"><code>");
            Encode(lines);
            Html.Append("</code></pre>");
            Text.Append(lines);
        }

        void Inlines(ContainerInline parent)
        {
            if (++depth > DeepestNesting) throw MarkdownRenderer.TooDeep();
            foreach (var inline in parent) Inline(inline);
            depth--;
        }

        void Inline(Inline inline)
        {
            switch (inline)
            {
                case LiteralInline literal: Words(literal.Content.ToString()); break;
                case CodeInline code:
                    Html.Append("<code>");
                    Encode(code.Content);
                    Html.Append("</code>");
                    Text.Append(code.Content);
                    break;
                case LineBreakInline:
                    Html.Append("<br>");
                    Text.Append('\n');
                    break;
                case HtmlEntityInline entity: Words(entity.Transcoded.ToString()); break;
                case AutolinkInline auto: Link(auto.IsEmail ? "mailto:" + auto.Url : auto.Url, () => Words(auto.Url)); break;
                case LinkInline link: Link(link.GetDynamicUrl?.Invoke() ?? link.Url, () => Inlines(link)); break;
                case EmphasisInline emphasis:
                    var tag = emphasis.DelimiterChar == '~' ? "del" : emphasis.DelimiterCount == 2 ? "strong" : "em";
                    Html.Append('<').Append(tag).Append('>');
                    Inlines(emphasis);
                    Html.Append("</").Append(tag).Append('>');
                    break;
                case ContainerInline other: Inlines(other); break;
            }
        }

        void Link(string? url, Action words)
        {
            var address = linkDepth == 0 ? SafeAddress.ForLink(url) : null;
            if (address is not null)
            {
                Html.Append("<a href=\"");
                Encode(address);
                // Theirs, not the site's recommendation; and a page opened from here gets no handle on this one.
                Html.Append(SafeAddress.IsExternal(address) ? "\" rel=\"nofollow ugc noopener\">" : "\">");
            }
            linkDepth++;
            words();
            linkDepth--;
            if (address is not null) Html.Append("</a>");
        }

        void Words(string words)
        {
            Text.Append(words);
            var at = 0;
            if (linkDepth == 0 && handles.Count > 0)
                foreach (var mention in Mentions.In(words))
                {
                    if (!handles.Contains(mention.Handle)) continue;
                    Encode(words.AsSpan(at, mention.Index - at));
                    Html.Append("<a href=\"/@").Append(mention.Handle).Append("\">");
                    Encode(words.AsSpan(mention.Index, mention.Length));
                    Html.Append("</a>");
                    at = mention.Index + mention.Length;
                    if (!Named.Contains(mention.Handle)) Named.Add(mention.Handle);
                }
            Encode(words.AsSpan(at));
        }

        // Control characters never belong in a page, nor in PostgreSQL text.
        void Encode(ReadOnlySpan<char> text)
        {
            foreach (var c in text)
                _ = c switch
                {
                    '&' => Html.Append("&amp;"),
                    '<' => Html.Append("&lt;"),
                    '>' => Html.Append("&gt;"),
                    '"' => Html.Append("&quot;"),
                    < ' ' and not ('\n' or '\t') or '\u007f' => Html,
                    _ => Html.Append(c),
                };
        }
    }
}
