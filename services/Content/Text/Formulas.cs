using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Blog.Content.Text;

/// <summary>
/// Formulas in TeX: $…$ and $$…$$ in a line, $$ alone on a line before and after several. They are handed on as they were typed; the site draws them. The rich editor reads them by the
/// same rules (web/site/lib/editor/formulas.ts).
/// </summary>
static class Formulas
{
    /// <summary>What a fence is called that holds a formula, and how <see cref="ArticleHtml"/> learns of one in a line.</summary>
    public const string Info = "math";

    /// <summary>The same, set apart.</summary>
    public const string Display = "math display";

    public static MarkdownPipelineBuilder UseFormulas(this MarkdownPipelineBuilder builder)
    {
        builder.InlineParsers.Insert(0, new InLine());
        // "$$$ a night" begins nothing that swallows the rest of a story.
        builder.BlockParsers.Insert(0, new MathBlockParser { InfoParser = (_, ref line, _, _) => line.Text.AsSpan(line.Start, line.Length).IsWhiteSpace() });
        return builder;
    }

    // Prices are no formulas: the first sign stands before something other than a blank, the last behind such, and neither touches a word on its other side.
    sealed class InLine : InlineParser
    {
        public InLine() => OpeningCharacters = ['$'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            if (slice.PeekCharExtra(-1) is var before && (before == '$' || char.IsLetterOrDigit(before)))
                return false;
            var rest = slice.Text.AsSpan(slice.Start, slice.Length);
            var signs = Signs(rest);
            if (signs > 2 || End(rest, signs) is not { } end)
                return false;
            var start = processor.GetSourcePosition(slice.Start, out var line, out var column);
            var content = slice;
            content.Start += signs;
            content.End = slice.Start + end - 1;
            processor.Inline = new MathInline { Delimiter = '$', DelimiterCount = signs, Content = content, Line = line, Column = column, Span = new(start, start + end + signs - 1) };
            slice.Start += end + signs;
            return true;
        }

        static int Signs(ReadOnlySpan<char> text) => text.IndexOfAnyExcept('$') is >= 0 and var count ? count : text.Length;

        // Where the signs stand that end it.
        static int? End(ReadOnlySpan<char> text, int signs)
        {
            if (signs == text.Length || IsBlank(text[signs]))
                return null;
            for (var at = signs; at < text.Length && text[at] is not ('\n' or '\r'); at++)
            {
                if (text[at] == '$')
                    return Signs(text[at..]) == signs && !IsBlank(text[at - 1]) && (at + signs == text.Length || !char.IsLetterOrDigit(text[at + signs])) ? at : null;
                if (text[at] == '\\' && ++at < text.Length && text[at] is '\n' or '\r')
                    return null;
            }
            return null;
        }

        static bool IsBlank(char c) => c is ' ' or '\t';
    }

    /// <summary>Writes a formula of a line as <see cref="ArticleHtml"/> takes it.</summary>
    public sealed class Renderer : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline formula)
        {
            renderer.Write("<code data-info=\"").Write(formula.DelimiterCount == 2 ? Display : Info).Write("\">");
            renderer.WriteEscape(formula.Content);
            renderer.Write("</code>");
        }
    }
}
