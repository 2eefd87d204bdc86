using System.Net;
using System.Text;

namespace Blog.Content.Text;

/// <summary>The words of an article without its markup, for services that index them. Blocks become lines.</summary>
public static class PlainText
{
    /// <summary>UTF-16 units; about 35,000 words. What is longer is cut.</summary>
    public const int Longest = 200_000;

    // What takes longer to read is indexed as it was typed.
    static readonly TimeSpan DraftBudget = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The text of HTML that <see cref="ArticleHtml"/> wrote. That is well-formed (attributes quoted, no comments, no scripts), so tags are found without a parser: a
    /// rebuild of an index asks this of every article there is.
    /// </summary>
    public static string OfHtml(string html)
    {
        var text = new StringBuilder(Math.Min(html.Length, Longest));
        var rest = html.AsSpan();
        while (!rest.IsEmpty && text.Length < Longest)
        {
            var open = rest.IndexOf('<');
            Append(text, open < 0 ? rest : rest[..open]);
            if (open < 0)
                break;
            rest = rest[(open + 1)..];
            if (IsBlock(rest))
                Line(text);
            rest = AfterTag(rest);
        }
        return Cut(text);
    }

    /// <summary>The words of Markdown that was not published yet.</summary>
    public static string OfMarkdown(string markdown, CancellationToken cancel)
    {
        try
        {
            return Cut(new StringBuilder(MarkdownRenderer.Words(markdown, new RenderBudget(DraftBudget, cancel))));
        }
        // Its author is told why when it is published.
        catch (MarkdownRefusedException)
        {
            return Cut(new StringBuilder(markdown));
        }
    }

    static void Append(StringBuilder text, ReadOnlySpan<char> words)
    {
        if (words.IsEmpty)
            return;
        if (words.Contains('&'))
            text.Append(WebUtility.HtmlDecode(words.ToString()));
        else
            text.Append(words);
    }

    static void Line(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != '\n')
            text.Append('\n');
    }

    // "p class=…>", "/p>", "br>": what does not stand in a line of prose separates words.
    static bool IsBlock(ReadOnlySpan<char> tag)
    {
        tag = tag.TrimStart('/');
        var end = tag.IndexOfAny(" >/\n");
        return (end < 0 ? tag : tag[..end]) is not ("a" or "abbr" or "b" or "bdi" or "bdo" or "cite" or "code" or "del" or "dfn" or "em" or "i" or "img" or "ins" or "kbd" or "mark" or "q"
            or "rp" or "rt" or "ruby" or "s" or "samp" or "small" or "span" or "strong" or "sub" or "sup" or "time" or "u" or "var" or "wbr");
    }

    static ReadOnlySpan<char> AfterTag(ReadOnlySpan<char> tag)
    {
        while (true)
        {
            var at = tag.IndexOfAny('>', '"');
            if (at < 0)
                return [];
            if (tag[at] == '>')
                return tag[(at + 1)..];
            tag = tag[(at + 1)..];
            var quote = tag.IndexOf('"');
            if (quote < 0)
                return [];
            tag = tag[(quote + 1)..];
        }
    }

    // Not between the halves of a character.
    static string Cut(StringBuilder text)
    {
        if (text.Length > Longest)
            text.Length = char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest;
        return text.ToString().Replace('\0', '\uFFFD').Trim();
    }
}
