using System.Collections.Frozen;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Blog.Anchoring;

/// <summary>
/// The text that highlights point into: what a reader reads of an article's published HTML, the same here and in the browser
/// (web/site/lib/highlights/text.ts; tests/vectors/highlights/text.json checks both).
/// <list type="number">
/// <item>The data of all text nodes in document order, except inside <c>button</c> (the page adds some), inside formulas (the page draws
/// them) and inside links with an <c>aria-label</c> (footnote marks and their way back: their numbers change when a note is added).</item>
/// <item>A run of white space (what JavaScript's <c>\s</c> matches) is one space. It is one line feed when a block begins or ends in it (every element
/// but those of <see cref="Inline"/>), or when it holds a line break inside <c>pre</c>.</item>
/// <item>None at the beginning and the end. Nothing else is changed: no case folding, no Unicode normalisation.</item>
/// </list>
/// Positions that leave this service count code points, as the Web Annotation Data Model §4.2.5 asks; inside they count UTF-16 units.
/// </summary>
public static class ArticleText
{
    static readonly HtmlParser Parser = new();

    /// <summary>Elements that do not separate words.</summary>
    public static readonly FrozenSet<string> Inline = new[]
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "img", "input", "ins", "kbd", "label", "mark", "meter", "progress", "q", "rp", "rt", "ruby",
        "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
    }.ToFrozenSet();

    /// <summary>The text of an article's HTML.</summary>
    public static string Of(string html)
    {
        using var document = Parser.ParseDocument(html);
        var writer = new Writer();
        writer.Children(document.Body!, isPre: false);
        return writer.ToString();
    }

    /// <summary>What JavaScript's <c>\s</c> matches (ECMA-262 §22.2.2.9, WhiteSpace and LineTerminator).</summary>
    public static bool IsSpace(char c) => c is (>= '\t' and <= '\r') or ' ' or '\u00a0' or '\u1680' or (>= '\u2000' and <= '\u200a') or '\u2028' or '\u2029' or '\u202f' or '\u205f' or '\u3000' or '\ufeff';

    /// <summary>How many code points there are before a position in UTF-16 units.</summary>
    public static int ToCodePoints(string text, int units)
    {
        var points = units;
        for (var i = 1; i < units; i++)
            if (char.IsSurrogatePair(text[i - 1], text[i]))
                points--;
        return points;
    }

    /// <summary>The position in UTF-16 units after so many code points; the end when there are fewer.</summary>
    public static int ToUnits(string text, int codePoints)
    {
        var at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--)
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        return at;
    }

    sealed class Writer
    {
        readonly StringBuilder text = new();
        char? pending;

        public override string ToString() => text.ToString();

        public void Children(INode parent, bool isPre)
        {
            foreach (var node in parent.ChildNodes)
            {
                if (node is IText { Data: var data })
                    Add(data, isPre);
                else if (node is IElement element && element.LocalName is not ("button" or "math") && !(element.LocalName == "code" && element.ClassList.Contains("math")) && !(element.LocalName == "figure" && element.ClassList.Contains("diagram")) && !(element.LocalName == "a" && element.HasAttribute("aria-label")))
                    Element(element, isPre);
            }
        }

        void Element(IElement element, bool isPre)
        {
            var isBlock = !Inline.Contains(element.LocalName);
            if (isBlock)
                pending = '\n';
            Children(element, isPre || element.LocalName == "pre");
            if (isBlock)
                pending = '\n';
        }

        void Add(string data, bool isPre)
        {
            foreach (var c in data)
            {
                if (IsSpace(c))
                {
                    if (isPre && c is '\n' or '\r')
                        pending = '\n';
                    else
                        pending ??= ' ';
                    continue;
                }
                if (pending is { } space && text.Length > 0)
                    text.Append(space);
                pending = null;
                text.Append(c);
            }
        }
    }
}
