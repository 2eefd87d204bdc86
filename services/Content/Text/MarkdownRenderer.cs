using System.Text;
using AngleSharp.Html.Parser;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Mathematics;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Blog.Content.Text;

/// <summary>A heading of a rendered article, for its table of contents.</summary>
/// <param name="Level">2 to 6, as in the HTML.</param>
/// <param name="Anchor">Fragment id.</param>
/// <param name="Text">Plain text.</param>
public sealed record RenderedHeading(int Level, string Anchor, string Text);

/// <summary>A picture that Markdown may show by /media/{id}.</summary>
/// <param name="Id">Media id.</param>
/// <param name="Width">Pixels, as shown (orientation applied).</param>
/// <param name="Height">Pixels, as shown.</param>
/// <param name="IsAnimated">Served as it is, since the image optimiser would stop the animation.</param>
public sealed record KnownPicture(Guid Id, int Width, int Height, bool IsAnimated);

/// <summary>What readers get.</summary>
/// <param name="Html">Sanitised.</param>
/// <param name="Headings">In order.</param>
/// <param name="Words">Of everything a reader reads, code and captions included.</param>
/// <param name="Links">Addresses that are paragraphs of their own and have no card, in the form of <see cref="LinkAddress"/>.</param>
public sealed record RenderedArticle(string Html, IReadOnlyList<RenderedHeading> Headings, WordCount Words, IReadOnlyList<string> Links);

/// <summary>
/// Markdown to the HTML of an article: CommonMark with tables, footnotes, task lists, strikethrough, autolinks, formulas and callouts.
/// HTML in Markdown is allowed as far as <see cref="ArticleHtml"/> allows it: that is where every tag, attribute and address is decided.
/// </summary>
public static class MarkdownRenderer
{
    /// <summary>Bytes of UTF-8.</summary>
    public const int LargestMarkdown = 5 * 1024 * 1024;

    static readonly MarkdownPipeline Pipeline = BuildPipeline();

    static readonly IReadOnlyDictionary<string, LinkCard> NoCards = new Dictionary<string, LinkCard>();

    /// <summary>Renders with every address as a link, or throws <see cref="MarkdownRefusedException"/>.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="pictures">Every stored picture the text may show; see <see cref="PicturesIn"/>.</param>
    /// <param name="budget">The time it may take.</param>
    public static RenderedArticle Render(string markdown, IReadOnlyDictionary<Guid, KnownPicture> pictures, RenderBudget budget) => Render(markdown, pictures, NoCards, budget);

    /// <summary>Renders, or throws <see cref="MarkdownRefusedException"/>.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="pictures">Every stored picture the text may show; see <see cref="PicturesIn"/>.</param>
    /// <param name="cards">What is known of addresses; see <see cref="LinkAddress.CandidatesIn"/>.</param>
    /// <param name="budget">The time it may take.</param>
    public static RenderedArticle Render(string markdown, IReadOnlyDictionary<Guid, KnownPicture> pictures, IReadOnlyDictionary<string, LinkCard> cards, RenderBudget budget)
    {
        if (Encoding.UTF8.GetByteCount(markdown) > LargestMarkdown)
            throw new MarkdownRefusedException(RenderProblem.TooLarge, "The text is larger than 5 MB (5,242,880 bytes).");
        RefuseEndlessDefinitions(markdown);
        var html = ToHtml(markdown, budget);
        var levels = new SortedSet<int>();
        var parser = new HtmlParser(new HtmlParserOptions
        {
            OnCreated = (element, _) =>
            {
                budget.Spend();
                if (element.LocalName is ['h', >= '1' and <= '6'])
                    levels.Add(element.LocalName[1] - '0');
            },
        });
        using var document = parser.ParseDocument(html);
        return new ArticleHtml(pictures, cards, levels, budget).Write(document.Body!);
    }

    /// <summary>The words of Markdown without its markup, or throws <see cref="MarkdownRefusedException"/>.</summary>
    public static string Words(string markdown, RenderBudget budget)
    {
        RefuseEndlessDefinitions(markdown);
        using var words = new StringWriter();
        Write(markdown, budget, new HtmlRenderer(words) { EnableHtmlForBlock = false, EnableHtmlForInline = false, EnableHtmlEscape = false });
        return words.ToString();
    }

    /// <summary>The ids of the stored pictures that a text mentions.</summary>
    public static IReadOnlySet<Guid> PicturesIn(string markdown)
    {
        const string prefix = "/media/";
        var ids = new HashSet<Guid>();
        for (var at = markdown.IndexOf(prefix, StringComparison.Ordinal); at >= 0; at = markdown.IndexOf(prefix, at + 1, StringComparison.Ordinal))
        {
            var start = at + prefix.Length;
            if (start + 36 <= markdown.Length && Guid.TryParseExact(markdown.AsSpan(start, 36), "D", out var id))
                ids.Add(id);
        }
        return ids;
    }

    // Link definitions ("[a]: b") that follow one another cost the parser the square of their number, in one step.
    static void RefuseEndlessDefinitions(string markdown)
    {
        const int most = 5000;
        var definitions = 0;
        foreach (var line in markdown.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
                definitions = 0;
            else if (line.Contains("]:", StringComparison.Ordinal) && ++definitions > most)
                throw new MarkdownRefusedException(RenderProblem.TooSlow, $"The text has more than {most} link definitions in a row. Put blank lines between them.");
        }
    }

    static string ToHtml(string markdown, RenderBudget budget)
    {
        using var html = new StringWriter();
        Write(markdown, budget, new HtmlRenderer(html));
        return html.ToString();
    }

    static void Write(string markdown, RenderBudget budget, HtmlRenderer renderer)
    {
        var context = new MarkdownParserContext();
        context.Properties[typeof(RenderBudget)] = budget;
        try
        {
            var document = Markdown.Parse(markdown, Pipeline, context);
            budget.Check();
            Pipeline.Setup(renderer);
            if (renderer.EnableHtmlForBlock)
            {
                renderer.ObjectRenderers.ReplaceOrAdd<HtmlInlineRenderer>(new TagInProse());
                renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new CodeWithInfo());
                renderer.ObjectRenderers.Insert(0, new Formulas.Renderer());
            }
            renderer.Render(document);
            budget.Check();
        }
        catch (ArgumentException refused) when (refused.Message.Contains("nested", StringComparison.OrdinalIgnoreCase) || refused.Message.Contains("depth", StringComparison.OrdinalIgnoreCase))
        {
            throw TooDeep();
        }
    }

    internal static MarkdownRefusedException TooDeep() =>
        new(RenderProblem.TooDeep, "The text nests quotes, lists, emphasis or tags too deeply to be shown.");

    static MarkdownPipeline BuildPipeline()
    {
        var builder = new MarkdownPipelineBuilder()
            .UsePipeTables().UseFootnotes().UseTaskLists().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseAutoLinks().UseAlertBlocks()
            .UseFormulas();
        builder.InlineParsers.Insert(0, new BudgetInlineParser());
        builder.BlockParsers.Insert(0, new BudgetBlockParser());
        return builder.Build();
    }

    // Both match nothing. They are asked wherever a construct may begin, and that is where time can be told.
    sealed class BudgetInlineParser : InlineParser
    {
        public BudgetInlineParser() => OpeningCharacters = ['[', ']', '!', '<', '`', '*', '_', '~', '|', '&', '\\', 'h', 'w'];

        public override bool Match(InlineProcessor processor, ref Markdig.Helpers.StringSlice slice)
        {
            Budget(processor.Context)?.Spend();
            return false;
        }
    }

    sealed class BudgetBlockParser : BlockParser
    {
        public override BlockState TryOpen(BlockProcessor processor)
        {
            Budget(processor.Context)?.Spend();
            return BlockState.None;
        }
    }

    static RenderBudget? Budget(MarkdownParserContext? context) => context?.Properties.GetValueOrDefault(typeof(RenderBudget)) as RenderBudget;

    // "a Vec<T> of <input> elements" in prose means the words. Only tags an article may have go on as tags.
    sealed class TagInProse : HtmlInlineRenderer
    {
        protected override void Write(HtmlRenderer renderer, HtmlInline inline)
        {
            var tag = inline.Tag.AsSpan().TrimStart("</");
            var end = tag.IndexOfAnyExcept(System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"));
            var name = (end < 0 ? tag : tag[..end]).ToString().ToLowerInvariant();
            if (HtmlRules.IsKnown(name))
                renderer.Write(inline.Tag);
            else if (name.Length > 0)
                renderer.WriteEscape(inline.Tag);
        }
    }

    // Hands the info string of a fence on to ArticleHtml.
    sealed class CodeWithInfo : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            renderer.EnsureLine();
            renderer.Write("<pre><code");
            if (block is MathBlock)
                renderer.Write($" data-info=\"{Formulas.Info}\"");
            else if (block is FencedCodeBlock { Info: { Length: > 0 } info } fence)
            {
                renderer.Write(" data-info=\"");
                renderer.WriteEscape($"{info} {fence.Arguments}");
                renderer.Write('"');
            }
            renderer.Write('>');
            renderer.WriteLeafRawLines(block, writeEndOfLines: true, escape: true);
            renderer.WriteLine("</code></pre>");
        }
    }
}
